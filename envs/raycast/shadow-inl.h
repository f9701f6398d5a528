// Which of many places a light reaches. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_SHADOW_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_SHADOW_INL_H_
#undef SACCADE_ENVS_RAYCAST_SHADOW_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_SHADOW_INL_H_
#endif

#include <array>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "envs/raycast/lighting-inl.h"
#include "envs/raycast/raster-inl.h"
#include "envs/raycast/shadow_map.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Which of the lanes `asked` are in shadow.
HWY_INLINE std::uint32_t ShadedLanes(const ShadowMap& shadow, const Vector3<FloatV>& place,
                                     std::uint32_t asked) {
  const Floats d;
  const FloatV zero = hn::Zero(d);
  const Vector3<FloatV> origin = Broadcast(d, shadow.origin());
  const Vector3<FloatV> from_light = {hn::Sub(place[0], origin[0]), hn::Sub(place[1], origin[1]),
                                      hn::Sub(place[2], origin[2])};
  const FloatV depth = Dot(Broadcast(d, shadow.axis(2)), from_light);
  const FloatV width = hn::Set(d, shadow.half_width());
  const FloatV scale =
      hn::Div(hn::Set(d, 1.0F), shadow.directional() ? width : hn::Mul(width, depth));
  auto may_be = shadow.directional() ? hn::Eq(zero, zero) : hn::Gt(depth, zero);
  const FloatV size = hn::Set(d, shadow.size());
  std::array<FloatV, 2> map;
  std::array<FloatV, 2> middle;
  for (std::size_t k = 0; k < 2; ++k) {
    map[k] = hn::Mul(Dot(Broadcast(d, shadow.axis(k)), from_light), scale);
    const FloatV one = hn::Set(d, 1.0F);
    const FloatV half = hn::Set(d, 0.5F);
    const FloatV texel = hn::Floor(hn::Mul(hn::Mul(hn::Add(map[k], one), half), size));
    may_be = hn::And(may_be, hn::And(hn::Ge(texel, one), hn::Lt(texel, hn::Sub(size, one))));
    const FloatV across = hn::Mul(hn::Sub(texel, half), hn::Set(d, 2 / (shadow.size() - 2)));
    middle[k] = hn::Mul(width, hn::Sub(across, one));
  }
  std::uint32_t open = asked & BitsOf(may_be);
  if (open == 0) return 0;

  const FloatV depth_asked = hn::Min(depth, hn::Set(d, shadow.far()));
  alignas(64) std::array<float, kLanes> x;
  alignas(64) std::array<float, kLanes> y;
  alignas(64) std::array<float, kLanes> z;
  hn::Store(middle[0], d, x.data());
  hn::Store(middle[1], d, y.data());
  hn::Store(depth_asked, d, z.data());
  // Casters that reach into the rectangle around all.
  const auto least = [&](FloatV v) {
    return hn::MinOfLanes(d, hn::IfThenElse(may_be, v, hn::Set(d, ShadowMap::kEverywhere)));
  };
  const auto most = [&](FloatV v) {
    return hn::MaxOfLanes(d, hn::IfThenElse(may_be, v, hn::Set(d, -ShadowMap::kEverywhere)));
  };
  const FloatV left = least(map[0]);
  const FloatV right = most(map[0]);
  const FloatV lower = least(map[1]);
  const FloatV upper = most(map[1]);
  const FloatV farthest = most(depth_asked);
  std::uint32_t shaded = 0;
  for (std::size_t first = 0; first < shadow.caster_count() && open != 0; first += kLanes) {
    const auto bound = [&](ShadowMap::Bound b) { return hn::LoadU(d, shadow.bounds(b) + first); };
    std::uint32_t casters =
        BitsOf(hn::And(hn::And(hn::And(hn::Le(bound(ShadowMap::kLeft), right),
                                       hn::Ge(bound(ShadowMap::kRight), left)),
                               hn::And(hn::Le(bound(ShadowMap::kLower), upper),
                                       hn::Ge(bound(ShadowMap::kUpper), lower))),
                       hn::Lt(bound(ShadowMap::kNearest), farthest)));
    while (casters != 0 && open != 0) {
      const std::size_t caster = first + Pop(&casters);
      const auto limit = [&](ShadowMap::Bound b) { return hn::Set(d, shadow.bounds(b)[caster]); };
      const auto reached = hn::And(hn::And(hn::And(hn::Ge(map[0], limit(ShadowMap::kLeft)),
                                                   hn::Le(map[0], limit(ShadowMap::kRight))),
                                           hn::And(hn::Ge(map[1], limit(ShadowMap::kLower)),
                                                   hn::Le(map[1], limit(ShadowMap::kUpper)))),
                                   hn::Lt(limit(ShadowMap::kNearest), depth_asked));
      for (std::uint32_t lanes = open & BitsOf(reached); lanes != 0;) {
        const std::size_t lane = Pop(&lanes);
        if (shadow.Shades(caster, {x[lane], y[lane], z[lane]})) shaded |= 1U << lane;
      }
      open &= ~shaded;
    }
  }
  return shaded;
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

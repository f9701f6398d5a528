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

  alignas(64) std::array<float, kLanes> u;
  alignas(64) std::array<float, kLanes> v;
  alignas(64) std::array<float, kLanes> x;
  alignas(64) std::array<float, kLanes> y;
  alignas(64) std::array<float, kLanes> z;
  hn::Store(map[0], d, u.data());
  hn::Store(map[1], d, v.data());
  hn::Store(middle[0], d, x.data());
  hn::Store(middle[1], d, y.data());
  hn::Store(hn::Min(depth, hn::Set(d, shadow.far())), d, z.data());
  // Casters that reach into the rectangle around all.
  std::array<float, ShadowMap::kBoundCount> around;
  std::uint32_t left = open;
  const std::size_t first_lane = Pop(&left);
  around = {u[first_lane], u[first_lane], v[first_lane], v[first_lane], z[first_lane]};
  while (left != 0) {
    const std::size_t lane = Pop(&left);
    around[ShadowMap::kLeft] = std::min(around[ShadowMap::kLeft], u[lane]);
    around[ShadowMap::kRight] = std::max(around[ShadowMap::kRight], u[lane]);
    around[ShadowMap::kLower] = std::min(around[ShadowMap::kLower], v[lane]);
    around[ShadowMap::kUpper] = std::max(around[ShadowMap::kUpper], v[lane]);
    around[ShadowMap::kNearest] = std::max(around[ShadowMap::kNearest], z[lane]);
  }
  std::uint32_t shaded = 0;
  for (std::size_t first = 0; first < shadow.caster_count() && open != 0; first += kLanes) {
    const auto bound = [&](ShadowMap::Bound b) { return hn::LoadU(d, shadow.bounds(b) + first); };
    const auto edge = [&](ShadowMap::Bound b) { return hn::Set(d, around[b]); };
    std::uint32_t casters =
        BitsOf(hn::And(hn::And(hn::And(hn::Le(bound(ShadowMap::kLeft), edge(ShadowMap::kRight)),
                                       hn::Ge(bound(ShadowMap::kRight), edge(ShadowMap::kLeft))),
                               hn::And(hn::Le(bound(ShadowMap::kLower), edge(ShadowMap::kUpper)),
                                       hn::Ge(bound(ShadowMap::kUpper), edge(ShadowMap::kLower)))),
                       hn::Lt(bound(ShadowMap::kNearest), edge(ShadowMap::kNearest))));
    while (casters != 0 && open != 0) {
      const std::size_t caster = first + Pop(&casters);
      const auto limit = [&](ShadowMap::Bound b) { return shadow.bounds(b)[caster]; };
      for (std::uint32_t lanes = open; lanes != 0;) {
        const std::size_t lane = Pop(&lanes);
        if (u[lane] < limit(ShadowMap::kLeft) || u[lane] > limit(ShadowMap::kRight) ||
            v[lane] < limit(ShadowMap::kLower) || v[lane] > limit(ShadowMap::kUpper) ||
            !(limit(ShadowMap::kNearest) < z[lane])) {
          continue;
        }
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

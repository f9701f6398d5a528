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

#include "envs/raycast/entries-inl.h"
#include "envs/raycast/lanes-inl.h"
#include "envs/raycast/lighting-inl.h"
#include "envs/raycast/round_shape-inl.h"
#include "envs/raycast/shadow_map.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// ShadowMap::Query of every lane.
struct Queries {
  FloatV x;
  FloatV y;
  FloatV depth;
};

// Which of the lanes `asked` a caster shades.
HWY_INLINE std::uint32_t LanesShadedBy(const ShadowMap& shadow, std::size_t number,
                                       const Queries& queries, hn::Mask<Floats> asked) {
  const Floats d;
  const ShadowMap::Caster& caster = shadow.caster(number);
  const auto exactly = [&](std::uint32_t lanes) {
    alignas(64) std::array<std::array<float, kLanes>, 3> numbers;
    hn::Store(queries.x, d, numbers[0].data());
    hn::Store(queries.y, d, numbers[1].data());
    hn::Store(queries.depth, d, numbers[2].data());
    std::uint32_t shaded = 0;
    while (lanes != 0) {
      const std::size_t lane = Pop(&lanes);
      const ShadowMap::Query query = {numbers[0][lane], numbers[1][lane], numbers[2][lane]};
      shaded |= static_cast<std::uint32_t>(shadow.ShadesExactly(number, query)) << lane;
    }
    return shaded;
  };
  if (caster.kind == ShadowMap::Kind::kOther) return exactly(BitsOf(asked));

  Rays rays;
  for (std::size_t k = 0; k < 3; ++k) {
    const auto& row = caster.matrix[k];
    const FloatV across =
        hn::Add(hn::Mul(hn::Set(d, row[0]), queries.x), hn::Mul(hn::Set(d, row[1]), queries.y));
    const FloatV shift = hn::Set(d, caster.shift[k]);
    const FloatV ahead = hn::Set(d, row[2]);
    rays.origin[k] = shadow.directional() ? hn::Add(shift, across) : shift;
    rays.direction[k] = shadow.directional() ? ahead : hn::Add(ahead, across);
  }
  const Entries entries = [&] {
    switch (caster.kind) {
      case ShadowMap::Kind::kRectangle:
        return EnterRectangle(rays, caster.size);
      case ShadowMap::Kind::kBox:
        return EnterBox(rays);
      default:
        return RoundShapeRays(shadow.round_shapes()).Enter(rays, asked, caster.height, caster.ends);
    }
  }();
  const FloatV at = entries.d;
  const auto nearer = hn::And(asked, hn::Lt(at, queries.depth));
  if (hn::AllFalse(d, nearer)) return 0;
  const auto ahead = hn::Ge(at, hn::Set(d, shadow.near()));
  // A rectangle is behind; in anything else the light may be.
  const std::uint32_t around =
      caster.kind == ShadowMap::Kind::kRectangle ? 0 : BitsOf(hn::AndNot(ahead, nearer));
  // As ShadowView::Shades. The normal along the light's axes:
  Vector3<FloatV> normal;
  for (std::size_t c = 0; c < 3; ++c) {
    normal[c] = Dot(Broadcast(d, {caster.matrix[0][c], caster.matrix[1][c], caster.matrix[2][c]}),
                    entries.normal);
  }
  const FloatV steepest = hn::Max(hn::Abs(normal[0]), hn::Abs(normal[1]));
  FloatV along = normal[2];
  FloatV step = hn::Set(d, 2 * shadow.half_width() / (shadow.size() - 2));
  FloatV range = hn::Set(d, ShadowView::kUnits * shadow.range());
  if (!shadow.directional()) {
    along = hn::Add(along, hn::Add(hn::Mul(normal[0], queries.x), hn::Mul(normal[1], queries.y)));
    step = hn::Mul(step, at);
    range = hn::Mul(range, hn::Mul(at, at));
  }
  const FloatV slope = hn::Div(hn::Mul(step, steepest), hn::Abs(along));
  const FloatV moved = hn::Add(at, hn::Add(hn::Mul(hn::Set(d, 1.5F), slope), range));
  return BitsOf(hn::And(hn::And(nearer, ahead), hn::Lt(moved, queries.depth))) |
         (around == 0 ? 0 : exactly(around));
}

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
  may_be = hn::And(may_be, MaskOf(asked));  // what other lanes hold widens no rectangle
  std::uint32_t open = BitsOf(may_be);
  if (open == 0) return 0;

  const FloatV depth_asked = hn::Min(depth, hn::Set(d, shadow.far()));
  const Queries queries = {middle[0], middle[1], depth_asked};
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
      const auto asked_here = hn::And(reached, MaskOf(open));
      if (hn::AllFalse(d, asked_here)) continue;
      shaded |= LanesShadedBy(shadow, caster, queries, asked_here);
      open &= ~shaded;
    }
  }
  return shaded;
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

// Where rays enter round shapes (RoundShapes), many at once. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_ROUND_SHAPE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_ROUND_SHAPE_INL_H_
#undef SACCADE_ENVS_RAYCAST_ROUND_SHAPE_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_ROUND_SHAPE_INL_H_
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <hwy/highway.h>

#include "envs/raycast/entries-inl.h"
#include "envs/raycast/lanes-inl.h"
#include "envs/raycast/lighting-inl.h"
#include "envs/raycast/round_shape.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Where rays enter balls, and of the facet there its ring and its number around the axis.
struct BallEntries : Entries {
  IntV ring;
  IntV sector;
};

class RoundShapeRays {
 public:
  explicit RoundShapeRays(const RoundShapes& shapes) : shapes_(shapes) {}

  // Of the prism |z| ≤ `height` with its ends. Of a body that a ray starts in, any entry behind.
  // Lanes that are not `asked` may be anything.
  HWY_INLINE Entries Enter(const Rays& rays, FloatM asked, float height,
                           RoundShapes::Ends ends) const {
    const Floats d;
    // From where it is nearest to the centre, for the precision.
    const FloatV closest =
        hn::Neg(hn::Div(Dot(rays.origin, rays.direction), Dot(rays.direction, rays.direction)));
    const Rays near = {rays.At(closest), rays.direction};
    Entries entries;
    if (height == 0) {
      entries = EnterBall(near, asked);
    } else {
      entries = EnterPrism(near, asked);
      const FloatV infinity = hn::Set(d, std::numeric_limits<float>::infinity());
      const auto missed = hn::Eq(entries.d, infinity);
      // Along the axis: from where it comes.
      const auto endless = hn::Eq(entries.d, hn::Neg(infinity));
      const FloatV dz = near.direction[2];
      const FloatV z = hn::IfThenElse(endless, hn::Mul(hn::Neg(dz), infinity),
                                      hn::Add(near.origin[2], hn::Mul(entries.d, dz)));
      const auto beyond =
          hn::And(hn::And(asked, hn::Not(missed)), hn::Gt(hn::Abs(z), hn::Set(d, height)));
      if (!hn::AllFalse(d, beyond)) {
        const FloatV end = hn::CopySign(hn::Set(d, height), z);
        entries.Replace(
            beyond, ends == RoundShapes::Ends::kFlat
                        ? EnterDisc(near, end)
                        : EnterBall({{near.origin[0], near.origin[1], hn::Sub(near.origin[2], end)},
                                     near.direction},
                                    beyond));
      }
    }
    entries.d = hn::Add(entries.d, closest);
    return entries;
  }

  // Of the ball alone, from where rays are near it.
  HWY_INLINE BallEntries EnterBall(const Rays& rays, FloatM asked) const {
    const Floats d;
    const Ints di;
    const FloatV zero = hn::Zero(d);
    const auto& rings = shapes_.rings();
    const auto ring_count = static_cast<std::int32_t>(shapes_.ring_count());
    const FloatV a = Dot(rays.direction, rays.direction);
    const FloatV b = Dot(rays.origin, rays.direction);
    const FloatV beyond = hn::Sub(Dot(rays.origin, rays.origin), hn::Set(d, 1.0F));
    const FloatV discriminant = hn::Sub(hn::Mul(b, b), hn::Mul(a, beyond));
    auto walks = hn::And(asked, hn::Ge(discriminant, zero));
    BallEntries entries = {{hn::Set(d, std::numeric_limits<float>::infinity()), {zero, zero, zero}},
                           hn::Zero(di),
                           hn::Zero(di)};
    if (hn::AllFalse(d, walks)) return entries;
    const Vector3<FloatV> start =
        rays.At(hn::Div(hn::Neg(hn::Add(b, hn::Sqrt(hn::Max(discriminant, zero)))), a));
    IntV ring = hn::Zero(di);
    for (std::int32_t i = 0; i + 1 < ring_count; ++i) {
      const FloatV high = hn::Set(d, rings[RoundShapes::kHigh][static_cast<std::size_t>(i)]);
      ring = hn::Sub(ring, hn::VecFromMask(di, hn::RebindMask(di, hn::Lt(high, start[2]))));
    }
    IntV sector = SectorOf(start[0], start[1]);
    const std::size_t most = shapes_.slices() + shapes_.ring_count();
    for (std::size_t i = 0; i < most && !hn::AllFalse(d, walks); ++i) {
      const FloatV out = Look(rings[RoundShapes::kOut], ring);
      const Vector3<FloatV> normal = {hn::Mul(out, Look(shapes_.middles()[0], sector)),
                                      hn::Mul(out, Look(shapes_.middles()[1], sector)),
                                      Look(rings[RoundShapes::kUp], ring)};
      const FloatV inwards = Dot(normal, rays.direction);
      walks = hn::And(walks, hn::Lt(inwards, zero));
      const FloatV distance = Look(rings[RoundShapes::kDistance], ring);
      const FloatV at = hn::Div(hn::Sub(distance, Dot(normal, rays.origin)), inwards);
      const Vector3<FloatV> place = rays.At(at);
      const FloatV slack = hn::Set(d, kSlack);
      const auto is_above =
          hn::And(hn::Gt(place[2], hn::Add(Look(rings[RoundShapes::kHigh], ring), slack)),
                  hn::RebindMask(d, hn::Lt(ring, hn::Set(di, ring_count - 1))));
      const auto is_below = hn::AndNot(
          is_above, hn::And(hn::Lt(place[2], hn::Sub(Look(rings[RoundShapes::kLow], ring), slack)),
                            hn::RebindMask(d, hn::Gt(ring, hn::Zero(di)))));
      const auto changes_ring = hn::Or(is_above, is_below);
      IntV neighbour = sector;
      const auto beside = hn::AndNot(changes_ring, GoBeside(place[0], place[1], &neighbour));
      entries.Replace(hn::AndNot(hn::Or(changes_ring, beside), walks), {at, normal});
      walks = hn::And(walks, hn::Or(changes_ring, beside));
      ring = hn::Add(ring, hn::Sub(hn::VecFromMask(di, hn::RebindMask(di, is_below)),
                                   hn::VecFromMask(di, hn::RebindMask(di, is_above))));
      sector = hn::IfThenElse(hn::RebindMask(di, beside), neighbour, sector);
    }
    entries.ring = ring;
    entries.sector = sector;
    return entries;
  }

 private:
  // Edges are this much wider, so that rounding does not send a ray to and fro.
  static constexpr float kSlack = 1e-6F;

  HWY_INLINE static FloatV Look(const std::vector<float>& table, IntV index) {
    return hn::GatherIndex(Floats(), table.data(), index);
  }

  // atan(y / x) of a point in the quadrant in turns, to 10⁻³ of the circle.
  HWY_INLINE static FloatV Turns(FloatV x, FloatV y) {
    const Floats d;
    const FloatV ax = hn::Abs(x);
    const FloatV ay = hn::Abs(y);
    const FloatV most = hn::Max(hn::Max(ax, ay), hn::Set(d, 1e-30F));
    const FloatV ratio = hn::Div(hn::Min(ax, ay), most);
    const FloatV bend = hn::Mul(hn::Mul(hn::Set(d, 0.0339F), ratio), ratio);
    FloatV turns = hn::Mul(ratio, hn::Sub(hn::Set(d, 0.159155F), bend));
    const auto mirrored = [&](FloatM where, float around) {
      turns = hn::IfThenElse(where, hn::Sub(hn::Set(d, around), turns), turns);
    };
    mirrored(hn::Gt(ay, ax), 0.25F);
    mirrored(hn::Lt(x, hn::Zero(d)), 0.5F);
    mirrored(hn::Lt(y, hn::Zero(d)), 1);
    return turns;
  }

  HWY_INLINE IntV SectorOf(FloatV x, FloatV y) const {
    const Floats d;
    const Ints di;
    const auto slices = static_cast<std::int32_t>(shapes_.slices());
    const IntV sector =
        hn::ConvertTo(di, hn::Mul(Turns(x, y), hn::Set(d, static_cast<float>(slices))));
    return hn::Max(hn::Min(sector, hn::Set(di, slices - 1)), hn::Zero(di));
  }

  // Where (x, y) is beside a sector, to the next one there; which lanes are beside.
  HWY_INLINE FloatM GoBeside(FloatV x, FloatV y, IntV* sector) const {
    const Floats d;
    const Ints di;
    const IntV one = hn::Set(di, 1);
    const FloatV slack = hn::Set(d, -kSlack);
    const auto cross = [](FloatV ax, FloatV ay, FloatV bx, FloatV by) {
      return hn::Sub(hn::Mul(ax, by), hn::Mul(ay, bx));
    };
    const auto& edges = shapes_.edges();
    const IntV next = hn::Add(*sector, one);
    const auto before =
        hn::Lt(cross(Look(edges[0], *sector), Look(edges[1], *sector), x, y), slack);
    const auto after =
        hn::AndNot(before, hn::Lt(cross(x, y, Look(edges[0], next), Look(edges[1], next)), slack));
    const IntV slices = hn::Set(di, static_cast<std::int32_t>(shapes_.slices()));
    const IntV previous =
        hn::Sub(hn::IfThenElse(hn::Eq(*sector, hn::Zero(di)), slices, *sector), one);
    const IntV following = hn::IfThenZeroElse(hn::Eq(next, slices), next);
    *sector = hn::IfThenElse(hn::RebindMask(di, before), previous, *sector);
    *sector = hn::IfThenElse(hn::RebindMask(di, after), following, *sector);
    return hn::Or(before, after);
  }

  HWY_INLINE Entries EnterPrism(const Rays& rays, FloatM asked) const {
    const Floats d;
    const FloatV zero = hn::Zero(d);
    const auto& [ox, oy, oz] = rays.origin;
    const auto& [dx, dy, dz] = rays.direction;
    const auto dot = [](FloatV ax, FloatV ay, FloatV bx, FloatV by) {
      return hn::Add(hn::Mul(ax, bx), hn::Mul(ay, by));
    };
    const FloatV apothem = hn::Set(d, shapes_.apothem());
    const auto& middles = shapes_.middles();
    const FloatV a = dot(dx, dy, dx, dy);
    const FloatV b = dot(ox, oy, dx, dy);
    const FloatV beyond = hn::Sub(dot(ox, oy, ox, oy), hn::Set(d, 1.0F));
    const FloatV discriminant = hn::Sub(hn::Mul(b, b), hn::Mul(a, beyond));
    auto walks = hn::And(asked, hn::Ge(discriminant, zero));
    const auto crosses = hn::Gt(a, hn::Mul(hn::Set(d, 1e-12F), hn::Mul(dz, dz)));
    const FloatV guess = hn::Div(hn::Neg(hn::Add(b, hn::Sqrt(hn::Max(discriminant, zero)))), a);
    // Along the axis it is inside all the way, or never.
    const FloatV start = hn::IfThenElseZero(crosses, guess);
    IntV sector = SectorOf(hn::Add(ox, hn::Mul(start, dx)), hn::Add(oy, hn::Mul(start, dy)));
    const FloatV axis_offset = dot(Look(middles[0], sector), Look(middles[1], sector), ox, oy);
    const auto along = hn::AndNot(crosses, hn::And(walks, hn::Le(axis_offset, apothem)));
    walks = hn::And(walks, crosses);

    Entries entries = {hn::IfThenElse(along, hn::Set(d, -std::numeric_limits<float>::infinity()),
                                      hn::Set(d, std::numeric_limits<float>::infinity())),
                       {zero, zero, zero}};
    for (std::size_t i = 0; i < shapes_.slices() && !hn::AllFalse(d, walks); ++i) {
      const FloatV nx = Look(middles[0], sector);
      const FloatV ny = Look(middles[1], sector);
      const FloatV inwards = dot(nx, ny, dx, dy);
      walks = hn::And(walks, hn::Lt(inwards, zero));
      const FloatV at = hn::Div(hn::Sub(apothem, dot(nx, ny, ox, oy)), inwards);
      const auto beside =
          GoBeside(hn::Add(ox, hn::Mul(at, dx)), hn::Add(oy, hn::Mul(at, dy)), &sector);
      entries.Replace(hn::AndNot(beside, walks), {at, {nx, ny, zero}});
      walks = hn::And(walks, beside);
    }
    return entries;
  }

  // At the ends z = `height`, where rays go through them from outside.
  HWY_INLINE Entries EnterDisc(const Rays& rays, FloatV height) const {
    const Floats d;
    const FloatV zero = hn::Zero(d);
    const auto inwards = hn::Lt(hn::Mul(rays.direction[2], height), zero);
    const FloatV at = hn::Div(hn::Sub(height, rays.origin[2]), rays.direction[2]);
    const Vector3<FloatV> place = rays.At(at);
    const IntV sector = SectorOf(place[0], place[1]);
    const FloatV from_axis = hn::Add(hn::Mul(Look(shapes_.middles()[0], sector), place[0]),
                                     hn::Mul(Look(shapes_.middles()[1], sector), place[1]));
    Entries entries = {at, {zero, zero, hn::CopySign(hn::Set(d, 1.0F), height)}};
    entries.Keep(hn::And(inwards, hn::Le(from_axis, hn::Set(d, shapes_.apothem()))));
    return entries;
  }

  const RoundShapes& shapes_;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

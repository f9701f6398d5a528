// Where rays enter shapes, many at once. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_ENTRIES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_ENTRIES_INL_H_
#undef SACCADE_ENVS_RAYCAST_ENTRIES_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_ENTRIES_INL_H_
#endif

#include <array>
#include <cstddef>
#include <limits>

#include <hwy/highway.h>

#include "envs/raycast/lanes-inl.h"
#include "envs/raycast/lighting-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using FloatM = hn::Mask<Floats>;

// The points origin + d · direction.
struct Rays {
  HWY_INLINE Vector3<FloatV> At(FloatV d) const { return Sum(origin, Scaled(direction, d)); }

  Vector3<FloatV> origin;
  Vector3<FloatV> direction;
};

// Where rays enter: d is infinite where they do not. Normals are the facets', outwards.
struct Entries {
  // Takes over `others` where `chosen`.
  HWY_INLINE void Replace(FloatM chosen, const Entries& others) {
    d = hn::IfThenElse(chosen, others.d, d);
    for (std::size_t k = 0; k < 3; ++k) {
      normal[k] = hn::IfThenElse(chosen, others.normal[k], normal[k]);
    }
  }
  // Lets only those stay.
  HWY_INLINE void Keep(FloatM chosen) {
    d = hn::IfThenElse(chosen, d, hn::Set(Floats(), std::numeric_limits<float>::infinity()));
  }

  FloatV d;
  Vector3<FloatV> normal;
};

// Into |x|, |y|, |z| ≤ 1.
HWY_INLINE Entries EnterBox(const Rays& rays) {
  const Floats d;
  const FloatV zero = hn::Zero(d);
  const FloatV one = hn::Set(d, 1.0F);
  const FloatV infinity = hn::Set(d, std::numeric_limits<float>::infinity());
  Entries entries = {hn::Neg(infinity), {zero, zero, zero}};
  FloatV out = infinity;
  auto meets = hn::Eq(zero, zero);
  for (std::size_t k = 0; k < 3; ++k) {
    const FloatV origin = rays.origin[k];
    const FloatV direction = rays.direction[k];
    const auto is_across = hn::Ne(direction, zero);  // or it is between two sides all the way
    meets = hn::And(meets, hn::Or(is_across, hn::Le(hn::Abs(origin), one)));
    const FloatV side = hn::IfThenElse(hn::Gt(direction, zero), hn::Neg(one), one);
    Vector3<FloatV> normal = {zero, zero, zero};
    normal[k] = side;
    const FloatV in = hn::Div(hn::Sub(side, origin), direction);
    entries.Replace(hn::And(is_across, hn::Gt(in, entries.d)), {in, normal});
    const FloatV leaves = hn::Div(hn::Sub(hn::Neg(side), origin), direction);
    out = hn::IfThenElse(is_across, hn::Min(out, leaves), out);
  }
  entries.Keep(hn::And(meets, hn::Le(entries.d, out)));
  return entries;
}

// Into the plane z = 0, |x| and |y| up to `size` where that is not 0.
HWY_INLINE Entries EnterRectangle(const Rays& rays, const std::array<float, 2>& size) {
  const Floats d;
  const FloatV zero = hn::Zero(d);
  Entries entries = {hn::Div(hn::Neg(rays.origin[2]), rays.direction[2]),
                     {zero, zero, hn::Set(d, 1.0F)}};
  const Vector3<FloatV> place = rays.At(entries.d);
  for (std::size_t k = 0; k < 2; ++k) {
    if (size[k] > 0) entries.Keep(hn::Le(hn::Abs(place[k]), hn::Set(d, size[k])));
  }
  return entries;
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

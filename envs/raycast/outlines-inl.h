// Pieces on the screen, as many at once as there are lanes. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_OUTLINES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_OUTLINES_INL_H_
#undef SACCADE_ENVS_RAYCAST_OUTLINES_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_OUTLINES_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "envs/raycast/lanes-inl.h"
#include "envs/raycast/sight.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Pixels from the middle of the screen beyond which single precision is not trusted.
inline constexpr float kFarOut = 2048;

// m₀ x + m₁ y + m₂ z + m₃
HWY_INLINE FloatV Affine(const std::array<float, 4>& m, FloatV x, FloatV y, FloatV z) {
  const Floats d;
  return hn::Add(hn::Add(hn::Mul(hn::Set(d, m[0]), x), hn::Mul(hn::Set(d, m[1]), y)),
                 hn::Add(hn::Mul(hn::Set(d, m[2]), z), hn::Set(d, m[3])));
}

// What is known of all vertices of an instance on the screen.
struct Projected {
  bool is_whole = true;   // none is behind the near plane or far out
  bool is_before = true;  // the mirror; so are all
  bool is_behind = true;  // the mirror; so are all
};

// Where the vertices of an instance are on the screen.
HWY_INLINE Projected Project(Sight& sight, const Instance& instance) {
  const Floats d;
  const Surface& surface = instance.shape->surface;
  const std::size_t count = surface.vertices().size();
  const FloatV far_out = hn::Set(d, kFarOut);
  const FloatV zero = hn::Zero(d);
  Projected projected;
  for (std::size_t i = 0; i < count; i += kLanes) {
    const FloatV px = hn::LoadU(d, surface.positions(0) + i);
    const FloatV py = hn::LoadU(d, surface.positions(1) + i);
    const FloatV pz = hn::LoadU(d, surface.positions(2) + i);
    const FloatV w = Affine(instance.screen[3], px, py, pz);
    const FloatV zw = Affine(instance.screen[2], px, py, pz);
    const FloatV inverse = hn::Div(hn::Set(d, 1.0F), w);
    const FloatV x = hn::Mul(Affine(instance.screen[0], px, py, pz), inverse);
    const FloatV y = hn::Mul(Affine(instance.screen[1], px, py, pz), inverse);
    const auto beyond = hn::And(hn::Gt(w, zero), hn::Le(zw, w));
    const auto near = hn::And(hn::Lt(hn::Abs(x), far_out), hn::Lt(hn::Abs(y), far_out));
    const auto good = hn::And(beyond, near);
    const std::size_t at = instance.vertices + i;
    const FloatV kept = hn::IfThenElse(
        good, inverse, hn::IfThenElse(beyond, hn::Set(d, Sight::kOut), hn::Set(d, Sight::kBehind)));
    hn::StoreU(x, d, sight.screen[0].data() + at);
    hn::StoreU(y, d, sight.screen[1].data() + at);
    hn::StoreU(hn::Mul(zw, inverse), d, sight.screen[2].data() + at);
    hn::StoreU(kept, d, sight.screen[3].data() + at);
    const auto there = hn::FirstN(d, count - i);
    projected.is_whole = projected.is_whole && hn::AllTrue(d, hn::Or(good, hn::Not(there)));
    if (sight.mirror) {
      const FloatV before = Affine(instance.before, px, py, pz);
      hn::StoreU(before, d, sight.before.data() + at);
      projected.is_before =
          projected.is_before && hn::AllTrue(d, hn::Or(hn::Ge(before, zero), hn::Not(there)));
      projected.is_behind =
          projected.is_behind && hn::AllTrue(d, hn::Or(hn::Lt(before, zero), hn::Not(there)));
    }
  }
  projected.is_behind = projected.is_behind && sight.mirror.has_value();
  return projected;
}

// Of pieces from number `first` on, as many as there are lanes, those that may look at the eye.
HWY_INLINE std::uint32_t FacingLanes(const Instance& instance, std::size_t first) {
  const Floats d;
  const Surface& surface = instance.shape->surface;
  // side · (normal · eye − offset · scale) > 0, of the eye (x, y, z, scale) as the shape has it.
  // Where there is no such eye, of flat shapes, it is 0, and all are kept.
  const auto& eye = instance.eye;
  const float side = instance.shows_backs ? -1 : 1;
  const float size = std::abs(eye[0]) + std::abs(eye[1]) + std::abs(eye[2]) + std::abs(eye[3]);
  const auto part = [&](std::size_t k, const float* values) {
    return hn::Mul(hn::Set(d, side * eye[k]), hn::LoadU(d, values + first));
  };
  const FloatV facing =
      hn::Sub(hn::Add(hn::Add(part(0, surface.plane_normals(0)), part(1, surface.plane_normals(1))),
                      part(2, surface.plane_normals(2))),
              part(3, surface.plane_offsets()));
  const auto kept = hn::Gt(facing, hn::Set(d, -1e-5F * size - 1e-30F));
  return BitsOf(hn::And(kept, hn::FirstN(d, surface.piece_count() - first)));
}

// Of pieces from number `first` on, as many as there are lanes, where corner k is: x, y and depth.
using Corners = std::array<std::array<FloatV, 3>, 4>;

// `side_by_side`: their corners have numbers one after the other.
HWY_INLINE Corners CornersOf(const Sight& sight, const Instance& instance, std::size_t first,
                             bool side_by_side) {
  const Floats d;
  const Ints di;
  const Surface& surface = instance.shape->surface;
  Corners corners;
  for (std::size_t k = 0; k < 4; ++k) {
    const std::int32_t* numbers = surface.corner_numbers(k) + first;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const float* screen = sight.screen[axis].data() + instance.vertices;
      corners[k][axis] = side_by_side ? hn::LoadU(d, screen + *numbers)
                                      : hn::GatherIndex(d, screen, hn::LoadU(di, numbers));
    }
  }
  return corners;
}

// Outlines of pieces, a lane each.
struct Outlines {
  using Lanes = std::array<float, kLanes>;
  using IntLanes = std::array<std::int32_t, kLanes>;

  Outline At(std::size_t lane) const {
    Outline outline;
    outline.x0 = x0[lane];
    outline.x1 = x1[lane];
    outline.y0 = y0[lane];
    outline.y1 = y1[lane];
    outline.edge_count = 4;
    for (std::size_t k = 0; k < 4; ++k) {
      outline.c[k] = c[k][lane];
      outline.a[k] = a[k][lane];
      outline.b[k] = b[k][lane];
    }
    outline.z = {z[0][lane], z[1][lane], z[2][lane]};
    outline.low = low[lane];
    outline.high = high[lane];
    return outline;
  }

  alignas(64) IntLanes x0;
  alignas(64) IntLanes x1;
  alignas(64) IntLanes y0;
  alignas(64) IntLanes y1;
  alignas(64) std::array<Lanes, 4> c;
  alignas(64) std::array<Lanes, 4> a;
  alignas(64) std::array<Lanes, 4> b;
  alignas(64) std::array<Lanes, 3> z;  // const, x, y
  alignas(64) Lanes low;
  alignas(64) Lanes high;
};

// Finds outlines; returns the lanes where there is one: not where a piece looks away (`sense` is -1
// where the order of corners is turned around) or has no sample in it.
HWY_INLINE std::uint32_t FindOutlines(const Sight& sight, const Corners& p, float sense,
                                      Outlines& out) {
  const Floats d;
  const Ints di;
  const FloatV sign = hn::Set(d, sense);
  std::array<FloatV, 3> across;
  std::array<FloatV, 3> along;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    across[axis] = hn::Sub(p[2][axis], p[0][axis]);
    along[axis] = hn::Sub(p[3][axis], p[1][axis]);
  }
  // Twice the area, by the diagonals.
  const FloatV area = hn::Sub(hn::Mul(across[0], along[1]), hn::Mul(across[1], along[0]));
  auto seen = hn::Gt(hn::Mul(area, sign), hn::Zero(d));

  // Samples stand in columns and rows at (k + ½) / samples.
  const FloatV scale = hn::Set(d, static_cast<float>(sight.size.samples));
  const FloatV half = hn::Set(d, 0.5F);
  const FloatV slack = hn::Set(d, 1e-3F);
  std::array<FloatV, 2> corner;  // the lowest, of the pixel in which it is
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const FloatV half_size = hn::Set(d, sight.half_size[axis]);
    const FloatV low = hn::Add(
        hn::Min(hn::Min(p[0][axis], p[1][axis]), hn::Min(p[2][axis], p[3][axis])), half_size);
    const FloatV high = hn::Add(
        hn::Max(hn::Max(p[0][axis], p[1][axis]), hn::Max(p[2][axis], p[3][axis])), half_size);
    const FloatV first =
        hn::Max(hn::Ceil(hn::Sub(hn::Mul(hn::Sub(low, slack), scale), half)), hn::Zero(d));
    const FloatV last = hn::Min(hn::Floor(hn::Sub(hn::Mul(hn::Add(high, slack), scale), half)),
                                hn::Set(d, sight.last_sample[axis]));
    seen = hn::And(seen, hn::Le(first, last));
    const int to_pixels = sight.size.samples == 4 ? 2 : 0;
    const IntV begin = hn::ShiftRightSame(hn::ConvertTo(di, first), to_pixels);
    const IntV end =
        hn::Add(hn::ShiftRightSame(hn::ConvertTo(di, last), to_pixels), hn::Set(di, 1));
    hn::Store(begin, di, axis == 0 ? out.x0.data() : out.y0.data());
    hn::Store(end, di, axis == 0 ? out.x1.data() : out.y1.data());
    corner[axis] = hn::Sub(hn::ConvertTo(d, begin), half_size);
  }
  const std::uint32_t lanes = BitsOf(seen);
  if (lanes == 0) return 0;

  for (std::size_t k = 0; k < 4; ++k) {
    const std::size_t next = (k + 1) % 4;
    const FloatV dx = hn::Mul(sign, hn::Sub(p[next][0], p[k][0]));
    const FloatV dy = hn::Mul(sign, hn::Sub(p[next][1], p[k][1]));
    const FloatV up = hn::Mul(dx, hn::Sub(corner[1], p[k][1]));
    const FloatV right = hn::Mul(dy, hn::Sub(corner[0], p[k][0]));
    // What is large is rounded by more.
    const FloatV rounding = hn::Mul(hn::Set(d, 0x1p-23F), hn::Add(hn::Abs(up), hn::Abs(right)));
    const FloatV overlap =
        hn::Add(rounding, hn::Mul(hn::Set(d, kOverlap), hn::Add(hn::Abs(dx), hn::Abs(dy))));
    hn::Store(hn::Add(hn::Sub(up, right), overlap), d, out.c[k].data());
    hn::Store(hn::Neg(dy), d, out.a[k].data());
    hn::Store(dx, d, out.b[k].data());
  }

  const FloatV inverse = hn::Div(hn::Set(d, 1.0F), area);
  const auto slope = [&](const FloatV& left, const FloatV& right) {
    return hn::Mul(hn::Sub(left, right), inverse);
  };
  const FloatV zx = slope(hn::Mul(across[2], along[1]), hn::Mul(along[2], across[1]));
  const FloatV zy = slope(hn::Mul(across[0], along[2]), hn::Mul(across[2], along[0]));
  const FloatV to_corner = hn::Add(p[0][2], hn::Mul(zx, hn::Sub(corner[0], p[0][0])));
  hn::Store(hn::Add(to_corner, hn::Mul(zy, hn::Sub(corner[1], p[0][1]))), d, out.z[0].data());
  hn::Store(zx, d, out.z[1].data());
  hn::Store(zy, d, out.z[2].data());
  hn::Store(hn::Min(hn::Min(p[0][2], p[1][2]), hn::Min(p[2][2], p[3][2])), d, out.low.data());
  hn::Store(hn::Max(hn::Max(p[0][2], p[1][2]), hn::Max(p[2][2], p[3][2])), d, out.high.data());
  return lanes;
}

// Whether a piece crosses the near plane or the mirror, or is behind one of them.
enum class Crossing { kNo, kYes, kHidden };

HWY_INLINE Crossing CrossingOf(const Sight& sight, const Instance& instance, std::size_t piece) {
  std::size_t good = 0;
  std::size_t nearer = 0;
  std::size_t behind = 0;
  for (const std::int32_t corner : instance.shape->surface.corners(piece)) {
    const std::size_t at = instance.vertices + static_cast<std::size_t>(corner);
    good += static_cast<std::size_t>(sight.screen[3][at] > 0);
    nearer += static_cast<std::size_t>(sight.screen[3][at] == Sight::kBehind);
    behind += static_cast<std::size_t>(sight.mirror && sight.before[at] < 0);
  }
  if (nearer == 4 || behind == 4) return Crossing::kHidden;
  return good == 4 && behind == 0 ? Crossing::kNo : Crossing::kYes;
}

inline void MakeRoom(Sight& sight) {
  const std::size_t count = sight.vertex_count + kMostLanes;  // as many are read at once
  for (auto& values : sight.screen) values.resize(std::max(values.size(), count));
  if (sight.mirror) sight.before.resize(std::max(sight.before.size(), count));
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

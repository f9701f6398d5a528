// Which piece is in front at each sample, many samples at once. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_RASTER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_RASTER_INL_H_
#undef SACCADE_ENVS_RAYCAST_RASTER_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_RASTER_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <hwy/highway.h>

#include "envs/raycast/sight.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Ints = hn::Rebind<std::int32_t, Floats>;
using Words = hn::Rebind<std::uint32_t, Floats>;
using FloatV = hn::Vec<Floats>;
using IntV = hn::Vec<Ints>;

inline constexpr std::size_t kLanes = hn::MaxLanes(Floats());
static_assert(kLanes <= kMostLanes);
// Pixels from the middle of the screen beyond which single precision is not trusted.
inline constexpr float kFarOut = 2048;

HWY_INLINE std::uint32_t BitsOf(hn::Mask<Floats> mask) {
  std::array<std::uint8_t, 8> bytes = {};
  hn::StoreMaskBits(Floats(), mask, bytes.data());
  return bytes[0] | static_cast<std::uint32_t>(bytes[1]) << 8;
}

// Takes the lowest of the bits.
HWY_INLINE std::size_t Pop(std::uint32_t* bits) {
  const std::size_t lowest = hwy::Num0BitsBelowLS1Bit_Nonzero32(*bits);
  *bits &= *bits - 1;
  return lowest;
}

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
    hn::StoreInterleaved4(x, y, hn::Mul(zw, inverse), kept, d, sight.screen.data() + 4 * at);
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

// Where in a row an outline can have samples, by its first four edges.
class Spans {
 public:
  explicit HWY_INLINE Spans(const Outline& outline)
      : c_(hn::Load(D(), outline.c.data())), b_(hn::Load(D(), outline.b.data())) {
    const D d;
    const V a = hn::Load(d, outline.a.data());
    inverse_ = hn::Div(hn::Set(d, -1.0F), a);
    is_left_ = hn::Gt(a, hn::Zero(d));
    is_right_ = hn::Lt(a, hn::Zero(d));
  }

  // c + a x + b y ≥ 0 somewhere between the row's lower and upper border; columns [first, end).
  HWY_INLINE void InRow(std::size_t row, std::size_t width, std::size_t* first,
                        std::size_t* end) const {
    const D d;
    const auto y = static_cast<float>(row);
    const V most = hn::Max(hn::Mul(b_, hn::Set(d, y)), hn::Mul(b_, hn::Set(d, y + 1)));
    const V x = hn::Mul(hn::Add(c_, most), inverse_);
    const auto columns = static_cast<float>(width);
    const float left =
        hn::GetLane(hn::MaxOfLanes(d, hn::IfThenElse(is_left_, x, hn::Zero(d)))) - kMargin;
    const float right =
        hn::GetLane(hn::MinOfLanes(d, hn::IfThenElse(is_right_, x, hn::Set(d, columns)))) + kMargin;
    if (!(left < columns && right > 0)) {
      *end = 0;
      return;
    }
    *first = left > 0 ? static_cast<std::size_t>(left) : 0;
    if (right < columns) *end = static_cast<std::size_t>(right) + 1;
    *end = std::min(*end, width);
  }

 private:
  using D = hn::FixedTag<float, 4>;
  using V = hn::Vec<D>;
  static constexpr float kMargin = 1e-2F;

  V c_;
  V b_;
  V inverse_;
  hn::Mask<D> is_left_;
  hn::Mask<D> is_right_;
};

// Marks pieces where they are in front of what was there.
class Rasteriser {
 public:
  // `writes_depth`: so that they are before what comes later, too.
  Rasteriser(Sight& sight, bool writes_depth) : sight_(sight), writes_depth_(writes_depth) {
    const int samples = sight.size.samples;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const int i = static_cast<int>(lane);
      const Eigen::Vector2f place = SamplePlace(i % samples, samples);
      const int pixel = i / samples;
      x_[lane] = static_cast<float>(pixel) + place.x();
      y_[lane] = place.y();
    }
  }

  HWY_INLINE void Draw(const Outline& outline, std::uint32_t id) const {
    const Floats d;
    const Words du;
    const FloatV lane_x = hn::Load(d, x_.data());
    const FloatV lane_y = hn::Load(d, y_.data());
    const FloatV low = hn::Set(d, outline.low);
    const FloatV high = hn::Set(d, outline.high);
    const auto ids = hn::Set(du, id);
    const auto samples = static_cast<std::size_t>(sight_.size.samples);
    const std::size_t step = kLanes / samples;
    const std::size_t stride = sight_.size.stride();
    const std::size_t corner = static_cast<std::size_t>(outline.y0) * stride +
                               static_cast<std::size_t>(outline.x0) * samples;
    const auto width = static_cast<std::size_t>(outline.x1 - outline.x0);
    const auto height = static_cast<std::size_t>(outline.y1 - outline.y0);
    const bool is_wide = width > 2 * step;  // else looking for spans does not pay
    const Spans spans(outline);
    std::array<FloatV, Outline::kMostEdges> edges;
    for (std::size_t row = 0; row < height; ++row) {
      // (c + b y) + a x, with x and y of the sample: rounded in the same way with any number of lanes.
      const FloatV y = hn::Add(lane_y, hn::Set(d, static_cast<float>(row)));
      const auto in_row = [&](float c, float b) {
        return hn::Add(hn::Set(d, c), hn::Mul(hn::Set(d, b), y));
      };
      for (std::size_t k = 0; k < 4; ++k) edges[k] = in_row(outline.c[k], outline.b[k]);
      for (std::size_t k = 4; k < outline.edge_count; ++k) {
        edges[k] = in_row(outline.c[k], outline.b[k]);
      }
      const FloatV depths = in_row(outline.z.c, outline.z.b);
      std::size_t column = 0;
      std::size_t end = width;
      if (is_wide) spans.InRow(row, width, &column, &end);
      for (; column < end; column += step) {
        const FloatV x = hn::Add(lane_x, hn::Set(d, static_cast<float>(column)));
        const auto at_x = [&](FloatV value, float a) {
          return hn::Add(value, hn::Mul(hn::Set(d, a), x));
        };
        FloatV inside = at_x(edges[0], outline.a[0]);
        for (std::size_t k = 1; k < 4; ++k) {
          inside = hn::Min(inside, at_x(edges[k], outline.a[k]));
        }
        for (std::size_t k = 4; k < outline.edge_count; ++k) {
          inside = hn::Min(inside, at_x(edges[k], outline.a[k]));
        }
        const FloatV z = hn::Min(hn::Max(at_x(depths, outline.z.a), low), high);
        const std::size_t at = corner + row * stride + column * samples;
        float* depth = sight_.depth.data() + at;
        const FloatV old = hn::LoadU(d, depth);
        const auto seen = hn::And(hn::Ge(inside, hn::Zero(d)), hn::Ge(z, old));
        if (hn::AllFalse(d, seen)) continue;
        if (writes_depth_) hn::StoreU(hn::IfThenElse(seen, z, old), d, depth);
        std::uint32_t* front = sight_.front.data() + at;
        hn::StoreU(hn::IfThenElse(hn::RebindMask(du, seen), ids, hn::LoadU(du, front)), du, front);
      }
    }
  }

 private:
  Sight& sight_;
  bool writes_depth_;
  alignas(64) std::array<float, kLanes> x_;
  alignas(64) std::array<float, kLanes> y_;
};

// x, y, depth and 1/w of a corner.
using Corner4 = hn::FixedTag<float, 4>;
using Corner4V = hn::Vec<Corner4>;

// Of a piece with its corners on the screen, the outline; none where it looks away (`sense` is -1
// where the order of corners is turned around) or has no sample in it.
HWY_INLINE bool OutlineOf(const Sight& sight, const std::array<Corner4V, 4>& p, float sense,
                          Outline& outline) {
  const Corner4 d;
  // Twice the area, by the diagonals.
  const Corner4V across = hn::Sub(p[2], p[0]);
  const Corner4V along = hn::Sub(p[3], p[1]);
  const Corner4V product = hn::Mul(across, hn::Shuffle2301(along));
  const float area = hn::GetLane(hn::Sub(product, hn::Shuffle2301(product)));
  if (!(area * sense > 0)) return false;

  // Samples stand in columns and rows at (k + ½) / samples.
  const Corner4V to_edge = hn::Load(d, sight.half_size.data());
  const Corner4V low = hn::Add(hn::Min(hn::Min(p[0], p[1]), hn::Min(p[2], p[3])), to_edge);
  const Corner4V high = hn::Add(hn::Max(hn::Max(p[0], p[1]), hn::Max(p[2], p[3])), to_edge);
  const Corner4V scale = hn::Set(d, static_cast<float>(sight.size.samples));
  const Corner4V half = hn::Set(d, 0.5F);
  const Corner4V slack = hn::Set(d, 1e-3F);
  const Corner4V first =
      hn::Max(hn::Ceil(hn::Sub(hn::Mul(hn::Sub(low, slack), scale), half)), hn::Zero(d));
  const Corner4V last = hn::Min(hn::Floor(hn::Sub(hn::Mul(hn::Add(high, slack), scale), half)),
                                hn::Load(d, sight.last_sample.data()));
  alignas(16) std::array<float, 4> lows;
  alignas(16) std::array<float, 4> highs;
  hn::Store(first, d, lows.data());
  hn::Store(last, d, highs.data());
  if (!(lows[0] <= highs[0] && lows[1] <= highs[1])) return false;
  const auto pixel = [&](float sample) { return static_cast<int>(sample) / sight.size.samples; };
  outline.x0 = pixel(lows[0]);
  outline.y0 = pixel(lows[1]);
  outline.x1 = pixel(highs[0]) + 1;
  outline.y1 = pixel(highs[1]) + 1;

  const float ox = static_cast<float>(outline.x0) - sight.half_width;
  const float oy = static_cast<float>(outline.y0) - sight.half_height;
  const Corner4V xy01 = hn::InterleaveLower(d, p[0], p[1]);
  const Corner4V xy23 = hn::InterleaveLower(d, p[2], p[3]);
  const Corner4V x = hn::ConcatLowerLower(d, xy23, xy01);
  const Corner4V y = hn::ConcatUpperUpper(d, xy23, xy01);
  // From corner k to k + 1.
  const Corner4V sign = hn::Set(d, sense);
  const Corner4V dx = hn::Mul(sign, hn::Sub(hn::Shuffle0321(x), x));
  const Corner4V dy = hn::Mul(sign, hn::Sub(hn::Shuffle0321(y), y));
  const Corner4V up = hn::Mul(dx, hn::Sub(hn::Set(d, oy), y));
  const Corner4V right = hn::Mul(dy, hn::Sub(hn::Set(d, ox), x));
  const Corner4V c = hn::Sub(up, right);
  // What is large is rounded by more.
  const Corner4V rounding = hn::Mul(hn::Set(d, 0x1p-23F), hn::Add(hn::Abs(up), hn::Abs(right)));
  const Corner4V overlap =
      hn::Add(rounding, hn::Mul(hn::Set(d, kOverlap), hn::Add(hn::Abs(dx), hn::Abs(dy))));
  hn::Store(hn::Add(c, overlap), d, outline.c.data());
  hn::Store(hn::Neg(dy), d, outline.a.data());
  hn::Store(dx, d, outline.b.data());
  outline.edge_count = 4;

  alignas(16) std::array<float, 4> d1;
  alignas(16) std::array<float, 4> d2;
  alignas(16) std::array<float, 4> origin;
  hn::Store(across, d, d1.data());
  hn::Store(along, d, d2.data());
  hn::Store(p[0], d, origin.data());
  const float inverse = 1 / area;
  const float zx = (d1[2] * d2[1] - d2[2] * d1[1]) * inverse;
  const float zy = (d1[0] * d2[2] - d2[0] * d1[2]) * inverse;
  outline.z = {origin[2] + zx * (ox - origin[0]) + zy * (oy - origin[1]), zx, zy};
  hn::Store(low, d, lows.data());
  hn::Store(high, d, highs.data());
  outline.low = lows[2];
  outline.high = highs[2];
  return true;
}

// Whether a piece crosses the near plane or the mirror, or is behind one of them.
enum class Crossing { kNo, kYes, kHidden };

HWY_INLINE Crossing CrossingOf(const Sight& sight, const Instance& instance,
                               const std::array<std::int32_t, 4>& corners) {
  std::size_t good = 0;
  std::size_t nearer = 0;
  std::size_t behind = 0;
  for (const std::int32_t corner : corners) {
    const std::size_t at = instance.vertices + static_cast<std::size_t>(corner);
    good += static_cast<std::size_t>(sight.screen[4 * at + 3] > 0);
    nearer += static_cast<std::size_t>(sight.screen[4 * at + 3] == Sight::kBehind);
    behind += static_cast<std::size_t>(sight.mirror && sight.before[at] < 0);
  }
  if (nearer == 4 || behind == 4) return Crossing::kHidden;
  return good == 4 && behind == 0 ? Crossing::kNo : Crossing::kYes;
}

// Calls draw(outline, id) for the pieces of an instance that may be seen in rows [rows.first,
// rows.second).
template <class Draw>
HWY_INLINE void ForEachPiece(Sight& sight, std::uint32_t number, std::pair<int, int> rows,
                             const Draw& draw) {
  const Corner4 d;
  const Instance& instance = sight.instances[number];
  const Projected projected = Project(sight, instance);
  if (projected.is_behind) return;
  const Surface& surface = instance.shape->surface;
  const float* screen = sight.screen.data() + 4 * instance.vertices;
  const float sense = sight.mirror.has_value() != instance.shows_backs ? -1 : 1;
  const bool is_whole = projected.is_whole && (!sight.mirror || projected.is_before);
  Outline outline;
  for (std::size_t first = 0; first < surface.piece_count(); first += kLanes) {
    std::uint32_t facing = FacingLanes(instance, first);
    while (facing != 0) {
      const std::size_t i = first + Pop(&facing);
      const std::array<std::int32_t, 4>& corners = surface.corners(i);
      // Pieces that cross the near plane or the mirror are few, and are done one by one.
      const Crossing crossing = is_whole ? Crossing::kNo : CrossingOf(sight, instance, corners);
      if (crossing == Crossing::kHidden) continue;
      if (crossing == Crossing::kYes) {
        if (!sight.Outlined(instance, i, &outline)) continue;
      } else {
        std::array<Corner4V, 4> p;
        for (std::size_t k = 0; k < 4; ++k) {
          p[k] = hn::LoadU(d, screen + 4 * static_cast<std::size_t>(corners[k]));
        }
        if (!OutlineOf(sight, p, sense, outline)) continue;
      }
      outline.y1 = std::min(outline.y1, rows.second);
      if (outline.y0 < rows.first) outline.SetFirstRow(rows.first);
      if (outline.y0 >= outline.y1) continue;
      const auto id = static_cast<std::uint32_t>(sight.pieces.size());
      sight.pieces.push_back(
          {number, static_cast<std::uint32_t>(i), -1, crossing == Crossing::kYes});
      draw(outline, id);
    }
  }
}

HWY_INLINE void MakeRoom(Sight& sight) {
  sight.screen.resize(std::max(sight.screen.size(), 4 * sight.vertex_count));
  if (sight.mirror) sight.before.resize(std::max(sight.before.size(), sight.vertex_count));
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

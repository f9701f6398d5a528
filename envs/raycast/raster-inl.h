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
// Pixels from the middle of the screen beyond which single precision is not trusted.
inline constexpr float kFarOut = 2048;
// kOverlap of sight.cc.
inline constexpr float kSlack = 4e-6F;

// m₀ x + m₁ y + m₂ z + m₃
HWY_INLINE FloatV Affine(const std::array<float, 4>& m, FloatV x, FloatV y, FloatV z) {
  const Floats d;
  return hn::Add(hn::Add(hn::Mul(hn::Set(d, m[0]), x), hn::Mul(hn::Set(d, m[1]), y)),
                 hn::Add(hn::Mul(hn::Set(d, m[2]), z), hn::Set(d, m[3])));
}

// Where the vertices of an instance are on the screen.
HWY_INLINE void Project(Sight& sight, const Instance& instance) {
  const Floats d;
  const Surface& surface = instance.shape->surface;
  const std::size_t count = surface.vertices().size();
  const FloatV far_out = hn::Set(d, kFarOut);
  for (std::size_t i = 0; i < count; i += kLanes) {
    const FloatV px = hn::LoadU(d, surface.positions(0) + i);
    const FloatV py = hn::LoadU(d, surface.positions(1) + i);
    const FloatV pz = hn::LoadU(d, surface.positions(2) + i);
    const FloatV w = Affine(instance.screen[3], px, py, pz);
    const FloatV zw = Affine(instance.screen[2], px, py, pz);
    const FloatV inverse = hn::Div(hn::Set(d, 1.0F), w);
    const FloatV x = hn::Mul(Affine(instance.screen[0], px, py, pz), inverse);
    const FloatV y = hn::Mul(Affine(instance.screen[1], px, py, pz), inverse);
    const auto good = hn::And(hn::And(hn::Gt(w, hn::Zero(d)), hn::Le(zw, w)),
                              hn::And(hn::Lt(hn::Abs(x), far_out), hn::Lt(hn::Abs(y), far_out)));
    const std::size_t at = instance.vertices + i;
    hn::StoreU(x, d, sight.x.data() + at);
    hn::StoreU(y, d, sight.y.data() + at);
    hn::StoreU(hn::Mul(zw, inverse), d, sight.z.data() + at);
    hn::StoreU(hn::IfThenElseZero(good, inverse), d, sight.inverse_w.data() + at);
    if (sight.mirror) {
      hn::StoreU(Affine(instance.before, px, py, pz), d, sight.before.data() + at);
    }
  }
}

// Marks pieces where they are in front of what was there.
class Rasteriser {
 public:
  // `writes_depth`: so that they are before what comes later, too.
  Rasteriser(Sight& sight, bool writes_depth) : sight_(sight), writes_depth_(writes_depth) {
    const int samples = sight.size.samples;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const int i = static_cast<int>(lane);
      const Eigen::Vector2f place = SamplePlace(i % samples, samples);
      x_[lane] = static_cast<float>(i / samples) + place.x();
      y_[lane] = place.y();
    }
  }

  HWY_INLINE void Draw(const Outline& outline, std::uint32_t id) const {
    const Floats d;
    const Words du;
    const FloatV lane_x = hn::Load(d, x_.data());
    const FloatV lane_y = hn::Load(d, y_.data());
    std::array<FloatV, Outline::kMostEdges> edges;
    for (std::size_t k = 0; k < outline.edge_count; ++k) {
      edges[k] = At(outline.edges[k], lane_x, lane_y);
    }
    const FloatV depths = At(outline.z, lane_x, lane_y);
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
    for (std::size_t row = 0; row < height; ++row) {
      for (std::size_t column = 0; column < width; column += step) {
        const auto dx = static_cast<float>(column);
        const auto dy = static_cast<float>(row);
        const auto moved = [&](const Outline::Line& line, FloatV value) {
          return hn::Add(value, hn::Set(d, line.x * dx + line.y * dy));
        };
        FloatV inside = moved(outline.edges[0], edges[0]);
        for (std::size_t k = 1; k < outline.edge_count; ++k) {
          inside = hn::Min(inside, moved(outline.edges[k], edges[k]));
        }
        const FloatV z = hn::Min(hn::Max(moved(outline.z, depths), low), high);
        const std::size_t at = corner + row * stride + column * samples;
        float* depth = sight_.depth.data() + at;
        const FloatV old = hn::LoadU(d, depth);
        const auto seen = hn::And(hn::Ge(inside, hn::Zero(d)), hn::Ge(z, old));
        if (writes_depth_) hn::StoreU(hn::IfThenElse(seen, z, old), d, depth);
        std::uint32_t* front = sight_.front.data() + at;
        hn::StoreU(hn::IfThenElse(hn::RebindMask(du, seen), ids, hn::LoadU(du, front)), du, front);
      }
    }
  }

 private:
  HWY_INLINE static FloatV At(const Outline::Line& line, FloatV x, FloatV y) {
    const Floats d;
    return hn::Add(hn::Set(d, line.c),
                   hn::Add(hn::Mul(hn::Set(d, line.x), x), hn::Mul(hn::Set(d, line.y), y)));
  }

  Sight& sight_;
  bool writes_depth_;
  alignas(64) std::array<float, kLanes> x_;
  alignas(64) std::array<float, kLanes> y_;
};

// The corners of as many pieces as there are lanes.
struct Corners {
  alignas(64) std::array<std::array<float, kLanes>, 4> x;
  alignas(64) std::array<std::array<float, kLanes>, 4> y;
  alignas(64) std::array<std::array<float, kLanes>, 4> z;
  alignas(64) std::array<float, kLanes> area;
};

HWY_INLINE void OutlineOf(const Corners& c, std::size_t lane, const Sight& sight, float sense,
                          Outline& outline) {
  const auto x = [&](std::size_t k) { return c.x[k][lane]; };
  const auto y = [&](std::size_t k) { return c.y[k][lane]; };
  const auto z = [&](std::size_t k) { return c.z[k][lane]; };
  const float low_x = std::min(std::min(x(0), x(1)), std::min(x(2), x(3)));
  const float high_x = std::max(std::max(x(0), x(1)), std::max(x(2), x(3)));
  const float low_y = std::min(std::min(y(0), y(1)), std::min(y(2), y(3)));
  const float high_y = std::max(std::max(y(0), y(1)), std::max(y(2), y(3)));
  outline.x0 = std::max(0, static_cast<int>(low_x + sight.half_width - 1e-3F));
  outline.x1 = std::min(sight.size.width, static_cast<int>(high_x + sight.half_width + 1));
  outline.y0 = std::max(0, static_cast<int>(low_y + sight.half_height - 1e-3F));
  outline.y1 = std::min(sight.size.height, static_cast<int>(high_y + sight.half_height + 1));
  const float ox = static_cast<float>(outline.x0) - sight.half_width;
  const float oy = static_cast<float>(outline.y0) - sight.half_height;
  for (std::size_t k = 0; k < 4; ++k) {
    const float dx = sense * (x((k + 1) % 4) - x(k));
    const float dy = sense * (y((k + 1) % 4) - y(k));
    const float slack = kSlack * (std::abs(dx) + std::abs(dy));
    outline.edges[k] = {dx * (oy - y(k)) - dy * (ox - x(k)) + slack, -dy, dx};
  }
  outline.edge_count = 4;
  const float inverse = 1 / c.area[lane];
  const float dx1 = x(2) - x(0);
  const float dy1 = y(2) - y(0);
  const float dz1 = z(2) - z(0);
  const float dx2 = x(3) - x(1);
  const float dy2 = y(3) - y(1);
  const float dz2 = z(3) - z(1);
  const float zx = (dz1 * dy2 - dz2 * dy1) * inverse;
  const float zy = (dx1 * dz2 - dx2 * dz1) * inverse;
  outline.z = {z(0) + zx * (ox - x(0)) + zy * (oy - y(0)), zx, zy};
  outline.low = std::min(std::min(z(0), z(1)), std::min(z(2), z(3)));
  outline.high = std::max(std::max(z(0), z(1)), std::max(z(2), z(3)));
}

// Whether any column (or row) of samples is between `low` and `high`, pixels from the picture's edge.
HWY_INLINE auto HasSamples(FloatV low, FloatV high, int samples) {
  const Floats d;
  // They stand at (k + ½) / samples.
  const FloatV scale = hn::Set(d, static_cast<float>(samples));
  const FloatV half = hn::Set(d, 0.5F);
  const FloatV slack = hn::Set(d, 1e-3F);
  const FloatV first = hn::Ceil(hn::Sub(hn::Mul(hn::Sub(low, slack), scale), half));
  const FloatV last = hn::Floor(hn::Sub(hn::Mul(hn::Add(high, slack), scale), half));
  return hn::Le(first, last);
}

// Calls draw(outline, id) for the pieces of an instance that may be seen.
template <class Draw>
HWY_INLINE void ForEachPiece(Sight& sight, std::uint32_t number, const Draw& draw) {
  const Floats d;
  const Ints di;
  const Instance& instance = sight.instances[number];
  Project(sight, instance);
  const Surface& surface = instance.shape->surface;
  const float* all_x = sight.x.data() + instance.vertices;
  const float* all_y = sight.y.data() + instance.vertices;
  const float* all_z = sight.z.data() + instance.vertices;
  const float* all_w = sight.inverse_w.data() + instance.vertices;
  const float* all_before = sight.before.data() + instance.vertices;
  const bool turned = sight.mirror.has_value() != instance.shows_backs;
  const float sense = turned ? -1 : 1;
  const FloatV zero = hn::Zero(d);
  const FloatV half_width = hn::Set(d, sight.half_width);
  const FloatV half_height = hn::Set(d, sight.half_height);
  Outline outline;
  Corners corners;
  const auto add = [&](std::size_t piece, bool crosses) {
    const auto id = static_cast<std::uint32_t>(sight.pieces.size());
    sight.pieces.push_back({number, static_cast<std::uint32_t>(piece), -1, crosses});
    draw(outline, id);
  };
  for (std::size_t first = 0; first < surface.piece_count(); first += kLanes) {
    std::array<IntV, 4> index;
    std::array<FloatV, 4> x;
    std::array<FloatV, 4> y;
    FloatV w = hn::Set(d, 1.0F);
    FloatV nearest = hn::Zero(d);
    FloatV farthest = hn::Zero(d);
    for (std::size_t k = 0; k < 4; ++k) {
      index[k] = hn::LoadU(di, surface.corners(k) + first);
      x[k] = hn::GatherIndex(d, all_x, index[k]);
      y[k] = hn::GatherIndex(d, all_y, index[k]);
      w = hn::Min(w, hn::GatherIndex(d, all_w, index[k]));
      if (sight.mirror) {
        const FloatV before = hn::GatherIndex(d, all_before, index[k]);
        nearest = k == 0 ? before : hn::Max(nearest, before);
        farthest = k == 0 ? before : hn::Min(farthest, before);
      }
    }
    const FloatV area = hn::Sub(hn::Mul(hn::Sub(x[2], x[0]), hn::Sub(y[3], y[1])),
                                hn::Mul(hn::Sub(y[2], y[0]), hn::Sub(x[3], x[1])));
    // Pieces that cross the near plane or a mirror are few, and are done one by one.
    const auto whole = hn::And(hn::Gt(w, zero), hn::Ge(farthest, zero));
    const auto hidden = hn::Lt(nearest, zero);
    if (!hn::AllTrue(d, hn::Or(whole, hidden))) {
      std::array<std::uint8_t, 8> bytes = {};
      hn::StoreMaskBits(d, hn::Or(whole, hidden), bytes.data());
      const std::size_t count = std::min(kLanes, surface.piece_count() - first);
      for (std::size_t i = 0; i < count; ++i) {
        if ((bytes[i / 8] >> (i % 8) & 1) == 0 && sight.Outlined(instance, first + i, &outline)) {
          add(first + i, true);
        }
      }
    }
    const FloatV low_x = hn::Add(hn::Min(hn::Min(x[0], x[1]), hn::Min(x[2], x[3])), half_width);
    const FloatV high_x = hn::Add(hn::Max(hn::Max(x[0], x[1]), hn::Max(x[2], x[3])), half_width);
    const FloatV low_y = hn::Add(hn::Min(hn::Min(y[0], y[1]), hn::Min(y[2], y[3])), half_height);
    const FloatV high_y = hn::Add(hn::Max(hn::Max(y[0], y[1]), hn::Max(y[2], y[3])), half_height);
    const auto on_screen =
        hn::And(hn::And(hn::Gt(high_x, zero), hn::Lt(low_x, hn::Add(half_width, half_width))),
                hn::And(hn::Gt(high_y, zero), hn::Lt(low_y, hn::Add(half_height, half_height))));
    const auto faces = hn::Gt(hn::Mul(area, hn::Set(d, sense)), zero);
    const auto sampled = hn::And(HasSamples(low_x, high_x, sight.size.samples),
                                 HasSamples(low_y, high_y, sight.size.samples));
    const auto drawn = hn::And(hn::And(whole, faces), hn::And(on_screen, sampled));
    if (hn::AllFalse(d, drawn)) continue;
    for (std::size_t k = 0; k < 4; ++k) {
      hn::Store(x[k], d, corners.x[k].data());
      hn::Store(y[k], d, corners.y[k].data());
      hn::Store(hn::GatherIndex(d, all_z, index[k]), d, corners.z[k].data());
    }
    hn::Store(area, d, corners.area.data());
    std::array<std::uint8_t, 8> bytes = {};
    hn::StoreMaskBits(d, drawn, bytes.data());
    std::uint32_t bits = bytes[0] | static_cast<std::uint32_t>(bytes[1]) << 8;
    for (; bits != 0; bits &= bits - 1) {
      const auto lane = static_cast<std::size_t>(hwy::Num0BitsBelowLS1Bit_Nonzero32(bits));
      OutlineOf(corners, lane, sight, sense, outline);
      if (outline.x0 < outline.x1 && outline.y0 < outline.y1) add(first + lane, false);
    }
  }
}

HWY_INLINE void MakeRoom(Sight& sight) {
  const std::size_t count = std::max(sight.x.size(), sight.vertex_count);
  for (auto* values : {&sight.x, &sight.y, &sight.z, &sight.inverse_w, &sight.before}) {
    values->resize(count);
  }
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

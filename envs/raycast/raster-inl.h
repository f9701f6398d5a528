// Which piece is in front at each sample, many samples at once. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_RASTER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_RASTER_INL_H_
#undef SACCADE_ENVS_RAYCAST_RASTER_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_RASTER_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <hwy/highway.h>

#include "envs/raycast/outlines-inl.h"
#include "envs/raycast/sight.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

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
  Rasteriser(Sight& sight, bool writes_depth)
      : sight_(sight),
        writes_depth_(writes_depth),
        step_(kLanes / static_cast<std::size_t>(sight.size.samples)) {
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
    if (static_cast<std::size_t>(outline.x1 - outline.x0) <= step_ && outline.edge_count == 4) {
      DrawNarrow(outline, id);
    } else {
      DrawWide(outline, id);
    }
  }

  // The same for pieces of instance `number` from `first` on, those of the lanes `lanes`, if all of
  // them are small, a lane each. Where small pieces have samples is not to be foreseen, and a branch
  // for each piece would cost more than all the samples of all of them.
  HWY_INLINE bool DrawSmall(const Outlines& outlines, std::uint32_t lanes, std::uint32_t number,
                            std::size_t first) const {
    constexpr int kMostSamples = 16;
    int width = 0;
    int height = 0;
    for (std::uint32_t left = lanes; left != 0;) {
      const std::size_t lane = Pop(&left);
      width = std::max(width, outlines.x1[lane] - outlines.x0[lane]);
      height = std::max(height, outlines.y1[lane] - outlines.y0[lane]);
    }
    if (width * height * sight_.size.samples > kMostSamples) return false;
    std::array<std::uint32_t, kLanes> ids;
    ids.fill(kNothing);
    for (int row = 0; row < height; ++row) {
      for (int column = 0; column < width; ++column) {
        const auto id_of = [&](std::size_t lane) {
          if (ids[lane] == kNothing) ids[lane] = sight_.AddPiece(number, first + lane, false);
          return ids[lane];
        };
        // Pieces meet a sample in any order here; of equals the last one counts, as everywhere.
        const auto is_later = [&](std::uint32_t id, std::size_t lane) {
          if (id == kNothing) return false;
          const Piece& other = sight_.pieces[id];
          return other.instance == number && other.piece > first + lane;
        };
        DrawPixels(outlines, lanes, row, column, id_of, is_later);
      }
    }
    return true;
  }

 private:
  HWY_INLINE void DrawWide(const Outline& outline, std::uint32_t id) const {
    const Floats d;
    const FloatV lane_x = hn::Load(d, x_.data());
    const FloatV lane_y = hn::Load(d, y_.data());
    const FloatV low = hn::Set(d, outline.low);
    const FloatV high = hn::Set(d, outline.high);
    const auto ids = hn::Set(Words(), id);
    const auto samples = static_cast<std::size_t>(sight_.size.samples);
    const std::size_t stride = sight_.size.stride();
    const std::size_t corner = static_cast<std::size_t>(outline.y0) * stride +
                               static_cast<std::size_t>(outline.x0) * samples;
    const auto width = static_cast<std::size_t>(outline.x1 - outline.x0);
    const auto height = static_cast<std::size_t>(outline.y1 - outline.y0);
    const bool is_wide = width > 2 * step_;  // else looking for spans does not pay
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
      for (; column < end; column += step_) {
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
        is_wide ? Mark(at, inside, z, ids) : MarkFew(at, inside, z, ids);
      }
    }
  }

  // What is no wider than there are lanes: one step a row, with all that rows share found before.
  HWY_INLINE void DrawNarrow(const Outline& outline, std::uint32_t id) const {
    const Floats d;
    const FloatV lane_x = hn::Load(d, x_.data());
    const FloatV lane_y = hn::Load(d, y_.data());
    struct Line {  // (c + b y) + a x, as in DrawWide
      HWY_INLINE FloatV At(FloatV y) const { return hn::Add(hn::Add(c, hn::Mul(b, y)), along); }
      FloatV c, b, along;
    };
    const auto line = [&](float c, float a, float b) -> Line {
      return {hn::Set(d, c), hn::Set(d, b), hn::Mul(hn::Set(d, a), lane_x)};
    };
    std::array<Line, 4> edges;
    for (std::size_t k = 0; k < 4; ++k) edges[k] = line(outline.c[k], outline.a[k], outline.b[k]);
    const Line depths = line(outline.z.c, outline.z.a, outline.z.b);
    const FloatV low = hn::Set(d, outline.low);
    const FloatV high = hn::Set(d, outline.high);
    const auto ids = hn::Set(Words(), id);
    const std::size_t stride = sight_.size.stride();
    std::size_t at = static_cast<std::size_t>(outline.y0) * stride +
                     static_cast<std::size_t>(outline.x0 * sight_.size.samples);
    const int height = outline.y1 - outline.y0;
    for (int row = 0; row < height; ++row, at += stride) {
      const FloatV y = hn::Add(lane_y, hn::Set(d, static_cast<float>(row)));
      const FloatV inside =
          hn::Min(hn::Min(edges[0].At(y), edges[1].At(y)), hn::Min(edges[2].At(y), edges[3].At(y)));
      MarkFew(at, inside, hn::Min(hn::Max(depths.At(y), low), high), ids);
    }
  }

  // From sample `at` on, as many as there are lanes: those that are inside, and not behind what is
  // there.
  HWY_INLINE void Mark(std::size_t at, FloatV inside, FloatV z, hn::Vec<Words> ids) const {
    const Floats d;
    const Words du;
    float* depth = sight_.depth.data() + at;
    const FloatV old = hn::LoadU(d, depth);
    const auto seen = hn::And(hn::Ge(inside, hn::Zero(d)), hn::Ge(z, old));
    if (hn::AllFalse(d, seen)) return;
    if (writes_depth_) hn::StoreU(hn::IfThenElse(seen, z, old), d, depth);
    std::uint32_t* front = sight_.front.data() + at;
    hn::StoreU(hn::IfThenElse(hn::RebindMask(du, seen), ids, hn::LoadU(du, front)), du, front);
  }

  // The same where it is not to be foreseen whether there are any, and a wrong guess costs more than two
  // stores of nothing, if lanes can be stored by a mask.
  HWY_INLINE void MarkFew(std::size_t at, FloatV inside, FloatV z, hn::Vec<Words> ids) const {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
    const Floats d;
    const Words du;
    float* depth = sight_.depth.data() + at;
    const auto seen = hn::And(hn::Ge(inside, hn::Zero(d)), hn::Ge(z, hn::LoadU(d, depth)));
    if (writes_depth_) hn::BlendedStore(z, seen, d, depth);
    hn::BlendedStore(ids, hn::RebindMask(du, seen), du, sight_.front.data() + at);
#else
    Mark(at, inside, z, ids);
#endif
  }

  // Of every outline the pixel so far from its corner. `id_of(lane)` is asked for what is in front,
  // `is_later(id, lane)` says which of two comes later.
  template <class IdOf, class IsLater>
  HWY_INLINE void DrawPixels(const Outlines& outlines, std::uint32_t lanes, int row, int column,
                             const IdOf& id_of, const IsLater& is_later) const {
    const Floats d;
    const Ints di;
    const auto samples = static_cast<std::size_t>(sight_.size.samples);
    const auto place = [&](std::size_t s) {
      return std::pair(x_[s] + static_cast<float>(column), y_[s] + static_cast<float>(row));
    };
    const auto is_within = [&](int position, const Outlines::IntLanes& begin,
                               const Outlines::IntLanes& end) {
      const IntV last = hn::Sub(hn::Load(di, end.data()), hn::Set(di, position));
      return hn::RebindMask(d, hn::Lt(hn::Load(di, begin.data()), last));
    };
    lanes &= BitsOf(hn::And(is_within(column, outlines.x0, outlines.x1),
                            is_within(row, outlines.y0, outlines.y1)));
    std::uint64_t hits = 0;
    for (std::size_t s = 0; s < samples; ++s) {
      const FloatV x = hn::Set(d, place(s).first);
      const FloatV y = hn::Set(d, place(s).second);
      FloatV inside = hn::Set(d, 1.0F);
      for (std::size_t k = 0; k < 4; ++k) {
        const FloatV in_row = hn::Add(hn::Load(d, outlines.c[k].data()),
                                      hn::Mul(hn::Load(d, outlines.b[k].data()), y));
        const FloatV edge = hn::Add(in_row, hn::Mul(hn::Load(d, outlines.a[k].data()), x));
        inside = hn::Min(inside, edge);
      }
      const std::uint32_t hit = lanes & BitsOf(hn::Ge(inside, hn::Zero(d)));
      hits |= std::uint64_t{hit} << s * kLanes;
    }
    for (; hits != 0; hits &= hits - 1) {
      const std::size_t hit = hwy::Num0BitsBelowLS1Bit_Nonzero64(hits);
      const std::size_t lane = hit % kLanes;
      const std::size_t s = hit / kLanes;
      const auto [x, y] = place(s);
      const float z = outlines.z[0][lane] + outlines.z[2][lane] * y + outlines.z[1][lane] * x;
      const float depth = std::min(std::max(z, outlines.low[lane]), outlines.high[lane]);
      const auto at_x = static_cast<std::size_t>(outlines.x0[lane] + column);
      const auto at_y = static_cast<std::size_t>(outlines.y0[lane] + row);
      const std::size_t i = at_y * sight_.size.stride() + at_x * samples + s;
      if (!(depth >= sight_.depth[i])) continue;
      if (depth == sight_.depth[i] && is_later(sight_.front[i], lane)) continue;
      if (writes_depth_) sight_.depth[i] = depth;
      sight_.front[i] = id_of(lane);
    }
  }

  Sight& sight_;
  bool writes_depth_;
  std::size_t step_;  // of columns that are as many samples as there are lanes
  alignas(64) std::array<float, kLanes> x_;
  alignas(64) std::array<float, kLanes> y_;
};

// Calls draw(outline, id) for the pieces of an instance that may be seen in rows [rows.first,
// rows.second); or draw_together(outlines, lanes, first), which says whether it has drawn the lanes
// of pieces from `first` on.
template <class Draw, class DrawTogether>
HWY_INLINE void ForEachPiece(Sight& sight, std::uint32_t number, std::pair<int, int> rows,
                             const Draw& draw, const DrawTogether& draw_together) {
  const Instance& instance = sight.instances[number];
  const Projected projected = Project(sight, instance);
  if (projected.is_behind) return;
  const Surface& surface = instance.shape->surface;
  const float sense = sight.mirror.has_value() != instance.shows_backs ? -1 : 1;
  const bool is_whole = projected.is_whole && (!sight.mirror || projected.is_before);
  Outlines outlines;
  std::size_t count = 0;
  for (std::size_t first = 0; first < surface.piece_count(); first += count) {
    const std::size_t row = std::min(kLanes, surface.row_length(first));
    const bool is_row = row > kLanes / 2 || first + row == surface.piece_count();
    count = is_row ? row : kLanes;
    const std::uint32_t facing = FacingLanes(instance, first) & ((1U << count) - 1);
    if (facing == 0) continue;
    const std::uint32_t found =
        facing & FindOutlines(sight, CornersOf(sight, instance, first, is_row), sense, outlines);
    if (is_whole && (found == 0 || draw_together(outlines, found, first))) continue;
    for (std::uint32_t left = is_whole ? found : facing; left != 0;) {
      const std::size_t lane = Pop(&left);
      const std::size_t i = first + lane;
      // Pieces that cross the near plane or the mirror are few, and are done one by one.
      const Crossing crossing = is_whole ? Crossing::kNo : CrossingOf(sight, instance, i);
      Outline outline;
      if (crossing == Crossing::kYes) {
        if (!sight.Outlined(instance, i, &outline)) continue;
      } else {
        if (crossing == Crossing::kHidden || (found >> lane & 1) == 0) continue;
        outline = outlines.At(lane);
      }
      outline.y1 = std::min(outline.y1, rows.second);
      if (outline.y0 < rows.first) outline.SetFirstRow(rows.first);
      if (outline.y0 >= outline.y1) continue;
      draw(outline, sight.AddPiece(number, i, crossing == Crossing::kYes));
    }
  }
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

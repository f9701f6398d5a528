// The light on panels: at the corners of their triangles, found where it is asked for. Included once
// per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_PANEL_LIGHTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_PANEL_LIGHTS_INL_H_
#undef SACCADE_ENVS_RAYCAST_PANEL_LIGHTS_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_PANEL_LIGHTS_INL_H_
#endif

#include <array>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "envs/raycast/brush-inl.h"
#include "envs/raycast/lighting-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

class PanelLights {
 public:
  // Of a triangle of a panel: the colours at its right-angled corner, of which (s, t) is given, and at
  // the ones beside and above it, that far away (inverse).
  struct Shades {
    std::size_t base, beside, above;  // in the table of colours
    float s0, t0;
    float width, height;
  };

  // The same of many strips, a lane each.
  struct ManyShades {
    IntV base, beside, above;
    FloatV s0, t0;
    FloatV width, height;
  };

  explicit PanelLights(Brush& brush) : brush_(brush) {
    brush.painting.lines.Begin(kLit * brush.colour_size());
    brush.painting.sides.assign(brush.sight.side_count, {});
  }

  // Whether a panel has one column, and its triangles no neighbours to the sides in it.
  static bool IsStrip(const PanelView& panel) { return panel.column_cut.cells == 1; }

  Shades ShadesOf(std::uint32_t id, const PanelView& panel, const Instance& instance,
                  std::int32_t triangle) {
    if (IsStrip(panel)) return ShadesOfStrip(panel, instance, triangle);
    if (id == shades_id_ && triangle == shades_triangle_) return shades_;
    const CutView& columns = panel.column_cut;
    const CutView& rows = panel.row_cut;
    const int cell = triangle / 2;
    const int column = cell % columns.cells;
    const int row = cell / columns.cells;
    const float s0 = columns.Line(column);
    const float s1 = columns.Line(column + 1);
    const float t0 = rows.Line(row);
    const float t1 = rows.Line(row + 1);
    const float width = 1 / (s1 - s0);
    const float height = 1 / (t1 - t0);
    FindCorners(id, panel, instance, column, row);
    const auto& [left, right] = cell_.lights;
    const bool is_lower = triangle % 2 == 0;
    const Shades shades = is_lower ? Shades{left[0], right[0], left[1], s0, t0, width, height}
                                   : Shades{right[1], left[1], right[0], s1, t1, -width, -height};
    shades_id_ = id;
    shades_triangle_ = triangle;
    shades_ = shades;
    return shades;
  }

  HWY_INLINE Shades ShadesOfStrip(const PanelView& panel, const Instance& instance,
                                  std::int32_t triangle) {
    const CutView& rows = panel.row_cut;
    const int row = triangle >> 1;
    const std::array<std::size_t, 2> sides = {ColoursOfSide(panel, instance, 0, row),
                                              ColoursOfSide(panel, instance, 1, row)};
    const float height = rows.Inverse(row);
    const std::size_t lower = static_cast<std::size_t>(row) * brush_.colour_size();
    const std::size_t upper = lower + brush_.colour_size();
    if (triangle % 2 == 0) {
      return {sides[0] + lower, sides[1] + lower, sides[0] + upper, 0, rows.Line(row), 1, height};
    }
    return {sides[1] + upper, sides[0] + upper, sides[1] + lower, 1, rows.Line(row + 1), -1,
            -height};
  }

  // ShadesOfStrip of the lanes `lanes`, whose strips `ids` are divided alike; of other lanes, any.
  HWY_INLINE ManyShades ShadesOfStrips(const std::array<std::uint32_t, kLanes>& ids,
                                       const CutView& rows, IntV triangle, std::uint32_t lanes) {
    const Floats d;
    const Ints di;
    triangle = hn::IfThenElseZero(hn::RebindMask(di, MaskOf(lanes)), triangle);
    const IntV row = hn::ShiftRight<1>(triangle);
    alignas(64) std::array<std::int32_t, kLanes> row_of;
    hn::Store(row, di, row_of.data());
    alignas(64) std::array<std::array<std::int32_t, kLanes>, 2> sides = {};
    for (std::uint32_t left = lanes; left != 0;) {
      const std::size_t lane = Pop(&left);
      const PanelView& panel = brush_.sight.PanelOf(ids[lane]);
      const Instance& instance = brush_.InstanceOf(ids[lane]);
      for (std::size_t k = 0; k < 2; ++k) {
        const std::size_t place = ColoursOfSide(panel, instance, k, row_of[lane]);
        sides[k][lane] = static_cast<std::int32_t>(place);
      }
    }
    const IntV size = hn::Set(di, static_cast<std::int32_t>(brush_.colour_size()));
    const IntV lower = hn::Mul(row, size);
    const IntV upper = hn::Add(lower, size);
    const IntV left = hn::Load(di, sides[0].data());
    const IntV right = hn::Load(di, sides[1].data());
    const IntV second = hn::And(triangle, hn::Set(di, 1));
    const auto is_second = hn::Ne(second, hn::Zero(di));
    const auto either = [&](IntV of_first, IntV of_second) {
      return hn::IfThenElse(is_second, of_second, of_first);
    };
    const FloatV sign = hn::ConvertTo(d, either(hn::Set(di, 1), hn::Set(di, -1)));
    return {hn::Add(either(left, right), either(lower, upper)),
            hn::Add(either(right, left), either(lower, upper)),
            hn::Add(either(left, right), either(upper, lower)),
            hn::ConvertTo(d, second),
            LinesOf(d, rows, hn::ConvertTo(d, hn::Add(row, second))),
            sign,
            hn::Mul(sign, InversesOf(rows, hn::ConvertTo(d, row)))};
  }

 private:
  // Points of a panel are lit this many at once, along a line of its grid.
  static constexpr std::size_t kLit = kLanes > 8 ? 16 : 8;

  // Of a panel of one column, where in the table of lines the colours of side k begin, row by row,
  // which are there from row `row` to the next, at least. Neighbours, as a tube's, share theirs.
  HWY_INLINE std::size_t ColoursOfSide(const PanelView& panel, const Instance& instance,
                                       std::size_t k, int row) {
    const int first = row / static_cast<int>(kLit);
    const int last = (row + 1) / static_cast<int>(kLit);
    Painting::SideLight& side = brush_.painting.sides[panel.sides[k]];
    if (first < side.first || last >= side.end) LightBlocks(panel, instance, k, first, last, side);
    return static_cast<std::size_t>(side.place);
  }

  // Blocks `first` to `last` of a side, and what is between them and those that are lit already.
  HWY_NOINLINE void LightBlocks(const PanelView& panel, const Instance& instance, std::size_t k,
                                int first, int last, Painting::SideLight& side) {
    if (side.place < 0) {
      const std::size_t count = static_cast<std::size_t>(panel.row_cut.cells) / kLit + 1;
      side = {static_cast<std::int32_t>(brush_.painting.lines.Add(count)), first, first};
    }
    const std::size_t colours = kLit * brush_.colour_size();
    float* rows = brush_.painting.lines.values() + side.place;
    const auto light = [&](int block) {
      LightLine(panel, instance, static_cast<int>(k), block * static_cast<int>(kLit),
                rows + static_cast<std::size_t>(block) * colours);
    };
    while (side.first > first) light(--side.first);
    while (side.end <= last) light(side.end++);
  }

  // Where the colours of the cell's corners are. Mostly, the last one was a neighbour of it.
  void FindCorners(std::uint32_t id, const PanelView& panel, const Instance& instance, int column,
                   int row) {
    const bool is_in_row = id == cell_.id && row == cell_.row;
    if (is_in_row && column == cell_.column) return;
    const auto line = [&](int number) -> std::array<std::size_t, 2> {
      const std::size_t lower = LightAt(id, panel, instance, number, row);
      const bool is_lit_too = static_cast<std::size_t>(row + 1) % kLit != 0;
      return {lower, is_lit_too ? lower + brush_.colour_size()
                                : LightAt(id, panel, instance, number, row + 1)};
    };
    const auto last = cell_.lights;
    cell_.lights[0] = is_in_row && column == cell_.column + 1 ? last[1] : line(column);
    cell_.lights[1] = is_in_row && column == cell_.column - 1 ? last[0] : line(column + 1);
    cell_.id = id;
    cell_.column = column;
    cell_.row = row;
  }

  // Where the colours are at which line `column` of a panel's columns crosses line `row` of its rows.
  std::size_t LightAt(std::uint32_t id, const PanelView& panel, const Instance& instance,
                      int column, int row) {
    const auto first = static_cast<std::size_t>(row) / kLit * kLit;
    const std::uint64_t line = std::uint64_t{id} << 16 | static_cast<std::uint64_t>(column);
    const std::uint64_t key = line << 15 | first / kLit;
    bool is_new = false;
    const std::size_t lit = brush_.painting.lines.Find(key, &is_new);
    if (is_new) {
      LightLine(panel, instance, column, static_cast<int>(first),
                brush_.painting.lines.values() + lit);
    }
    return lit + (static_cast<std::size_t>(row) - first) * brush_.colour_size();
  }

  // CutView::Line(i), and CutView::Inverse(i).
  template <class D, class V = hn::Vec<D>>
  HWY_INLINE static V LinesOf(D d, const CutView& cut, V i) {
    const V zero = hn::Zero(d);
    const V one = hn::Set(d, 1.0F);
    const V between =
        hn::Add(hn::Set(d, cut.first), hn::Mul(hn::Sub(i, one), hn::Set(d, cut.step)));
    const V line =
        hn::IfThenElse(hn::Ge(i, hn::Set(d, static_cast<float>(cut.cells))), one, between);
    return hn::IfThenElseZero(hn::Gt(i, zero), line);
  }
  HWY_INLINE static FloatV InversesOf(const CutView& cut, FloatV i) {
    const Floats d;
    const auto is_first = hn::Eq(i, hn::Zero(d));
    const auto is_last = hn::Eq(i, hn::Set(d, static_cast<float>(cut.cells - 1)));
    const FloatV other =
        hn::IfThenElse(is_last, hn::Set(d, cut.inverse_last), hn::Set(d, cut.inverse_step));
    return hn::IfThenElse(is_first, hn::Set(d, cut.inverse_first), other);
  }

  void LightLine(const PanelView& panel, const Instance& instance, int column, int first_row,
                 float* HWY_RESTRICT out) const {
    const hn::CappedTag<float, kLit> d;
    using V = hn::Vec<decltype(d)>;
    const float s = panel.column_cut.Line(column);
    const bool is_far = column == panel.column_cut.cells;
    for (std::size_t first = 0; first < kLit; first += hn::Lanes(d)) {
      const V t = LinesOf(d, panel.row_cut,
                          hn::Iota(d, static_cast<float>(first_row + static_cast<int>(first))));
      Vector3<V> place;
      Vector3<V> normal;
      for (std::size_t k = 0; k < 3; ++k) {
        const float corner = is_far ? panel.far_corner[k] : panel.corner[k] + s * panel.columns[k];
        const float rows = is_far ? panel.far_rows[k] : panel.rows[k];
        place[k] = hn::Add(hn::Set(d, corner), hn::Mul(t, hn::Set(d, rows)));
        normal[k] =
            hn::Set(d, is_far ? panel.far_normal[k] : panel.normal[k] + s * panel.normal_across[k]);
      }
      V colours[3 * (1 + kMostLights)];
      LightAll(d, brush_.sight, instance, place, normal, colours);
      for (std::size_t pass = 0; pass < brush_.sight.pass_count; ++pass) {
        const auto store = [&](float* to) {
          hn::StoreInterleaved4(colours[3 * pass], colours[3 * pass + 1], colours[3 * pass + 2],
                                hn::Set(d, instance.alpha), d, to);
        };
        if (brush_.sight.pass_count == 1) {
          store(out + first * brush_.colour_size());
          continue;
        }
        alignas(64) std::array<float, 4 * kLit> values;
        store(values.data());
        for (std::size_t i = 0; i < hn::Lanes(d); ++i) {
          hn::Store(hn::Load(Rgb(), values.data() + 4 * i), Rgb(),
                    out + (first + i) * brush_.colour_size() + 4 * pass);
        }
      }
    }
  }

  Brush& brush_;
  // The cell of a panel that was asked for last: of its left and right side, lower and upper corner.
  struct Cell {
    std::uint32_t id = kNothing;
    int column = 0;
    int row = 0;
    std::array<std::array<std::size_t, 2>, 2> lights = {};
  };
  Cell cell_;
  // And its triangle.
  std::uint32_t shades_id_ = kNothing;
  std::int32_t shades_triangle_ = 0;
  Shades shades_ = {};
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

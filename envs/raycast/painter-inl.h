// Colours what a sight has in front. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_PAINTER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_PAINTER_INL_H_
#undef SACCADE_ENVS_RAYCAST_PAINTER_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_PAINTER_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <hwy/highway.h>

#include "envs/raycast/canvas-inl.h"
#include "envs/raycast/lighting-inl.h"
#include "envs/raycast/painting.h"
#include "envs/raycast/raster-inl.h"
#include "envs/raycast/shadow-inl.h"
#include "envs/raycast/texture-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

class Painter {
 public:
  // `blends`: each colour by its alpha with what is there.
  Painter(Sight& sight, std::span<const ShadowMap> shadows, bool blends, Painting& painting)
      : sight_(sight),
        shadows_(shadows),
        blends_(blends),
        painting_(painting),
        canvas_(sight.size, painting),
        samples_(static_cast<std::size_t>(sight.size.samples)) {
    for (std::size_t s = 0; s < samples_; ++s) {
      const Eigen::Vector2f place = SamplePlace(static_cast<int>(s), sight.size.samples);
      sample_x_[s] = place.x();
      sample_y_[s] = place.y();
    }
    sight.is_lit.assign(sight.vertex_count, 0);
    sight.colours.resize(std::max(sight.colours.size(), sight.vertex_count * colour_size()));
    painting.lines.Begin(kLit * colour_size());
  }

  // What is in front in columns [x0, x1) of row y.
  void PaintRow(int y, int x0, int x1) {
    y_ = static_cast<float>(y) - sight_.half_height;
    // Blocks of 2 × 2 pixels give textures their derivatives.
    block_y_ = static_cast<float>(y & ~1) - sight_.half_height;
    row_index_ = y;
    row_ = static_cast<std::size_t>(y) * sight_.size.stride();
    canvas_.SetRow(y);
    Sort(x0, x1);
    points_.clear();
    for (std::size_t i = 0; i < painting_.group_count; ++i) {
      const Group& group = painting_.groups[i];
      const Piece& piece = sight_.pieces[group.id];
      const Instance& instance = sight_.instances[piece.instance];
      if (instance.shape->surface.is_panel(piece.piece)) {
        PaintPanel(group, instance);
      } else {
        FindPoints(group, piece, instance);
      }
    }
    PaintStrips();
    PaintUnknownSky();
    LightVertices();
    for (std::size_t i = 0; i < points_.size(); i += kLanes) PaintPoints(i);
  }

 private:
  using Entry = Painting::Entry;
  using Group = Painting::Group;
  using Point = Painting::Point;

  std::size_t colour_size() const { return 4 * sight_.pass_count; }

  // ---- Which piece is where in a row.

  void Sort(int x0, int x1) {
    painting_.group_count = 0;
    painting_.unknown_sky.entries.clear();
    known_sky_ = painting_.seen_sky.row(row_index_);
    const std::uint32_t* front = sight_.front.data() + row_;
    const auto all = (1U << samples_) - 1;
    for (int x = x0; x < x1;) {
      const std::uint32_t* samples = front + static_cast<std::size_t>(x) * samples_;
      const std::uint32_t id = samples[0];
      const int end = std::min(x1, EndOfRun(front, x, id));
      if (end > x) {
        AddRun(id, x, end, all);
        x = end;
        continue;
      }
      for (unsigned left = all; left != 0;) {
        const std::uint32_t one = samples[hwy::Num0BitsBelowLS1Bit_Nonzero32(left)];
        unsigned same = 0;
        for (unsigned s = 0; s < 4; ++s) same |= static_cast<unsigned>(samples[s] == one) << s;
        AddRun(one, x, x + 1, same);
        left &= ~same;
      }
      ++x;
    }
  }

  // The first pixel from x on that has another piece than `id`; may be beyond the row's end.
  HWY_INLINE int EndOfRun(const std::uint32_t* front, int x, std::uint32_t id) const {
    const Words d;
    const auto ids = hn::Set(d, id);
    const std::size_t first = static_cast<std::size_t>(x) * samples_;
    const std::size_t stop = static_cast<std::size_t>(sight_.size.width) * samples_;
    for (std::size_t i = first; i < stop; i += kLanes) {
      const auto same = hn::Eq(hn::LoadU(d, front + i), ids);
      if (hn::AllTrue(d, same)) continue;
      const std::uint32_t other = BitsOf(hn::RebindMask(Floats(), hn::Not(same)));
      return static_cast<int>((i + hwy::Num0BitsBelowLS1Bit_Nonzero32(other)) / samples_);
    }
    return sight_.size.width;
  }

  void AddRun(std::uint32_t id, int x, int end, unsigned mask) {
    if (id == kNothing && (painting_.sky == nullptr || blends_)) return;
    const bool is_sky =
        painting_.sky != nullptr && painting_.has_rays && (id == kNothing || InstanceOf(id).is_sky);
    if (is_sky) {
      for (; x < end; ++x) {
        if (known_sky_[x] != 0) {
          canvas_.Put({x, mask}, known_sky_[x], false);
        } else {
          painting_.unknown_sky.entries.push_back({x, mask});
        }
      }
      return;
    }
    auto& entries = GroupOf(id).entries;
    const std::size_t size = entries.size();
    entries.resize(size + static_cast<std::size_t>(end - x));
    for (Entry* entry = entries.data() + size; x < end; ++x, ++entry) *entry = {x, mask};
  }

  const Instance& InstanceOf(std::uint32_t id) const {
    return sight_.instances[sight_.pieces[id].instance];
  }

  Group& GroupOf(std::uint32_t id) {
    auto& groups = painting_.groups;
    const std::size_t count = painting_.group_count;
    if (last_ < count && groups[last_].id == id) return groups[last_];
    for (last_ = 0; last_ < count; ++last_) {
      if (groups[last_].id == id) return groups[last_];
    }
    if (count == groups.size()) groups.emplace_back();
    groups[count].id = id;
    groups[count].entries.clear();
    ++painting_.group_count;
    return groups[count];
  }

  // Columns of as many entries as there are lanes, from entry `first`; the last one fills up.
  struct Columns {
    FloatV middle;                 // of the pixel
    std::array<FloatV, 3> blocks;  // of the pixel, the one to the right and the one above
  };
  HWY_INLINE Columns ColumnsOf(const Group& group, std::size_t first) const {
    const Floats d;
    const Ints di;
    alignas(64) std::array<std::int32_t, kLanes> x;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      x[lane] = group.entries[std::min(first + lane, group.entries.size() - 1)].x;
    }
    const IntV column = hn::Load(di, x.data());
    const FloatV shift = hn::Set(d, 0.5F - sight_.half_width);
    const FloatV block = hn::Add(hn::ConvertTo(d, hn::AndNot(hn::Set(di, 1), column)), shift);
    return {hn::Add(hn::ConvertTo(d, column), shift),
            {block, hn::Add(block, hn::Set(d, 1.0F)), block}};
  }
  std::array<float, 3> BlockRows() const {
    return {block_y_ + .5F, block_y_ + .5F, block_y_ + 1.5F};
  }

  // ---- The sky.

  void PaintUnknownSky() const {
    const Group& unknown = painting_.unknown_sky;
    for (std::size_t first = 0; first < unknown.entries.size(); first += kLanes) {
      LookAtSky(unknown, first, known_sky_);
    }
    for (const Entry& entry : unknown.entries) canvas_.Put(entry, known_sky_[entry.x], false);
  }

  void LookAtSky(const Group& group, std::size_t first, std::uint32_t* HWY_RESTRICT known) const {
    const Floats d;
    const auto direction = [&](FloatV x, float y) {
      const auto& rays = painting_.rays;
      Vector3<FloatV> along;
      for (std::size_t k = 0; k < 3; ++k) {
        along[k] =
            hn::Add(hn::Set(d, rays[k][2] + rays[k][1] * y), hn::Mul(hn::Set(d, rays[k][0]), x));
      }
      return Vector3<FloatV>{along[0], along[2], hn::Neg(along[1])};
    };
    const Columns columns = ColumnsOf(group, first);
    std::array<Vector3<FloatV>, 3> blocks;
    for (std::size_t k = 0; k < 3; ++k) blocks[k] = direction(columns.blocks[k], BlockRows()[k]);
    Lookups lookups;
    FindCube(*painting_.sky, direction(columns.middle, y_ + .5F), blocks, lookups);
    const std::size_t count = std::min(kLanes, group.entries.size() - first);
    for (std::size_t lane = 0; lane < count; ++lane) {
      // Its last byte is not 0, where nothing is known it is.
      known[group.entries[first + lane].x] = Word(Mix(painting_.sky->texels(), lookups, lane));
    }
  }

  // ---- Panels.

  // Where on a panel.
  struct Spot {
    FloatV s;
    FloatV t;
  };

  HWY_INLINE static Spot SpotAt(const PanelView& panel, FloatV x, float y) {
    const Floats d;
    const auto line = [&](const std::array<float, 3>& l) {
      return hn::Add(hn::Set(d, l[0] + l[2] * y), hn::Mul(hn::Set(d, l[1]), x));
    };
    const FloatV w = hn::Div(hn::Set(d, 1.0F), line(panel.w));
    return {hn::Mul(line(panel.s), w), hn::Mul(line(panel.t), w)};
  }

  // The triangle in which a spot is: they are numbered along columns, then rows, two per cell.
  HWY_INLINE static IntV TriangleAt(const PanelView& panel, const Spot& spot) {
    const Floats d;
    const Ints di;
    FloatV along_column;
    FloatV along_row;
    const IntV column = CellOf(spot.s, panel.column_cut, &along_column);
    const IntV row = CellOf(spot.t, panel.row_cut, &along_row);
    const auto second = hn::Ge(hn::Add(along_column, along_row), hn::Set(d, 1.0F));
    const IntV cell = hn::Add(hn::Mul(row, hn::Set(di, panel.column_cut.cells)), column);
    return hn::Add(hn::Add(cell, cell),
                   hn::IfThenElseZero(hn::RebindMask(di, second), hn::Set(di, 1)));
  }

  // As many entries of panels as there are lanes, of which `count` are there.
  struct PanelBatch {
    std::array<Entry, kLanes> entries;
    std::array<std::uint32_t, kLanes> ids;
    std::size_t count;
    Spot middle;
    Vector3<FloatV> place;
    alignas(64) std::array<std::array<float, 4>, kLanes> tints;
    alignas(64) std::array<std::array<std::int32_t, kLanes>, 4> triangles;  // of samples
    std::array<std::uint32_t, kMostLights> shaded;                          // lanes, per light
  };

  void PaintPanel(const Group& group, const Instance& instance) {
    const Floats d;
    const Ints di;
    const PanelView& panel = sight_.PanelOf(group.id);
    const Texture* texture = instance.mapping.texture();
    const bool is_strip = texture == nullptr && panel.column_cut.cells == 1;
    PanelBatch batch;
    batch.ids.fill(group.id);
    for (std::size_t first = 0; first < group.entries.size(); first += kLanes) {
      batch.count = std::min(kLanes, group.entries.size() - first);
      if (is_strip && batch.count < kLanes) {  // what is left of several is worked on together
        for (std::size_t i = first; i < group.entries.size(); ++i) {
          AddStrip(group.entries[i], group.id, panel);
        }
        return;
      }
      const Columns columns = ColumnsOf(group, first);
      std::copy_n(group.entries.data() + first, batch.count, batch.entries.begin());
      batch.middle = SpotAt(panel, columns.middle, y_ + .5F);
      auto is_single = hn::FirstN(di, batch.count);  // of one triangle at all samples
      IntV triangle = hn::Zero(di);
      for (std::size_t k = 0; k < samples_; ++k) {
        const FloatV x = hn::Add(columns.middle, hn::Set(d, sample_x_[k] - .5F));
        const Spot spot = samples_ == 1 ? batch.middle : SpotAt(panel, x, y_ + sample_y_[k]);
        const IntV here = TriangleAt(panel, spot);
        if (k == 0) triangle = here;
        is_single = hn::And(is_single, hn::Eq(here, triangle));
        hn::Store(here, di, batch.triangles[k].data());
      }
      batch.place = PlaceAt(panel, batch.middle);
      FindTints(panel, instance.mapping, columns, batch);
      std::uint32_t lanes = (1U << batch.count) - 1;
      FindShaded(batch, lanes);
      if (!blends_) {
        std::uint32_t single = BitsOf(hn::RebindMask(d, is_single));
        lanes &= ~single;
        while (single != 0) {
          const std::int32_t one = batch.triangles[0][hwy::Num0BitsBelowLS1Bit_Nonzero32(single)];
          const std::uint32_t same =
              single & BitsOf(hn::RebindMask(d, hn::Eq(triangle, hn::Set(di, one))));
          PaintTriangle(batch, panel, instance, one, same);
          single &= ~same;
        }
      }
      PaintTriangles(batch, lanes);
    }
  }

  void FindTints(const PanelView& panel, const Mapping& mapping, const Columns& columns,
                 PanelBatch& batch) const {
    const Texture* texture = mapping.texture();
    if (texture == nullptr) {
      batch.tints.fill({1, 1, 1, 1});
      return;
    }
    std::array<Spot, 3> blocks;
    for (std::size_t k = 0; k < 3; ++k) {
      blocks[k] = SpotAt(panel, columns.blocks[k], BlockRows()[k]);
    }
    if (texture->is_srgb()) {
      FindExactTints(panel, mapping, {batch.middle, blocks[0], blocks[1], blocks[2]}, batch);
      return;
    }
    Lookups lookups;
    FindOnPanel(panel, mapping, batch.middle, blocks, lookups);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      hn::Store(Mix(texture->texels(), lookups, lane), Rgb(), batch.tints[lane].data());
    }
  }

  // In double precision, one by one: what is rare.
  static void FindExactTints(const PanelView& panel, const Mapping& mapping,
                             const std::array<Spot, 4>& spots, PanelBatch& batch) {
    const Floats d;
    alignas(64) std::array<std::array<float, kLanes>, 4> s;
    alignas(64) std::array<std::array<float, kLanes>, 4> t;
    for (std::size_t k = 0; k < 4; ++k) {
      hn::Store(spots[k].s, d, s[k].data());
      hn::Store(spots[k].t, d, t[k].data());
    }
    for (std::size_t lane = 0; lane < batch.count; ++lane) {
      std::array<Eigen::Vector3d, 4> at;
      for (std::size_t k = 0; k < 4; ++k) {
        for (std::size_t i = 0; i < 3; ++i) {
          at[k][static_cast<Eigen::Index>(i)] = panel.texture[i] +
                                                s[k][lane] * panel.texture_columns[i] +
                                                t[k][lane] * panel.texture_rows[i];
        }
      }
      const Eigen::Vector3d colour = mapping.Colour(at[0], at[1], at[2], at[3]);
      batch.tints[lane] = {static_cast<float>(colour[0]), static_cast<float>(colour[1]),
                           static_cast<float>(colour[2]), 1};
    }
  }

  HWY_INLINE static Vector3<FloatV> PlaceAt(const PanelView& panel, const Spot& spot) {
    const Floats d;
    Vector3<FloatV> place;
    for (std::size_t k = 0; k < 3; ++k) {
      place[k] = hn::Add(hn::Set(d, panel.corner[k]),
                         hn::Add(hn::Mul(spot.s, hn::Set(d, panel.columns[k])),
                                 hn::Mul(spot.t, hn::Set(d, panel.rows[k]))));
    }
    return place;
  }

  // ---- Strips: panels of one column without texture, a few pixels of each.

  void AddStrip(const Entry& entry, std::uint32_t id, const PanelView& panel) {
    // Rows are found for all lanes at once, so they must be divided alike; tubes' are.
    if (strips_.count > 0 && panel.row_cut.cells != strip_rows_->cells) PaintStrips();
    strip_rows_ = panel.row_cut;
    strips_.entries[strips_.count] = entry;
    strips_.ids[strips_.count] = id;
    if (++strips_.count == kLanes) PaintStrips();
  }

  void PaintStrips() {
    if (strips_.count == 0) return;
    const Floats d;
    const Ints di;
    // w, s, t on the screen, and places: const, along s, along t
    constexpr std::size_t kNumbers = 18;
    alignas(64) std::array<std::array<float, kLanes>, kNumbers> numbers;
    alignas(64) std::array<float, kLanes> x;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t i = std::min(lane, strips_.count - 1);
      const PanelView& panel = sight_.PanelOf(strips_.ids[i]);
      x[lane] = static_cast<float>(strips_.entries[i].x) - sight_.half_width;
      for (std::size_t k = 0; k < 3; ++k) {
        numbers[k][lane] = panel.w[k];
        numbers[3 + k][lane] = panel.s[k];
        numbers[6 + k][lane] = panel.t[k];
        numbers[9 + k][lane] = panel.corner[k];
        numbers[12 + k][lane] = panel.columns[k];
        numbers[15 + k][lane] = panel.rows[k];
      }
    }
    const auto number = [&](std::size_t i) { return hn::Load(d, numbers[i].data()); };
    const FloatV left = hn::Load(d, x.data());
    const auto spot_at = [&](float dx, float dy) -> Spot {
      const FloatV px = hn::Add(left, hn::Set(d, dx));
      const FloatV py = hn::Set(d, y_ + dy);
      const auto line = [&](std::size_t i) {
        return hn::Add(hn::Add(number(i), hn::Mul(number(i + 2), py)), hn::Mul(number(i + 1), px));
      };
      const FloatV w = hn::Div(hn::Set(d, 1.0F), line(0));
      return {hn::Mul(line(3), w), hn::Mul(line(6), w)};
    };
    strips_.middle = spot_at(.5F, .5F);
    for (std::size_t k = 0; k < samples_; ++k) {
      const Spot spot = samples_ == 1 ? strips_.middle : spot_at(sample_x_[k], sample_y_[k]);
      FloatV along_row;
      const IntV row = CellOf(spot.t, *strip_rows_, &along_row);
      const auto second = hn::Ge(hn::Add(spot.s, along_row), hn::Set(d, 1.0F));
      hn::Store(hn::Add(hn::Add(row, row),
                        hn::IfThenElseZero(hn::RebindMask(di, second), hn::Set(di, 1))),
                di, strips_.triangles[k].data());
    }
    for (std::size_t k = 0; k < 3; ++k) {
      strips_.place[k] = hn::Add(number(9 + k), hn::Add(hn::Mul(strips_.middle.s, number(12 + k)),
                                                        hn::Mul(strips_.middle.t, number(15 + k))));
    }
    strips_.tints.fill({1, 1, 1, 1});
    const std::uint32_t lanes = (1U << strips_.count) - 1;
    FindShaded(strips_, lanes);
    PaintTriangles(strips_, lanes);
    strips_.count = 0;
  }

  // The cell of a Cut in which a position is, and how far into it.
  HWY_INLINE static IntV CellOf(FloatV position, const CutView& cut, FloatV* along) {
    const Floats d;
    const Ints di;
    if (cut.cells == 1) {
      *along = position;
      return hn::Zero(di);
    }
    const FloatV one = hn::Set(d, 1.0F);
    const FloatV zero = hn::Zero(d);
    const FloatV last = hn::Set(d, static_cast<float>(cut.cells - 1));
    const FloatV steps =
        hn::Mul(hn::Sub(position, hn::Set(d, cut.first)), hn::Set(d, cut.inverse_step));
    const FloatV cell = hn::Min(hn::Max(hn::Add(hn::Floor(steps), one), zero), last);
    const auto is_first = hn::Eq(cell, zero);
    const auto is_last = hn::Eq(cell, last);
    const FloatV low =
        hn::Add(hn::Set(d, cut.first), hn::Mul(hn::Sub(cell, one), hn::Set(d, cut.step)));
    const FloatV inverse = hn::IfThenElse(
        is_first, hn::Set(d, cut.inverse_first),
        hn::IfThenElse(is_last, hn::Set(d, cut.inverse_last), hn::Set(d, cut.inverse_step)));
    *along = hn::Mul(hn::Sub(position, hn::IfThenZeroElse(is_first, low)), inverse);
    return hn::ConvertTo(di, cell);
  }

  HWY_INLINE static void FindOnPanel(const PanelView& panel, const Mapping& mapping,
                                     const Spot& middle, const std::array<Spot, 3>& blocks,
                                     Lookups& out) {
    const Floats d;
    const auto coordinate = [&](const Spot& spot, std::size_t k) {
      return hn::Add(hn::Set(d, panel.texture[k]),
                     hn::Add(hn::Mul(spot.s, hn::Set(d, panel.texture_columns[k])),
                             hn::Mul(spot.t, hn::Set(d, panel.texture_rows[k]))));
    };
    if (mapping.texture()->is_cube()) {
      const auto direction = [&](const Spot& spot) -> Vector3<FloatV> {
        return {coordinate(spot, 0), coordinate(spot, 1), coordinate(spot, 2)};
      };
      FindCube(*mapping.texture(), direction(middle),
               {direction(blocks[0]), direction(blocks[1]), direction(blocks[2])}, out);
      return;
    }
    const auto mapped = [&](const Spot& spot, std::size_t k) {
      const auto axis = static_cast<Eigen::Index>(k);
      return hn::Add(
          hn::Mul(coordinate(spot, k), hn::Set(d, static_cast<float>(mapping.scale()[axis]))),
          hn::Set(d, static_cast<float>(mapping.offset()[axis])));
    };
    Find2D(*mapping.texture(), mapped(middle, 0), mapped(middle, 1),
           {mapped(blocks[0], 0), mapped(blocks[1], 0), mapped(blocks[2], 0)},
           {mapped(blocks[0], 1), mapped(blocks[1], 1), mapped(blocks[2], 1)}, out);
  }

  // Of a triangle of a panel: the colours at its right-angled corner, of which (s, t) is given, and at
  // the ones beside and above it, that far away (inverse).
  struct Shades {
    std::size_t base, beside, above;  // in the table of colours
    float s0, t0;
    float width, height;
  };

  Shades ShadesOf(std::uint32_t id, const PanelView& panel, const Instance& instance,
                  std::int32_t triangle) {
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
    const auto light = [&](int i, int j) { return LightAt(id, panel, instance, i, j); };
    if (triangle % 2 == 0) {
      shades_ = {light(column, row),
                 light(column + 1, row),
                 light(column, row + 1),
                 s0,
                 t0,
                 width,
                 height};
    } else {
      shades_ = {light(column + 1, row + 1),
                 light(column, row + 1),
                 light(column + 1, row),
                 s1,
                 t1,
                 -width,
                 -height};
    }
    shades_id_ = id;
    shades_triangle_ = triangle;
    return shades_;
  }

  // Of the lanes `lanes`, all samples are of this triangle.
  void PaintTriangle(const PanelBatch& batch, const PanelView& panel, const Instance& instance,
                     std::int32_t triangle, std::uint32_t lanes) {
    const Floats d;
    const Words du;
    const Shades shades = ShadesOf(batch.ids[0], panel, instance, triangle);
    const float* table = painting_.lines.values();
    const FloatV right =
        hn::Mul(hn::Sub(batch.middle.s, hn::Set(d, shades.s0)), hn::Set(d, shades.width));
    const FloatV up =
        hn::Mul(hn::Sub(batch.middle.t, hn::Set(d, shades.t0)), hn::Set(d, shades.height));
    Vector3<FloatV> tint;
    FloatV alpha;
    hn::LoadInterleaved4(d, batch.tints[0].data(), tint[0], tint[1], tint[2], alpha);
    const auto words = [&](std::size_t pass) {
      Vector3<FloatV> colour;
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t i = 4 * pass + c;
        const float base = table[shades.base + i];
        const FloatV gain = hn::Add(hn::Mul(hn::Set(d, table[shades.beside + i] - base), right),
                                    hn::Mul(hn::Set(d, table[shades.above + i] - base), up));
        colour[c] = hn::Mul(hn::Add(hn::Set(d, base), gain), tint[c]);
      }
      return WordsOf(colour);
    };
    auto sum = words(0);
    for (std::size_t k = 0; k < shadows_.size(); ++k) {
      const std::array<std::uint8_t, 8> bytes = {static_cast<std::uint8_t>(batch.shaded[k]),
                                                 static_cast<std::uint8_t>(batch.shaded[k] >> 8)};
      sum = Added(sum, hn::IfThenZeroElse(hn::LoadMaskBits(du, bytes.data()), words(1 + k)));
    }
    alignas(64) std::array<std::uint32_t, kLanes> out;
    hn::Store(sum, du, out.data());
    while (lanes != 0) {
      const std::size_t lane = Pop(&lanes);
      canvas_.Put(batch.entries[lane], out[lane], instance.adds);
    }
  }

  // Which lanes every light does not reach: a whole pixel or nothing, whatever its triangles.
  void FindShaded(PanelBatch& batch, std::uint32_t lanes) const {
    for (std::size_t k = 0; k < shadows_.size(); ++k) {
      batch.shaded[k] = ShadedLanes(shadows_[k], batch.place, lanes);
    }
  }

  // Lanes with their own triangles, or with several.
  void PaintTriangles(const PanelBatch& batch, std::uint32_t lanes) {
    if (lanes == 0) return;
    const Floats d;
    alignas(64) std::array<float, kLanes> s;
    alignas(64) std::array<float, kLanes> t;
    hn::Store(batch.middle.s, d, s.data());
    hn::Store(batch.middle.t, d, t.data());
    while (lanes != 0) {
      const std::size_t lane = Pop(&lanes);
      const Entry& entry = batch.entries[lane];
      const std::uint32_t id = batch.ids[lane];
      const PanelView& panel = sight_.PanelOf(id);
      const Instance& instance = InstanceOf(id);
      for (unsigned left = entry.mask; left != 0;) {
        const std::int32_t triangle =
            batch.triangles[hwy::Num0BitsBelowLS1Bit_Nonzero32(left)][lane];
        unsigned same = 0;
        for (unsigned k = 0; k < samples_; ++k) {
          same |= static_cast<unsigned>(batch.triangles[k][lane] == triangle) << k;
        }
        same &= left;
        left &= ~same;
        const Shades shades = ShadesOf(id, panel, instance, triangle);
        const float* table = painting_.lines.values();
        const float right = (s[lane] - shades.s0) * shades.width;
        const float up = (t[lane] - shades.t0) * shades.height;
        const RgbV tint = hn::Load(Rgb(), batch.tints[lane].data());
        const auto colour = [&](std::size_t pass) {
          const Rgb four;
          const RgbV base = hn::Load(four, table + shades.base + 4 * pass);
          const RgbV gain =
              hn::Add(hn::Mul(hn::Sub(hn::Load(four, table + shades.beside + 4 * pass), base),
                              hn::Set(four, right)),
                      hn::Mul(hn::Sub(hn::Load(four, table + shades.above + 4 * pass), base),
                              hn::Set(four, up)));
          return hn::Mul(hn::Add(base, gain), tint);
        };
        PutLit({entry.x, same}, instance, colour,
               [&](std::size_t k) { return (batch.shaded[k] >> lane & 1) == 0; });
      }
    }
  }

  // Colour(pass) of the plain lights, and of lights with shadows where they reach.
  template <class Colour, class Reaches>
  HWY_INLINE void PutLit(const Entry& entry, const Instance& instance, const Colour& colour,
                         const Reaches& reaches) const {
    if (blends_) {
      canvas_.Blend(entry, colour(0));
      return;
    }
    const hn::FixedTag<std::uint32_t, 1> d;
    std::uint32_t sum = Word(colour(0));
    for (std::size_t k = 0; k < shadows_.size(); ++k) {
      if (reaches(k)) sum = hn::GetLane(Added(hn::Set(d, sum), hn::Set(d, Word(colour(1 + k)))));
    }
    canvas_.Put(entry, sum, instance.adds);
  }

  // Points of a panel are lit this many at once, along a line of its grid.
  static constexpr std::size_t kLit = 8;

  // Where the colours are at which line `column` of a panel's columns crosses line `row` of its rows.
  std::size_t LightAt(std::uint32_t id, const PanelView& panel, const Instance& instance,
                      int column, int row) {
    const auto first = static_cast<std::size_t>(row) / kLit * kLit;
    // Neighbouring panels of one column, as a tube's, share the lines on their sides.
    const bool is_shared = panel.column_cut.cells == 1;
    const std::uint64_t line = is_shared
                                   ? panel.sides[column == 0 ? 0 : 1] << 16
                                   : std::uint64_t{id} << 16 | static_cast<std::uint64_t>(column);
    const std::uint64_t key = (line << 15 | first / kLit) << 1 | std::uint64_t{is_shared};
    bool is_new = false;
    const std::size_t lit = painting_.lines.Find(key, &is_new);
    if (is_new) {
      LightLine(panel, instance, column, static_cast<int>(first), painting_.lines.values() + lit);
    }
    return lit + (static_cast<std::size_t>(row) - first) * colour_size();
  }

  void LightLine(const PanelView& panel, const Instance& instance, int column, int first_row,
                 float* HWY_RESTRICT out) const {
    const hn::CappedTag<float, kLit> d;
    using V = hn::Vec<decltype(d)>;
    alignas(64) std::array<float, kLit> lines;
    for (std::size_t i = 0; i < kLit; ++i) {
      lines[i] = panel.row_cut.Line(first_row + static_cast<int>(i));
    }
    const float s = panel.column_cut.Line(column);
    for (std::size_t first = 0; first < kLit; first += hn::Lanes(d)) {
      const V t = hn::Load(d, lines.data() + first);
      Vector3<V> place;
      Vector3<V> normal;
      for (std::size_t k = 0; k < 3; ++k) {
        place[k] = hn::Add(hn::Set(d, panel.corner[k] + s * panel.columns[k]),
                           hn::Mul(t, hn::Set(d, panel.rows[k])));
        normal[k] = hn::Set(d, panel.normal[k] + s * panel.normal_across[k]);
      }
      V colours[3 * (1 + kMostLights)];
      LightAll(d, sight_, instance, place, normal, colours);
      for (std::size_t pass = 0; pass < sight_.pass_count; ++pass) {
        alignas(64) std::array<float, 4 * kLit> values;
        hn::StoreInterleaved4(colours[3 * pass], colours[3 * pass + 1], colours[3 * pass + 2],
                              hn::Set(d, instance.alpha), d, values.data());
        for (std::size_t i = 0; i < hn::Lanes(d); ++i) {
          hn::Store(hn::Load(Rgb(), values.data() + 4 * i), Rgb(),
                    out + (first + i) * colour_size() + 4 * pass);
        }
      }
    }
  }

  // ---- Facets.

  // The triangles of a facet that samples of its entries belong to, and vertices that need light.
  void FindPoints(const Group& group, const Piece& piece, const Instance& instance) {
    std::array<std::uint32_t, 4> corner;
    for (std::size_t k = 0; k < 4; ++k) {
      corner[k] = static_cast<std::uint32_t>(instance.shape->surface.corners(piece.piece)[k]);
    }
    const float* screen = sight_.screen.data() + 4 * instance.vertices;
    const auto x = [&](std::size_t k) { return screen[4 * corner[k]]; };
    const auto y = [&](std::size_t k) { return screen[4 * corner[k] + 1]; };
    const bool is_quad = corner[2] != corner[3] && !piece.crosses;
    const float dx = x(3) - x(1);
    const float dy = y(3) - y(1);
    // Which side of the diagonal corner 0 is on.
    const bool first_side = dx * (y(0) - y(1)) - dy * (x(0) - x(1)) >= 0;
    for (const Entry& entry : group.entries) {
      unsigned second = 0;
      if (is_quad) {
        for (unsigned s = 0; s < static_cast<unsigned>(samples_); ++s) {
          const float px = static_cast<float>(entry.x) - sight_.half_width + sample_x_[s];
          const float py = y_ + sample_y_[s];
          const bool side = dx * (py - y(1)) - dy * (px - x(1)) >= 0;
          second |= static_cast<unsigned>(side != first_side) << s;
        }
      }
      const unsigned in_first = entry.mask & ~second;
      const unsigned in_second = entry.mask & second;
      if (in_first != 0)
        AddPoint({{entry.x, in_first}, group.id, {corner[0], corner[1], corner[3]}});
      if (in_second != 0)
        AddPoint({{entry.x, in_second}, group.id, {corner[1], corner[2], corner[3]}});
    }
  }

  void AddPoint(const Point& point) {
    points_.push_back(point);
    const std::uint32_t instance = sight_.pieces[point.id].instance;
    for (const std::uint32_t vertex : point.vertex) {
      std::uint8_t& lit = sight_.is_lit[sight_.instances[instance].vertices + vertex];
      if (lit != 0) continue;
      lit = 1;
      painting_.dark.push_back({instance, vertex});
    }
  }

  void LightVertices() {
    const auto& dark = painting_.dark;
    for (std::size_t first = 0; first < dark.size();) {
      std::size_t end = first + 1;
      while (end < dark.size() && end < first + kLanes &&
             dark[end].instance == dark[first].instance) {
        ++end;
      }
      LightBatch(first, end);
      first = end;
    }
    painting_.dark.clear();
  }

  void LightBatch(std::size_t first, std::size_t end) {
    const Floats d;
    const auto& dark = painting_.dark;
    const Instance& instance = sight_.instances[dark[first].instance];
    const Surface& surface = instance.shape->surface;
    alignas(64) std::array<std::int32_t, kLanes> vertices;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      vertices[lane] = static_cast<std::int32_t>(dark[std::min(first + lane, end - 1)].vertex);
    }
    const IntV index = hn::Load(Ints(), vertices.data());
    Vector3<FloatV> local;
    Vector3<FloatV> local_normal;
    for (int k = 0; k < 3; ++k) {
      local[static_cast<std::size_t>(k)] = hn::GatherIndex(d, surface.positions(k), index);
      local_normal[static_cast<std::size_t>(k)] = hn::GatherIndex(d, surface.normals(k), index);
    }
    Vector3<FloatV> place;
    Vector3<FloatV> normal;
    for (std::size_t k = 0; k < 3; ++k) {
      place[k] = Affine(instance.place[k], local[0], local[1], local[2]);
      normal[k] = Dot(Broadcast(d, instance.turn[k]), local_normal);
    }
    FloatV colours[3 * (1 + kMostLights)];
    LightAll(d, sight_, instance, place, Normalized(normal), colours);
    for (std::size_t pass = 0; pass < sight_.pass_count; ++pass) {
      alignas(64) std::array<std::array<float, kLanes>, 3> values;
      for (std::size_t c = 0; c < 3; ++c) hn::Store(colours[3 * pass + c], d, values[c].data());
      for (std::size_t i = first; i < end; ++i) {
        float* to =
            sight_.colours.data() + (instance.vertices + dark[i].vertex) * colour_size() + 4 * pass;
        for (std::size_t c = 0; c < 3; ++c) to[c] = values[c][i - first];
        to[3] = instance.fades ? surface.vertices()[dark[i].vertex].texcoord.x() : instance.alpha;
      }
    }
  }

  // As many points as there are lanes, from point `first`.
  void PaintPoints(std::size_t first) {
    const Floats d;
    const Ints di;
    const std::size_t count = std::min(kLanes, points_.size() - first);
    const auto point = [&](std::size_t lane) -> const Point& {
      return points_[first + std::min(lane, count - 1)];
    };
    alignas(64) std::array<std::array<std::int32_t, kLanes>, 3> vertex;
    alignas(64) std::array<float, kLanes> x;
    std::uint32_t crossing = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const Point& p = point(lane);
      const Piece& piece = sight_.pieces[p.id];
      const auto base = static_cast<std::int32_t>(sight_.instances[piece.instance].vertices);
      for (std::size_t k = 0; k < 3; ++k) {
        vertex[k][lane] = base + static_cast<std::int32_t>(p.vertex[k]);
      }
      x[lane] = static_cast<float>(p.entry.x) - sight_.half_width + .5F;
      crossing |= static_cast<std::uint32_t>(piece.crosses) << lane;
    }
    std::array<IntV, 3> at;
    for (std::size_t k = 0; k < 3; ++k) at[k] = hn::Load(di, vertex[k].data());
    Vector3<FloatV> weights = WeightsAt(at, hn::Load(d, x.data()), y_ + .5F);
    alignas(64) std::array<std::array<float, kLanes>, 3> b;
    for (std::size_t k = 0; k < 3; ++k) hn::Store(weights[k], d, b[k].data());
    for (; crossing != 0;) {
      const std::size_t lane = Pop(&crossing);
      const Point& p = point(lane);
      const auto exact = sight_.Weights(sight_.instances[sight_.pieces[p.id].instance], p.vertex,
                                        x[lane], y_ + .5F);
      for (std::size_t k = 0; k < 3; ++k) b[k][lane] = exact[k];
    }

    std::array<std::uint32_t, kMostLights> shaded = {};
    if (!shadows_.empty()) {
      const Vector3<FloatV> place = PlacesOf(first, count, b);
      for (std::size_t k = 0; k < shadows_.size(); ++k) {
        shaded[k] = ShadedLanes(shadows_[k], place, (1U << count) - 1);
      }
    }
    for (std::size_t lane = 0; lane < count; ++lane) {
      const Point& p = point(lane);
      const Instance& instance = sight_.instances[sight_.pieces[p.id].instance];
      const Rgb four;
      const RgbV tint = instance.mapping.has_texture()
                            ? TextureAt(instance, p, {b[0][lane], b[1][lane], b[2][lane]})
                            : hn::Set(four, 1.0F);
      const auto colour = [&](std::size_t pass) {
        RgbV sum = hn::Zero(four);
        for (std::size_t k = 0; k < 3; ++k) {
          const float* from = sight_.colours.data() +
                              static_cast<std::size_t>(vertex[k][lane]) * colour_size() + 4 * pass;
          sum = hn::Add(sum, hn::Mul(hn::Set(four, b[k][lane]), hn::Load(four, from)));
        }
        return hn::Mul(sum, tint);
      };
      PutLit(p.entry, instance, colour,
             [&](std::size_t k) { return (shaded[k] >> lane & 1) == 0; });
    }
  }

  // Where points are, by their weights.
  Vector3<FloatV> PlacesOf(std::size_t first, std::size_t count,
                           const std::array<std::array<float, kLanes>, 3>& weights) const {
    alignas(64) std::array<std::array<float, kLanes>, 3> place = {};
    for (std::size_t lane = 0; lane < count; ++lane) {
      const Point& p = points_[first + lane];
      const Instance& instance = sight_.instances[sight_.pieces[p.id].instance];
      const Surface& surface = instance.shape->surface;
      std::array<float, 3> local = {0, 0, 0};
      for (std::size_t k = 0; k < 3; ++k) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
          local[axis] += weights[k][lane] * surface.positions(static_cast<int>(axis))[p.vertex[k]];
        }
      }
      for (std::size_t r = 0; r < 3; ++r) {
        const auto& m = instance.place[r];
        place[r][lane] = (m[0] * local[0] + m[1] * local[1]) + (m[2] * local[2] + m[3]);
      }
    }
    const Floats d;
    return {hn::Load(d, place[0].data()), hn::Load(d, place[1].data()),
            hn::Load(d, place[2].data())};
  }

  // Perspective-correct barycentric coordinates at points of the screen.
  HWY_INLINE Vector3<FloatV> WeightsAt(const std::array<IntV, 3>& at, FloatV x, float y) const {
    const Floats d;
    const float* screen = sight_.screen.data();
    Vector3<FloatV> dx;
    Vector3<FloatV> dy;
    for (std::size_t k = 0; k < 3; ++k) {
      dx[k] = hn::Sub(hn::GatherIndex(d, screen, hn::ShiftLeft<2>(at[k])), x);
      dy[k] = hn::Sub(hn::GatherIndex(d, screen + 1, hn::ShiftLeft<2>(at[k])), hn::Set(d, y));
    }
    Vector3<FloatV> weights;
    for (std::size_t k = 0; k < 3; ++k) {
      const std::size_t i = (k + 1) % 3;
      const std::size_t j = (k + 2) % 3;
      weights[k] = hn::Mul(hn::Sub(hn::Mul(dx[i], dy[j]), hn::Mul(dx[j], dy[i])),
                           hn::GatherIndex(d, screen + 3, hn::ShiftLeft<2>(at[k])));
    }
    const FloatV sum = hn::Add(hn::Add(weights[0], weights[1]), weights[2]);
    return Scaled(weights, hn::Div(hn::Set(d, 1.0F), sum));
  }

  // Textures on facets are rare, and looked up in double precision.
  RgbV TextureAt(const Instance& instance, const Point& point,
                 const std::array<float, 3>& here) const {
    const auto interpolated = [&](const std::array<float, 3>& weights) {
      Eigen::Vector3d sum = Eigen::Vector3d::Zero();
      for (std::size_t k = 0; k < 3; ++k) {
        sum += static_cast<double>(weights[k]) *
               instance.mapping.AtCorner(instance.shape->surface.vertices()[point.vertex[k]]);
      }
      return sum;
    };
    const auto at = [&](float x, float y) {
      return interpolated(sight_.Weights(instance, point.vertex, x, y));
    };
    const float x = static_cast<float>(point.entry.x & ~1) - sight_.half_width + .5F;
    const auto rows = BlockRows();
    const Eigen::Vector3d colour = instance.mapping.Colour(interpolated(here), at(x, rows[0]),
                                                           at(x + 1, rows[1]), at(x, rows[2]));
    alignas(16) const std::array<float, 4> values = {static_cast<float>(colour[0]),
                                                     static_cast<float>(colour[1]),
                                                     static_cast<float>(colour[2]), 1};
    return hn::Load(Rgb(), values.data());
  }

  Sight& sight_;
  std::span<const ShadowMap> shadows_;
  bool blends_;
  Painting& painting_;
  Canvas canvas_;
  std::size_t samples_;
  std::array<float, 4> sample_x_;
  std::array<float, 4> sample_y_;
  // Of the row: its number, lower edge, that of its block, and its first sample.
  int row_index_ = 0;
  float y_ = 0;
  float block_y_ = 0;
  std::size_t row_ = 0;
  std::size_t last_ = 0;  // group
  std::uint32_t* known_sky_ = nullptr;
  PanelBatch strips_ = {};
  std::optional<CutView> strip_rows_;
  // The triangle of a panel that was asked for last.
  std::uint32_t shades_id_ = kNothing;
  std::int32_t shades_triangle_ = 0;
  Shades shades_ = {};
  std::vector<Point>& points_ = painting_.points;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

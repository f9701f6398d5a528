// Colours panels. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_PANEL_PAINTER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_PANEL_PAINTER_INL_H_
#undef SACCADE_ENVS_RAYCAST_PANEL_PAINTER_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_PANEL_PAINTER_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <hwy/highway.h>

#include "envs/raycast/brush-inl.h"
#include "envs/raycast/known_panels-inl.h"
#include "envs/raycast/lighting-inl.h"
#include "envs/raycast/panel_lights-inl.h"
#include "envs/raycast/panel_spot-inl.h"
#include "envs/raycast/texture-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

class PanelPainter {
 public:
  explicit PanelPainter(Brush& brush) : brush_(brush), known_(brush), lights_(brush) {}

  // What is known of columns [x, end) of a piece, now; returns the first column that is not.
  HWY_INLINE int PaintKnown(std::uint32_t id, int x, int end) const {
    return known_.PaintRun(id, x, end);
  }

  // Strips (panels of one column without texture) of which there are a few pixels each are worked on
  // together, with the next Finish at the latest. Whether columns [x, end) of a piece are such.
  HWY_INLINE bool TakeStrip(std::uint32_t id, int x, int end, std::uint32_t mask) {
    const Piece& piece = brush_.sight.pieces[id];
    const Instance& instance = brush_.sight.instances[piece.instance];
    if (end - x >= static_cast<int>(kLanes) || instance.mapping.texture() != nullptr ||
        !instance.shape->surface.is_panel(piece.piece) ||
        brush_.OwnerOf(id) != PanelMemory::kNobody) {
      return false;
    }
    const PanelView& panel = brush_.sight.PanelOf(id);
    if (!PanelLights::IsStrip(panel)) return false;
    for (; x < end; ++x) AddStrip({x, mask}, id, panel);
    return true;
  }

  // Now, or with the next Finish.
  void Paint(const Painting::Group& group) {
    const Instance& instance = brush_.InstanceOf(group.id);
    const Floats d;
    const Ints di;
    const PanelView& panel = brush_.sight.PanelOf(group.id);
    const Texture* texture = instance.mapping.texture();
    const bool is_strip = texture == nullptr && PanelLights::IsStrip(panel);
    const std::uint32_t owner = brush_.OwnerOf(group.id);
    PanelBatch batch;
    batch.ids.fill(group.id);
    for (std::size_t first = 0; first < group.count; first += kLanes) {
      batch.count = std::min(kLanes, group.count - first);
      if (owner != PanelMemory::kNobody &&
          known_.Paint(group, first, batch.count, panel, instance, owner)) {
        continue;
      }
      if (is_strip && batch.count < kLanes) {  // what is left of several is worked on together
        for (const Entry& entry : group.all().subspan(first)) AddStrip(entry, group.id, panel);
        return;
      }
      const Brush::Columns columns = brush_.ColumnsOf(group, first);
      std::copy_n(group.entries.data() + first, kLanes, batch.entries.begin());
      batch.is_whole = brush_.IsWhole({batch.entries.data(), batch.count});
      batch.middle = SpotAt(panel, columns.middle, brush_.y + .5F);
      std::array<IntV, 4> triangles;
      triangles.fill(TriangleAt(panel, batch.middle));
      if (brush_.samples == 4) {
        for (std::size_t k = 0; k < 4; ++k) {
          const FloatV x = hn::Add(columns.middle, hn::Set(d, brush_.sample_x[k] - .5F));
          triangles[k] = TriangleAt(panel, SpotAt(panel, x, brush_.y + brush_.sample_y[k]));
        }
      }
      const IntV triangle = triangles[0];
      const auto there = hn::FirstN(di, batch.count);
      auto is_single = there;  // of one triangle at all samples
      for (const IntV& other : triangles) is_single = hn::And(is_single, hn::Eq(other, triangle));
      FindTints(panel, instance.mapping, columns, batch);
      const std::uint32_t lanes = (1U << batch.count) - 1;
      if (!brush_.shadows.empty()) {
        batch.shaded = brush_.ShadedIn(PlaceAt(panel, batch.middle), lanes);
      }
      const std::int32_t one = hn::GetLane(triangle);
      const auto is_one = hn::And(is_single, hn::Eq(triangle, hn::Set(di, one)));
      if (!brush_.blends && hn::AllTrue(di, hn::Or(is_one, hn::Not(there)))) {  // mostly
        PaintTriangle(batch, panel, instance, one, lanes);
        continue;
      }
      SetTriangles(triangles, batch);
      const std::uint32_t single = brush_.blends ? 0 : BitsOf(hn::RebindMask(d, is_single));
      PaintSingle(batch, panel, instance, triangle, single);
      PaintTriangles(batch, lanes & ~single);
    }
  }

  void Finish() {
    if (strips_.count == 0) return;
    const Floats d;
    const Ints di;
    // w, s, t on the screen; where shadows are looked for, places: const, along s, along t.
    constexpr std::size_t kNumbers = 18;
    const bool has_shadows = !brush_.shadows.empty();
    alignas(64) std::array<std::array<float, kLanes>, kNumbers> numbers;
    alignas(64) std::array<float, kLanes> x;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t i = std::min(lane, strips_.count - 1);
      const PanelView& panel = brush_.sight.PanelOf(strips_.ids[i]);
      x[lane] = static_cast<float>(strips_.entries[i].x) - brush_.sight.half_width;
      for (std::size_t k = 0; k < 3; ++k) {
        numbers[k][lane] = panel.w[k];
        numbers[3 + k][lane] = panel.s[k];
        numbers[6 + k][lane] = panel.t[k];
      }
      if (!has_shadows) continue;
      for (std::size_t k = 0; k < 3; ++k) {
        numbers[9 + k][lane] = panel.corner[k];
        numbers[12 + k][lane] = panel.columns[k];
        numbers[15 + k][lane] = panel.rows[k];
      }
    }
    const auto number = [&](std::size_t i) { return hn::Load(d, numbers[i].data()); };
    const FloatV left = hn::Load(d, x.data());
    const auto spot_at = [&](float dx, float dy) -> Spot {
      const FloatV px = hn::Add(left, hn::Set(d, dx));
      const FloatV py = hn::Set(d, brush_.y + dy);
      const auto line = [&](std::size_t i) {
        return hn::Add(hn::Add(number(i), hn::Mul(number(i + 2), py)), hn::Mul(number(i + 1), px));
      };
      const FloatV w = hn::Div(hn::Set(d, 1.0F), line(0));
      return {hn::Mul(line(3), w), hn::Mul(line(6), w)};
    };
    strips_.middle = spot_at(.5F, .5F);
    const auto triangle_at = [&](const Spot& spot) {
      FloatV along_row;
      const IntV row = CellOf(spot.t, *strip_rows_, &along_row);
      const auto second = hn::Ge(hn::Add(spot.s, along_row), hn::Set(d, 1.0F));
      return hn::Add(hn::Add(row, row),
                     hn::IfThenElseZero(hn::RebindMask(di, second), hn::Set(di, 1)));
    };
    std::array<IntV, 4> triangles;
    if (brush_.samples == 4) {
      for (std::size_t k = 0; k < 4; ++k) {
        triangles[k] = triangle_at(spot_at(brush_.sample_x[k], brush_.sample_y[k]));
      }
    } else {
      triangles.fill(triangle_at(strips_.middle));
    }
    SetTriangles(triangles, strips_);
    strips_.tint.fill(hn::Set(d, 1.0F));
    const std::uint32_t lanes = (1U << strips_.count) - 1;
    if (has_shadows) {
      Vector3<FloatV> place;
      for (std::size_t k = 0; k < 3; ++k) {
        place[k] = hn::Add(number(9 + k), hn::Add(hn::Mul(strips_.middle.s, number(12 + k)),
                                                  hn::Mul(strips_.middle.t, number(15 + k))));
      }
      strips_.shaded = brush_.ShadedIn(place, lanes);
    }
    PaintTriangles(strips_, lanes);
    strips_.count = 0;
  }

 private:
  using Entry = Painting::Entry;
  static constexpr std::uint32_t kAllLanes = (std::uint64_t{1} << kLanes) - 1;

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
    bool is_whole;  // Brush::IsWhole
    Spot middle;
    Vector3<FloatV> tint;                                                   // of the texture
    alignas(64) std::array<std::array<std::int32_t, 4>, kLanes> triangles;  // of samples
    std::array<std::uint32_t, kMostLights> shaded;                          // lanes, per light
  };

  HWY_INLINE static void SetTriangles(const std::array<IntV, 4>& of_samples, PanelBatch& batch) {
    hn::StoreInterleaved4(of_samples[0], of_samples[1], of_samples[2], of_samples[3], Ints(),
                          batch.triangles[0].data());
  }

  void FindTints(const PanelView& panel, const Mapping& mapping, const Brush::Columns& columns,
                 PanelBatch& batch) const {
    const Texture* texture = mapping.texture();
    if (texture == nullptr) {
      batch.tint.fill(hn::Set(Floats(), 1.0F));
      return;
    }
    std::array<Spot, 3> blocks;
    for (std::size_t k = 0; k < 3; ++k) {
      blocks[k] = SpotAt(panel, columns.blocks[k], brush_.BlockRows()[k]);
    }
    if (texture->is_srgb()) {
      FindExactTints(panel, mapping, {batch.middle, blocks[0], blocks[1], blocks[2]}, batch);
      return;
    }
    Lookups lookups;
    FindOnPanel(panel, mapping, batch.middle, blocks, lookups);
    batch.tint = Mix(texture->texels(), lookups);
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
    alignas(64) std::array<std::array<float, kLanes>, 3> tint = {};
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
      for (std::size_t c = 0; c < 3; ++c) {
        tint[c][lane] = static_cast<float>(colour[static_cast<Eigen::Index>(c)]);
      }
    }
    for (std::size_t c = 0; c < 3; ++c) batch.tint[c] = hn::Load(d, tint[c].data());
  }

  void AddStrip(const Entry& entry, std::uint32_t id, const PanelView& panel) {
    // Rows are found for all lanes at once, so they must be divided alike; tubes' are.
    if (strips_.count > 0 && panel.row_cut.cells != strip_rows_->cells) Finish();
    strip_rows_ = panel.row_cut;
    strips_.entries[strips_.count] = entry;
    strips_.ids[strips_.count] = id;
    if (++strips_.count == kLanes) Finish();
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

  // Of each of the lanes `lanes`, all samples are of one triangle.
  void PaintSingle(const PanelBatch& batch, const PanelView& panel, const Instance& instance,
                   IntV triangle, std::uint32_t lanes) {
    const Floats d;
    const Ints di;
    while (lanes != 0) {
      const std::int32_t one = batch.triangles[hwy::Num0BitsBelowLS1Bit_Nonzero32(lanes)][0];
      const auto is_same = hn::Eq(triangle, hn::Set(di, one));
      const std::uint32_t same = lanes & BitsOf(hn::RebindMask(d, is_same));
      PaintTriangle(batch, panel, instance, one, same);
      lanes &= ~same;
    }
  }

  // Of the lanes `lanes`, all samples are of this triangle.
  void PaintTriangle(const PanelBatch& batch, const PanelView& panel, const Instance& instance,
                     std::int32_t triangle, std::uint32_t lanes) {
    const Floats d;
    const Words du;
    const PanelLights::Shades shades = lights_.ShadesOf(batch.ids[0], panel, instance, triangle);
    const float* table = brush_.painting.lines.values();
    const FloatV right =
        hn::Mul(hn::Sub(batch.middle.s, hn::Set(d, shades.s0)), hn::Set(d, shades.width));
    const FloatV up =
        hn::Mul(hn::Sub(batch.middle.t, hn::Set(d, shades.t0)), hn::Set(d, shades.height));
    const auto words = [&](std::size_t pass) {
      Vector3<FloatV> colour;
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t i = 4 * pass + c;
        const float base = table[shades.base + i];
        const FloatV gain = hn::Add(hn::Mul(hn::Set(d, table[shades.beside + i] - base), right),
                                    hn::Mul(hn::Set(d, table[shades.above + i] - base), up));
        colour[c] = hn::Mul(hn::Add(hn::Set(d, base), gain), batch.tint[c]);
      }
      return WordsOf(colour);
    };
    const std::uint32_t owner = brush_.OwnerOf(batch.ids[0]);
    if (owner != PanelMemory::kNobody) {
      alignas(64) std::array<std::array<std::uint32_t, kLanes>, 1 + kMostLights> known;
      for (std::size_t pass = 0; pass <= brush_.shadows.size(); ++pass) {
        hn::Store(words(pass), du, known[pass].data());
      }
      for (std::uint32_t left = lanes; left != 0;) {
        const std::size_t lane = Pop(&left);
        known_.Remember(batch.entries[lane], owner,
                        [&](std::size_t pass) { return known[pass][lane]; });
      }
    }
    auto sum = words(0);
    for (std::size_t k = 0; k < brush_.shadows.size(); ++k) {
      const auto shaded = hn::RebindMask(du, MaskOf(batch.shaded[k]));
      sum = Added(sum, hn::IfThenZeroElse(shaded, words(1 + k)));
    }
    if (batch.is_whole && lanes == kAllLanes) {
      brush_.canvas.PutPixels(batch.entries[0].x, sum, instance.adds);
      return;
    }
    if (batch.is_whole && brush_.samples == 1) {
      const auto x = static_cast<std::size_t>(batch.entries[0].x);
      brush_.canvas.PutWords(x, hn::RebindMask(du, MaskOf(lanes)), sum, instance.adds);
      return;
    }
    alignas(64) std::array<std::uint32_t, kLanes> out;
    hn::Store(sum, du, out.data());
    while (lanes != 0) {
      const std::size_t lane = Pop(&lanes);
      brush_.canvas.Put(batch.entries[lane], out[lane], instance.adds);
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
    alignas(64) std::array<std::array<float, 4>, kLanes> tints;
    hn::StoreInterleaved4(batch.tint[0], batch.tint[1], batch.tint[2], hn::Set(d, 1.0F), d,
                          tints[0].data());
    while (lanes != 0) {
      const std::size_t lane = Pop(&lanes);
      const Entry& entry = batch.entries[lane];
      const std::uint32_t id = batch.ids[lane];
      const PanelView& panel = brush_.sight.PanelOf(id);
      const Instance& instance = brush_.InstanceOf(id);
      const bool is_strip = PanelLights::IsStrip(panel);
      for (unsigned left = entry.mask; left != 0;) {
        const std::int32_t triangle =
            batch.triangles[lane][hwy::Num0BitsBelowLS1Bit_Nonzero32(left)];
        const unsigned same = left & SamplesOf(triangle, batch.triangles[lane]);
        left &= ~same;
        const PanelLights::Shades shades = is_strip
                                               ? lights_.ShadesOfStrip(panel, instance, triangle)
                                               : lights_.ShadesOf(id, panel, instance, triangle);
        const float* table = brush_.painting.lines.values();
        const float right = (s[lane] - shades.s0) * shades.width;
        const float up = (t[lane] - shades.t0) * shades.height;
        const RgbV tint = hn::Load(Rgb(), tints[lane].data());
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
        if (const std::uint32_t owner = brush_.OwnerOf(id); owner != PanelMemory::kNobody) {
          known_.Remember({entry.x, same}, owner,
                          [&](std::size_t pass) { return Word(colour(pass)); });
        }
        brush_.PutLit({entry.x, same}, instance, colour,
                      [&](std::size_t k) { return (batch.shaded[k] >> lane & 1) == 0; });
      }
    }
  }

  // Samples, as bits, that are of this triangle.
  HWY_INLINE static unsigned SamplesOf(std::int32_t triangle,
                                       const std::array<std::int32_t, 4>& of_samples) {
    const hn::FixedTag<std::int32_t, 4> d;
    std::array<std::uint8_t, 8> bits = {};
    hn::StoreMaskBits(d, hn::Eq(hn::LoadU(d, of_samples.data()), hn::Set(d, triangle)),
                      bits.data());
    return bits[0];
  }

  Brush& brush_;
  KnownPanels known_;
  PanelLights lights_;
  PanelBatch strips_ = {};
  std::optional<CutView> strip_rows_;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

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

#include <hwy/highway.h>

#include "envs/raycast/brush-inl.h"
#include "envs/raycast/known_panels-inl.h"
#include "envs/raycast/lighting-inl.h"
#include "envs/raycast/panel_batch-inl.h"
#include "envs/raycast/panel_lights-inl.h"
#include "envs/raycast/panel_spot-inl.h"
#include "envs/raycast/strip_painter-inl.h"
#include "envs/raycast/texture-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

class PanelPainter {
 public:
  explicit PanelPainter(Brush& brush)
      : brush_(brush),
        known_(brush),
        lights_(brush),
        batches_(brush, lights_),
        strips_(brush, lights_, batches_) {}
  PanelPainter(const PanelPainter&) = delete;
  PanelPainter& operator=(const PanelPainter&) = delete;

  // What is known of columns [x, end) of a piece, now; returns the first column that is not.
  HWY_INLINE int PaintKnown(std::uint32_t id, int x, int end) const {
    return known_.PaintRun(id, x, end);
  }

  // Strips of which there are a few pixels each are painted with the next Finish at the latest. Whether
  // columns [x, end) of a piece are such.
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
    for (; x < end; ++x) strips_.Add(brush_.At(x, mask), id, panel);
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
    batch.is_remembered = owner != PanelMemory::kNobody;
    for (std::size_t first = 0; first < group.count; first += kLanes) {
      batch.count = std::min(kLanes, group.count - first);
      if (owner != PanelMemory::kNobody &&
          known_.Paint(group, first, batch.count, panel, instance, owner)) {
        continue;
      }
      if (is_strip && batch.count < kLanes) {  // what is left of several is worked on together
        for (const auto& entry : group.all().subspan(first)) strips_.Add(entry, group.id, panel);
        return;
      }
      const Brush::Columns columns = brush_.ColumnsOf(group, first);
      std::copy_n(group.entries.data() + first, kLanes, batch.entries.begin());
      batch.is_whole = brush_.IsWhole(group, first, batch.count);
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
      batch.SetTriangles(triangles);
      const std::uint32_t single = brush_.blends ? 0 : BitsOf(hn::RebindMask(d, is_single));
      PaintSingle(batch, panel, instance, triangle, single);
      batches_.PaintTriangles(batch, lanes & ~single);
    }
  }

  void Finish() { strips_.Finish(); }

 private:
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

  void FindTints(const PanelView& panel, const Mapping& mapping, const Brush::Columns& columns,
                 PanelBatch& batch) const {
    const Texture* texture = mapping.texture();
    if (texture == nullptr) {
      batch.tint.fill(hn::Set(Floats(), 1.0F));
      return;
    }
    // At the pixel itself, and of its block at the lower left one, the one to its right and the one
    // above it.
    const auto all = [&](const auto& at) {
      const auto rows = brush_.BlockRows();
      return std::array{at(columns.middle, brush_.y + .5F), at(columns.blocks[0], rows[0]),
                        at(columns.blocks[1], rows[1]), at(columns.blocks[2], rows[2])};
    };
    const auto direction = [&](FloatV x, float y) { return TextureAt<3>(panel, x, y); };
    if (texture->is_srgb()) {
      FindExactTints(mapping, all(direction), batch);
      return;
    }
    Lookups lookups;
    if (texture->is_cube()) {
      const auto [here, pixel, beside, above] = all(direction);
      FindCube(*texture, here, {pixel, beside, above}, lookups);
    } else {
      const auto [here, pixel, beside, above] =
          all([&](FloatV x, float y) { return TextureAt<2>(panel, x, y); });
      Find2D(*texture, here[0], here[1], {pixel[0], beside[0], above[0]},
             {pixel[1], beside[1], above[1]}, lookups);
    }
    batch.tint = Mix(texture->texels(), lookups);
  }

  // Looked up in double precision, one by one: what is rare.
  static void FindExactTints(const Mapping& mapping, const std::array<Vector3<FloatV>, 4>& places,
                             PanelBatch& batch) {
    const Floats d;
    alignas(64) std::array<std::array<std::array<float, kLanes>, 3>, 4> numbers;
    for (std::size_t k = 0; k < 4; ++k) {
      for (std::size_t i = 0; i < 3; ++i) hn::Store(places[k][i], d, numbers[k][i].data());
    }
    alignas(64) std::array<std::array<float, kLanes>, 3> tint = {};
    for (std::size_t lane = 0; lane < batch.count; ++lane) {
      const auto at = [&](std::size_t k) {
        return Eigen::Vector3d(numbers[k][0][lane], numbers[k][1][lane], numbers[k][2][lane]);
      };
      const Eigen::Vector3d colour = mapping.Colour(at(0), at(1), at(2), at(3));
      for (std::size_t c = 0; c < 3; ++c) {
        tint[c][lane] = static_cast<float>(colour[static_cast<Eigen::Index>(c)]);
      }
    }
    for (std::size_t c = 0; c < 3; ++c) batch.tint[c] = hn::Load(d, tint[c].data());
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
    const PanelLights::Shades shades = lights_.ShadesOf(batch.ids[0], panel, instance, triangle);
    const float* table = brush_.painting.lines.values();
    const FloatV right =
        hn::Mul(hn::Sub(batch.middle.s, hn::Set(d, shades.s0)), hn::Set(d, shades.width));
    const FloatV up =
        hn::Mul(hn::Sub(batch.middle.t, hn::Set(d, shades.t0)), hn::Set(d, shades.height));
    batches_.Put(batch, lanes, [&](std::size_t pass) {
      Vector3<FloatV> colour;
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t i = 4 * pass + c;
        const float base = table[shades.base + i];
        const FloatV gain = hn::Add(hn::Mul(hn::Set(d, table[shades.beside + i] - base), right),
                                    hn::Mul(hn::Set(d, table[shades.above + i] - base), up));
        colour[c] = hn::Mul(hn::Add(hn::Set(d, base), gain), batch.tint[c]);
      }
      return WordsOf(colour);
    });
  }

  Brush& brush_;
  KnownPanels known_;
  PanelLights lights_;
  BatchPainter batches_;
  StripPainter strips_;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

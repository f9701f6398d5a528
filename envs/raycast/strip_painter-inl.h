// Colours strips: panels of one column without texture, as a tube's sides, of which few pixels each are
// seen. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_STRIP_PAINTER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_STRIP_PAINTER_INL_H_
#undef SACCADE_ENVS_RAYCAST_STRIP_PAINTER_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_STRIP_PAINTER_INL_H_
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <hwy/highway.h>

#include "envs/raycast/brush-inl.h"
#include "envs/raycast/panel_batch-inl.h"
#include "envs/raycast/panel_lights-inl.h"
#include "envs/raycast/panel_spot-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Pixels of any strips and rows wait until they are as many as there are lanes.
class StripPainter {
 public:
  StripPainter(Brush& brush, PanelLights& lights, const BatchPainter& batches)
      : brush_(brush), lights_(lights), batches_(batches) {}

  HWY_INLINE void Add(const Painting::Entry& entry, std::uint32_t id, const PanelView& panel) {
    // Rows are found for all lanes at once, so they must be divided alike; tubes' are.
    if (batch_.count > 0 && panel.row_cut.cells != rows_->cells) Finish();
    rows_ = panel.row_cut;
    batch_.entries[batch_.count] = entry;
    batch_.ids[batch_.count] = id;
    places_.Set(batch_.count, brush_, entry, panel);
    if (brush_.OwnerOf(id) != PanelMemory::kNobody) batch_.is_remembered = true;
    if (++batch_.count == kLanes) Finish();
  }

  void Finish() {
    if (batch_.count == 0) return;
    const Ints di;
    batch_.middle = places_.At(.5F, .5F);
    std::array<IntV, 4> triangles;
    triangles.fill(TriangleAt(batch_.middle));
    if (brush_.samples == 4) {
      for (std::size_t k = 0; k < 4; ++k) {
        triangles[k] = TriangleAt(places_.At(brush_.sample_x[k], brush_.sample_y[k]));
      }
    }
    batch_.SetTriangles(triangles);
    batch_.tint.fill(hn::Set(Floats(), 1.0F));
    const std::uint32_t lanes = (1U << batch_.count) - 1;
    if (!brush_.shadows.empty()) {
      batch_.shaded = brush_.ShadedIn(places_.OnPanels(batch_.middle), lanes);
    }
    auto is_single = hn::FirstN(di, batch_.count);
    for (const IntV& other : triangles) {
      is_single = hn::And(is_single, hn::Eq(other, triangles[0]));
    }
    const std::uint32_t single = brush_.blends ? 0 : BitsOf(hn::RebindMask(Floats(), is_single));
    PaintSingle(triangles[0], single);
    batches_.PaintTriangles(batch_, lanes & ~single);
    batch_.count = 0;
    batch_.is_remembered = false;
  }

 private:
  // Of every lane, its panel and where on the screen its pixel is.
  class Places {
   public:
    // Of a lane; others keep what they had.
    HWY_INLINE void Set(std::size_t lane, const Brush& brush, const Painting::Entry& entry,
                        const PanelView& panel) {
      x_[lane] = static_cast<float>(entry.x) - brush.sight.half_width;
      y_[lane] = brush.LowerEdge(entry.row);
      for (std::size_t k = 0; k < 3; ++k) {
        numbers_[k][lane] = panel.w[k];
        numbers_[3 + k][lane] = panel.s[k];
        numbers_[6 + k][lane] = panel.t[k];
      }
      if (brush.shadows.empty()) return;
      for (std::size_t k = 0; k < 3; ++k) {
        numbers_[9 + k][lane] = panel.corner[k];
        numbers_[12 + k][lane] = panel.columns[k];
        numbers_[15 + k][lane] = panel.rows[k];
      }
    }

    // Of a point so far from the pixels' corners, where on the panels it is.
    HWY_INLINE Spot At(float dx, float dy) const {
      const Floats d;
      const FloatV x = hn::Add(hn::Load(d, x_.data()), hn::Set(d, dx));
      const FloatV y = hn::Add(hn::Load(d, y_.data()), hn::Set(d, dy));
      const auto line = [&](std::size_t i) {
        return hn::Add(hn::Add(Number(i), hn::Mul(Number(i + 2), y)), hn::Mul(Number(i + 1), x));
      };
      const FloatV w = hn::Div(hn::Set(d, 1.0F), line(0));
      return {hn::Mul(line(3), w), hn::Mul(line(6), w)};
    }

    // Where that is in the world; where shadows are looked for.
    HWY_INLINE Vector3<FloatV> OnPanels(const Spot& spot) const {
      Vector3<FloatV> place;
      for (std::size_t k = 0; k < 3; ++k) {
        place[k] = hn::Add(Number(9 + k), hn::Add(hn::Mul(spot.s, Number(12 + k)),
                                                  hn::Mul(spot.t, Number(15 + k))));
      }
      return place;
    }

   private:
    HWY_INLINE FloatV Number(std::size_t i) const { return hn::Load(Floats(), numbers_[i].data()); }

    alignas(64) std::array<float, kLanes> x_ = {};
    alignas(64) std::array<float, kLanes> y_ = {};
    // Panels' w, s, t on the screen; places: const, along s, along t.
    alignas(64) std::array<std::array<float, kLanes>, 18> numbers_ = {};
  };

  // Two per row: the lower one at s = 0, and the upper one.
  HWY_INLINE IntV TriangleAt(const Spot& spot) const {
    const Floats d;
    const Ints di;
    FloatV along_row;
    const IntV row = CellOf(spot.t, *rows_, &along_row);
    const auto second = hn::Ge(hn::Add(spot.s, along_row), hn::Set(d, 1.0F));
    return hn::Add(hn::Add(row, row),
                   hn::IfThenElseZero(hn::RebindMask(di, second), hn::Set(di, 1)));
  }

  // Of each of the lanes `lanes`, all samples are of one triangle.
  void PaintSingle(IntV triangle, std::uint32_t lanes) const {
    if (lanes == 0) return;
    const Floats d;
    const PanelLights::ManyShades shades =
        lights_.ShadesOfStrips(batch_.ids, *rows_, triangle, lanes);
    const FloatV right = hn::Mul(hn::Sub(batch_.middle.s, shades.s0), shades.width);
    const FloatV up = hn::Mul(hn::Sub(batch_.middle.t, shades.t0), shades.height);
    const float* table = brush_.painting.lines.values();
    batches_.Put(batch_, lanes, [&](std::size_t pass) {
      Vector3<FloatV> colour;
      for (std::size_t c = 0; c < 3; ++c) {
        const auto look = [&](IntV index) {
          return hn::GatherIndex(d, table + 4 * pass + c, index);
        };
        const FloatV base = look(shades.base);
        const FloatV gain = hn::Add(hn::Mul(hn::Sub(look(shades.beside), base), right),
                                    hn::Mul(hn::Sub(look(shades.above), base), up));
        colour[c] = hn::Add(base, gain);
      }
      return WordsOf(colour);
    });
  }

  Brush& brush_;
  PanelLights& lights_;
  const BatchPainter& batches_;
  PanelBatch batch_ = {};
  Places places_;
  std::optional<CutView> rows_;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

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

// Pixels of any strips and rows wait until they are as many as there are lanes; and so do their parts,
// where samples of a pixel are of several triangles.
class StripPainter {
 public:
  StripPainter(Brush& brush, PanelLights& lights, const BatchPainter& batches)
      : brush_(brush), lights_(lights), batches_(batches) {}

  HWY_INLINE void Add(const Painting::Entry& entry, std::uint32_t id, const PanelView& panel) {
    // Rows are found for all lanes at once, so they must be divided alike; tubes' are.
    if (rows_ && panel.row_cut.cells != rows_->cells) Finish();
    rows_ = panel.row_cut;
    batch_.Add(entry, id, brush_.OwnerOf(id) != PanelMemory::kNobody);
    places_.Set(batch_.count - 1, brush_, entry, panel);
    if (batch_.count == kLanes) PaintBatch();
  }

  void Finish() {
    PaintBatch();
    PaintParts();
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

  void PaintBatch() {
    if (batch_.count == 0) return;
    batch_.middle = places_.At(.5F, .5F);
    std::array<IntV, 4> triangles;
    if (brush_.samples == 4) {
      for (std::size_t k = 0; k < 4; ++k) {
        triangles[k] = TriangleAt(places_.At(brush_.sample_x[k], brush_.sample_y[k]));
      }
    } else {
      triangles.fill(TriangleAt(batch_.middle));
    }
    const std::uint32_t lanes = (1U << batch_.count) - 1;
    if (!brush_.shadows.empty()) {
      batch_.shaded = brush_.ShadedIn(places_.OnPanels(batch_.middle), lanes);
    }
    if (brush_.blends) {
      batch_.SetTriangles(triangles);
      batch_.tint.fill(hn::Set(Floats(), 1.0F));
      batches_.PaintTriangles(batch_, lanes);
    } else if (brush_.samples == 1) {
      Paint(batch_, triangles[0]);
    } else {
      batch_.SetTriangles(triangles);
      Divide();
    }
    batch_.Clear();
  }

  // Makes a part of every triangle that samples of a pixel are of.
  void Divide() {
    const Floats d;
    alignas(64) std::array<float, kLanes> s;
    alignas(64) std::array<float, kLanes> t;
    hn::Store(batch_.middle.s, d, s.data());
    hn::Store(batch_.middle.t, d, t.data());
    for (std::size_t lane = 0; lane < batch_.count; ++lane) {
      const Painting::Entry& entry = batch_.entries[lane];
      const auto& triangles = batch_.triangles[lane];
      for (unsigned left = entry.mask; left != 0;) {
        const std::int32_t triangle = triangles[hwy::Num0BitsBelowLS1Bit_Nonzero32(left)];
        const unsigned same = left & SamplesOf(triangle, triangles);
        left &= ~same;
        const std::size_t part = parts_.count;
        parts_.Add(entry.Of(same), batch_.ids[lane], batch_.is_remembered);
        s_[part] = s[lane];
        t_[part] = t[lane];
        triangle_[part] = triangle;
        for (std::size_t k = 0; k < brush_.shadows.size(); ++k) {
          parts_.shaded[k] |= (batch_.shaded[k] >> lane & 1) << part;
        }
        if (parts_.count == kLanes) PaintParts();
      }
    }
  }

  void PaintParts() {
    if (parts_.count == 0) return;
    parts_.middle = {hn::Load(Floats(), s_.data()), hn::Load(Floats(), t_.data())};
    Paint(parts_, hn::Load(Ints(), triangle_.data()));
    parts_.Clear();
  }

  // Of every lane, all samples are of one triangle.
  void Paint(const PanelBatch& batch, IntV triangle) const {
    const Floats d;
    const std::uint32_t lanes = (1U << batch.count) - 1;
    const PanelLights::ManyShades shades =
        lights_.ShadesOfStrips(batch.ids, *rows_, triangle, lanes);
    const FloatV right = hn::Mul(hn::Sub(batch.middle.s, shades.s0), shades.width);
    const FloatV up = hn::Mul(hn::Sub(batch.middle.t, shades.t0), shades.height);
    const float* table = brush_.painting.lines.values();
    batches_.Put(batch, lanes, [&](std::size_t pass) {
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
  PanelBatch batch_ = {};  // of pixels
  Places places_;
  PanelBatch parts_ = {};  // of pixels, of one triangle each: where on the panel, and which one
  alignas(64) std::array<float, kLanes> s_ = {};
  alignas(64) std::array<float, kLanes> t_ = {};
  alignas(64) std::array<std::int32_t, kLanes> triangle_ = {};
  std::optional<CutView> rows_;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

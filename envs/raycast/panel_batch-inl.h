// Pixels of panels, as many at once as there are lanes. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_PANEL_BATCH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_PANEL_BATCH_INL_H_
#undef SACCADE_ENVS_RAYCAST_PANEL_BATCH_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_PANEL_BATCH_INL_H_
#endif

#include <array>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "envs/raycast/brush-inl.h"
#include "envs/raycast/known_panels-inl.h"
#include "envs/raycast/panel_lights-inl.h"
#include "envs/raycast/panel_spot-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

inline constexpr std::uint32_t kAllLanes = (std::uint64_t{1} << kLanes) - 1;

// As many entries of panels as there are lanes, of which `count` are there.
struct PanelBatch {
  HWY_INLINE void SetTriangles(const std::array<IntV, 4>& of_samples) {
    hn::StoreInterleaved4(of_samples[0], of_samples[1], of_samples[2], of_samples[3], Ints(),
                          triangles[0].data());
  }

  // Below kLanes.
  HWY_INLINE void Add(const Painting::Entry& entry, std::uint32_t id, bool remembers) {
    entries[count] = entry;
    ids[count] = id;
    is_remembered |= remembers;
    ++count;
  }
  void Clear() {
    count = 0;
    is_remembered = false;
    shaded = {};
  }

  std::array<Painting::Entry, kLanes> entries;
  std::array<std::uint32_t, kLanes> ids;
  std::size_t count;
  bool is_whole;       // Brush::IsWhole, and of the row that is worked on
  bool is_remembered;  // some of it, or all
  Spot middle;
  Vector3<FloatV> tint;                                                   // of the texture
  alignas(64) std::array<std::array<std::int32_t, 4>, kLanes> triangles;  // of samples
  std::array<std::uint32_t, kMostLights> shaded;                          // lanes, per light
};

// Samples, as bits, that are of this triangle.
HWY_INLINE unsigned SamplesOf(std::int32_t triangle,
                              const std::array<std::int32_t, 4>& of_samples) {
  const hn::FixedTag<std::int32_t, 4> d;
  std::array<std::uint8_t, 8> bits = {};
  hn::StoreMaskBits(d, hn::Eq(hn::LoadU(d, of_samples.data()), hn::Set(d, triangle)), bits.data());
  return bits[0];
}

// Puts the colours of batches where they belong.
class BatchPainter {
 public:
  BatchPainter(Brush& brush, PanelLights& lights) : brush_(brush), lights_(lights), known_(brush) {}

  // Lanes with one colour each at all samples of their entries: words(pass) of all lanes.
  template <class WordsOfPass>
  HWY_INLINE void Put(const PanelBatch& batch, std::uint32_t lanes,
                      const WordsOfPass& words) const {
    const Words du;
    if (batch.is_remembered) Remember(batch, lanes, words);
    auto sum = words(0);
    for (std::size_t k = 0; k < brush_.shadows.size(); ++k) {
      const auto shaded = hn::RebindMask(du, MaskOf(batch.shaded[k]));
      sum = Added(sum, hn::IfThenZeroElse(shaded, words(1 + k)));
    }
    if (batch.is_whole && lanes == kAllLanes) {
      brush_.canvas.PutPixels(batch.entries[0].x, sum, Adds(batch, 0));
      return;
    }
    if (batch.is_whole && brush_.samples == 1) {
      const auto x = static_cast<std::size_t>(batch.entries[0].x);
      brush_.canvas.PutWords(x, hn::RebindMask(du, MaskOf(lanes)), sum, Adds(batch, 0));
      return;
    }
    alignas(64) std::array<std::uint32_t, kLanes> out;
    hn::Store(sum, du, out.data());
    while (lanes != 0) {
      const std::size_t lane = Pop(&lanes);
      brush_.canvas.Put(batch.entries[lane], out[lane], Adds(batch, lane));
    }
  }

  // Lanes with their own triangles, or with several.
  void PaintTriangles(const PanelBatch& batch, std::uint32_t lanes) const {
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
      const Painting::Entry& entry = batch.entries[lane];
      const std::uint32_t id = batch.ids[lane];
      const PanelView& panel = brush_.sight.PanelOf(id);
      const Instance& instance = brush_.InstanceOf(id);
      for (unsigned left = entry.mask; left != 0;) {
        const std::int32_t triangle =
            batch.triangles[lane][hwy::Num0BitsBelowLS1Bit_Nonzero32(left)];
        const unsigned same = left & SamplesOf(triangle, batch.triangles[lane]);
        left &= ~same;
        const PanelLights::Shades shades = lights_.ShadesOf(id, panel, instance, triangle);
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
          known_.Remember(entry.Of(same), owner,
                          [&](std::size_t pass) { return Word(colour(pass)); });
        }
        brush_.PutLit(entry.Of(same), instance, colour,
                      [&](std::size_t k) { return (batch.shaded[k] >> lane & 1) == 0; });
      }
    }
  }

 private:
  HWY_INLINE bool Adds(const PanelBatch& batch, std::size_t lane) const {
    return brush_.InstanceOf(batch.ids[lane]).adds;
  }

  template <class WordsOfPass>
  void Remember(const PanelBatch& batch, std::uint32_t lanes, const WordsOfPass& words) const {
    alignas(64) std::array<std::array<std::uint32_t, kLanes>, 1 + kMostLights> known;
    for (std::size_t pass = 0; pass <= brush_.shadows.size(); ++pass) {
      hn::Store(words(pass), Words(), known[pass].data());
    }
    while (lanes != 0) {
      const std::size_t lane = Pop(&lanes);
      const std::uint32_t owner = brush_.OwnerOf(batch.ids[lane]);
      if (owner == PanelMemory::kNobody) continue;
      known_.Remember(batch.entries[lane], owner,
                      [&](std::size_t pass) { return known[pass][lane]; });
    }
  }

  Brush& brush_;
  PanelLights& lights_;
  KnownPanels known_;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

// Panels from memory (PanelMemory), and into it. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_KNOWN_PANELS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_KNOWN_PANELS_INL_H_
#undef SACCADE_ENVS_RAYCAST_KNOWN_PANELS_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_KNOWN_PANELS_INL_H_
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <hwy/highway.h>

#include "envs/raycast/brush-inl.h"
#include "envs/raycast/panel_spot-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

class KnownPanels {
 public:
  explicit KnownPanels(const Brush& brush) : brush_(brush) {}

  // Paints entries from memory, when all of them are there; only where lights reach has to be found.
  bool Paint(const Painting::Group& group, std::size_t first, std::size_t count,
             const PanelView& panel, const Instance& instance, std::uint32_t owner) const {
    const std::span<const Painting::Entry> entries(group.entries.data() + first, count);
    const bool is_whole = brush_.IsWhole(group, first, count);
    if (!(is_whole ? IsKnownRun(entries[0].x, owner) : AreKnown(entries, owner))) return false;
    std::array<std::uint32_t, kMostLights> shaded = {};
    std::uint32_t somehow_shaded = 0;
    if (!brush_.shadows.empty()) {
      const Spot middle = SpotAt(panel, brush_.ColumnsOf(group, first).middle, brush_.y + .5F);
      shaded = brush_.ShadedIn(PlaceAt(panel, middle), (1U << count) - 1);
      for (std::size_t k = 0; k < brush_.shadows.size(); ++k) somehow_shaded |= shaded[k];
    }
    if (is_whole && somehow_shaded == 0) {
      brush_.canvas.PutRun(entries[0].x, brush_.KnownLit(), instance.adds);
      return true;
    }
    const auto put = [&](auto d, const auto& put_entry) {
      for (std::size_t lane = 0; lane < count; ++lane) {
        const std::size_t at = static_cast<std::size_t>(entries[lane].x) * brush_.samples;
        if ((somehow_shaded >> lane & 1) == 0) {
          put_entry(entries[lane], hn::LoadU(d, brush_.KnownLit() + at));
          continue;
        }
        auto sum = hn::LoadU(d, brush_.Known(0) + at);
        for (std::size_t k = 0; k < brush_.shadows.size(); ++k) {
          if ((shaded[k] >> lane & 1) != 0) continue;
          sum = Added(sum, hn::LoadU(d, brush_.Known(1 + k) + at));
        }
        put_entry(entries[lane], sum);
      }
    };
    if (brush_.samples == 1) {
      put(hn::FixedTag<std::uint32_t, 1>(), [&](const Entry& entry, auto word) {
        brush_.canvas.Put(entry, hn::GetLane(word), instance.adds);
      });
    } else {
      put(hn::FixedTag<std::uint32_t, 4>(), [&](const Entry& entry, auto words) {
        brush_.canvas.PutFour(entry, words, instance.adds);
      });
    }
    return true;
  }

  // The same of all samples of columns [x, end) of a piece; returns the column where it stopped.
  HWY_INLINE int PaintRun(std::uint32_t id, int x, int end) const {
    if (!brush_.shadows.empty()) return x;
    const std::uint32_t owner = brush_.OwnerOf(id);
    if (owner == PanelMemory::kNobody) return x;
    const Words d;
    const bool adds = brush_.InstanceOf(id).adds;
    const std::size_t stop = static_cast<std::size_t>(end) * brush_.samples;
    std::size_t i = static_cast<std::size_t>(x) * brush_.samples;
    for (; i < stop; i += kLanes) {
      const auto words = hn::LoadU(d, brush_.KnownLit() + i);
      const auto there = hn::FirstN(d, stop - i);
      const auto is_other = hn::Ne(hn::ShiftRight<24>(words), hn::Set(d, owner));
      if (!hn::AllFalse(d, hn::And(there, is_other))) break;
      brush_.canvas.PutWords(i, there, words, adds);
    }
    return std::min(end, brush_.PixelOf(i));
  }

  // Of the samples of an entry, the colour of every pass, colour(pass).
  template <class Colour>
  void Remember(const Painting::Entry& entry, std::uint32_t owner, const Colour& colour) const {
    const hn::FixedTag<std::uint32_t, 1> d;
    const std::size_t at =
        entry.row * brush_.sight.size.stride() + static_cast<std::size_t>(entry.x) * brush_.samples;
    auto lit = hn::Zero(d);
    const auto set = [&](std::uint32_t* words, std::uint32_t word) {
      for (std::size_t s = 0; s < brush_.samples; ++s) {
        if ((entry.mask >> s & 1) != 0) words[at + s] = (word & 0x00FFFFFF) | owner << 24;
      }
    };
    for (std::size_t pass = 0; pass <= brush_.shadows.size(); ++pass) {
      const std::uint32_t word = colour(pass);
      lit = Added(lit, hn::Set(d, word));
      set(brush_.memory->words(pass), word);
    }
    set(brush_.memory->words(brush_.sight.pass_count), hn::GetLane(lit));
  }

 private:
  using Entry = Painting::Entry;

  HWY_INLINE bool IsKnownRun(int x, std::uint32_t owner) const {
    const Words d;
    const std::uint32_t* at = brush_.Known(0) + static_cast<std::size_t>(x) * brush_.samples;
    auto differs = hn::Zero(d);
    for (std::size_t k = 0; k < brush_.samples; ++k) {
      const auto owners = hn::ShiftRight<24>(hn::LoadU(d, at + k * kLanes));
      differs = hn::Or(differs, hn::Xor(owners, hn::Set(d, owner)));
    }
    return hn::AllTrue(d, hn::Eq(differs, hn::Zero(d)));
  }

  HWY_INLINE bool AreKnown(std::span<const Entry> entries, std::uint32_t owner) const {
    const hn::FixedTag<std::uint32_t, 4> d;
    for (const Entry& entry : entries) {
      const std::uint32_t* at =
          brush_.Known(0) + static_cast<std::size_t>(entry.x) * brush_.samples;
      if (brush_.samples == 1) {
        if (*at >> 24 != owner) return false;
        continue;
      }
      const auto is_ours = hn::Eq(hn::ShiftRight<24>(hn::LoadU(d, at)), hn::Set(d, owner));
      std::array<std::uint8_t, 8> bits = {};
      hn::StoreMaskBits(d, is_ours, bits.data());
      if ((entry.mask & ~bits[0]) != 0) return false;
    }
    return true;
  }

  const Brush& brush_;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

// Colours onto samples. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_CANVAS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_CANVAS_INL_H_
#undef SACCADE_ENVS_RAYCAST_CANVAS_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_CANVAS_INL_H_
#endif

#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "envs/raycast/lighting-inl.h"
#include "envs/raycast/painting.h"
#include "envs/raycast/texture-inl.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// A colour as it is stored: red in the lowest byte, green, blue, alpha.
HWY_INLINE std::uint32_t Word(RgbV colour) {
  const Rgb d;
  const hn::FixedTag<std::int32_t, 4> di;
  const hn::FixedTag<std::uint8_t, 4> d8;
  const RgbV scaled = hn::Add(hn::Mul(Clamp01(colour), hn::Set(d, 255.0F)), hn::Set(d, 0.5F));
  const auto bytes = hn::DemoteTo(d8, hn::ConvertTo(di, scaled));
  return hn::GetLane(hn::BitCast(hn::FixedTag<std::uint32_t, 1>(), bytes));
}

// The same of one colour per lane; alpha is 0.
HWY_INLINE hn::Vec<Words> WordsOf(const Vector3<FloatV>& colour) {
  const Floats d;
  const Words du;
  const Ints di;
  const auto byte = [&](std::size_t c) {
    const FloatV scaled =
        hn::Add(hn::Mul(Clamp01(colour[c]), hn::Set(d, 255.0F)), hn::Set(d, 0.5F));
    return hn::BitCast(du, hn::ConvertTo(di, scaled));
  };
  return hn::Or(byte(0), hn::Or(hn::ShiftLeft<8>(byte(1)), hn::ShiftLeft<16>(byte(2))));
}

// What is added saturates.
template <class V>
HWY_INLINE V Added(V a, V b) {
  const hn::DFromV<V> d;
  const hn::Repartition<std::uint8_t, decltype(d)> d8;
  return hn::BitCast(d, hn::SaturatedAdd(hn::BitCast(d8, a), hn::BitCast(d8, b)));
}

class Canvas {
 public:
  Canvas(const Size& size, Painting& painting)
      : stride_(size.stride()),
        samples_(static_cast<std::size_t>(size.samples)),
        words_(painting.samples.data()) {}

  void SetRow(std::uint32_t y) { row_ = words_ + y * stride_; }

  // On the samples of an entry of any row; `adds`: to what is there.
  HWY_INLINE void Put(const Painting::Entry& entry, std::uint32_t word, bool adds) const {
    const hn::FixedTag<std::uint32_t, 4> d;
    if (samples_ == 1) {
      std::uint32_t* at = At(entry);
      *at = adds ? hn::GetLane(Added(hn::Set(d, *at), hn::Set(d, word))) : word;
      return;
    }
    PutFour(entry, hn::Set(d, word), adds);
  }

  // The same where there are four, each with a colour of its own.
  HWY_INLINE void PutFour(const Painting::Entry& entry,
                          hn::Vec<hn::FixedTag<std::uint32_t, 4>> colour, bool adds) const {
    const hn::FixedTag<std::uint32_t, 4> d;
    std::uint32_t* at = At(entry);
    if (entry.mask == 15 && !adds) {
      hn::StoreU(colour, d, at);
      return;
    }
    const auto old = hn::LoadU(d, at);
    if (adds) colour = Added(old, colour);
    alignas(16) static constexpr std::uint32_t kBits[4] = {1, 2, 4, 8};
    const auto bits = hn::Load(d, kBits);
    const auto chosen = hn::Eq(hn::And(hn::Set(d, entry.mask), bits), bits);
    hn::StoreU(hn::IfThenElse(chosen, colour, old), d, at);
  }

  // From column x on, all samples of as many pixels as there are lanes: those of the row `words`.
  HWY_INLINE void PutRun(int x, const std::uint32_t* words, bool adds) const {
    const Words d;
    const std::size_t first = static_cast<std::size_t>(x) * samples_;
    for (std::size_t i = 0; i < samples_; ++i) {
      std::uint32_t* at = row_ + first + i * kLanes;
      const auto colour = hn::LoadU(d, words + first + i * kLanes);
      hn::StoreU(adds ? Added(colour, hn::LoadU(d, at)) : colour, d, at);
    }
  }

  // From sample `first` on, those of the lanes `chosen`.
  HWY_INLINE void PutWords(std::size_t first, hn::Mask<Words> chosen, hn::Vec<Words> words,
                           bool adds) const {
    const Words d;
    std::uint32_t* at = row_ + first;
    const auto old = hn::LoadU(d, at);
    hn::StoreU(hn::IfThenElse(chosen, adds ? Added(words, old) : words, old), d, at);
  }

  // From column x on, all samples of as many pixels as there are lanes, each pixel in one colour.
  HWY_INLINE void PutPixels(int x, hn::Vec<Words> colours, bool adds) const {
    const Words d;
    std::uint32_t* at = row_ + static_cast<std::size_t>(x) * samples_;
    if (samples_ == 1) {
      hn::StoreU(adds ? Added(colours, hn::LoadU(d, at)) : colours, d, at);
      return;
    }
    if (!adds) {
      hn::StoreInterleaved4(colours, colours, colours, colours, d, at);
      return;
    }
    alignas(64) std::array<std::uint32_t, 4 * kLanes> all;
    hn::StoreInterleaved4(colours, colours, colours, colours, d, all.data());
    for (std::size_t i = 0; i < all.size(); i += kLanes) {
      hn::StoreU(Added(hn::Load(d, all.data() + i), hn::LoadU(d, at + i)), d, at + i);
    }
  }

  // Mixed with what is there by alpha, as samples.h says.
  void Blend(const Painting::Entry& entry, RgbV colour) const {
    const Rgb d;
    const hn::FixedTag<std::int32_t, 4> di;
    const hn::FixedTag<std::uint8_t, 4> d8;
    const hn::FixedTag<std::uint32_t, 1> dw;
    const auto bytes = [&](std::uint32_t word) {
      return hn::PromoteTo(di, hn::BitCast(d8, hn::Set(dw, word)));
    };
    // a b / 255.
    const auto share = [&](auto a, auto b) {
      const auto product = hn::Mul(a, b);
      const auto whole = hn::Add(product, hn::ShiftRight<8>(product));
      return hn::ShiftRight<8>(hn::Add(whole, hn::Set(di, 128)));
    };
    const RgbV alpha = hn::Mul(Clamp01(hn::Broadcast<3>(colour)), hn::Set(d, 255.0F));
    const auto opacity = hn::ConvertTo(di, hn::Ceil(hn::Sub(alpha, hn::Set(d, 0.5F))));
    const auto ours = share(bytes(Word(colour)), opacity);
    const auto kept = hn::Sub(hn::Set(di, 255), opacity);
    std::uint32_t* at = At(entry);
    for (std::size_t s = 0; s < samples_; ++s) {
      if ((entry.mask >> s & 1) == 0) continue;
      const auto mixed = hn::Add(ours, share(bytes(at[s]), kept));
      at[s] = hn::GetLane(hn::BitCast(dw, hn::DemoteTo(d8, mixed)));
    }
  }

 private:
  HWY_INLINE std::uint32_t* At(const Painting::Entry& entry) const {
    return words_ + entry.row * stride_ + static_cast<std::size_t>(entry.x) * samples_;
  }

  std::size_t stride_;
  std::size_t samples_;
  std::uint32_t* words_;
  std::uint32_t* row_ = nullptr;
};

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

// As many numbers at once as an instruction set has lanes. Included once per instruction set.

#if defined(SACCADE_ENVS_RAYCAST_LANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef SACCADE_ENVS_RAYCAST_LANES_INL_H_
#undef SACCADE_ENVS_RAYCAST_LANES_INL_H_
#else
#define SACCADE_ENVS_RAYCAST_LANES_INL_H_
#endif

#include <array>
#include <cstddef>
#include <cstdint>

#include <hwy/highway.h>

#include "envs/raycast/surface.h"

HWY_BEFORE_NAMESPACE();
namespace saccade::raycast::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Ints = hn::Rebind<std::int32_t, Floats>;
using Words = hn::Rebind<std::uint32_t, Floats>;
using FloatV = hn::Vec<Floats>;
using IntV = hn::Vec<Ints>;

inline constexpr std::size_t kLanes = hn::MaxLanes(Floats());
static_assert(kLanes <= kMostLanes);
// A mask as bits, the first lane's the lowest, and back.
HWY_INLINE std::uint32_t BitsOf(hn::Mask<Floats> mask) {
  std::array<std::uint8_t, 8> bytes = {};
  hn::StoreMaskBits(Floats(), mask, bytes.data());
  return bytes[0] | static_cast<std::uint32_t>(bytes[1]) << 8;
}

HWY_INLINE hn::Mask<Floats> MaskOf(std::uint32_t bits) {
  const std::array<std::uint8_t, 8> bytes = {static_cast<std::uint8_t>(bits),
                                             static_cast<std::uint8_t>(bits >> 8)};
  return hn::LoadMaskBits(Floats(), bytes.data());
}

// Takes the lowest of the bits.
HWY_INLINE std::size_t Pop(std::uint32_t* bits) {
  const std::size_t lowest = hwy::Num0BitsBelowLS1Bit_Nonzero32(*bits);
  *bits &= *bits - 1;
  return lowest;
}

}  // namespace saccade::raycast::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard

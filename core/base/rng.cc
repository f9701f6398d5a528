#include "core/base/rng.h"

#include <cmath>
#include <numbers>

#include <Random123/philox.h>

#include "core/base/error.h"

namespace saccade {

std::array<std::uint32_t, 4> Philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  const r123::Philox4x32::ctr_type c = {{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x32::key_type k = {{key[0], key[1]}};
  const auto out = r123::Philox4x32()(c, k);
  return {out[0], out[1], out[2], out[3]};
}

RandomStream::RandomStream(std::uint64_t seed, Stream stream, std::uint32_t generation,
                           std::uint32_t index)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      counter_{0, index, generation, static_cast<std::uint32_t>(stream)} {}

void RandomStream::Refill() {
  block_ = Philox4x32(counter_, key_);
  ++counter_[0];
  used_ = 0;
}

std::uint32_t RandomStream::NextU32() {
  if (used_ == 4) Refill();
  return block_[used_++];
}

std::uint64_t RandomStream::NextU64() {
  const std::uint64_t low = NextU32();
  return (static_cast<std::uint64_t>(NextU32()) << 32) | low;
}

double RandomStream::Uniform() { return static_cast<double>(NextU64() >> 11) * 0x1.0p-53; }

double RandomStream::Normal() {
  if (has_normal_) {
    has_normal_ = false;
    return cached_normal_;
  }
  const double radius = std::sqrt(-2 * std::log(1 - Uniform()));  // 1 - u ∈ (0, 1]: log is finite
  const double angle = 2 * std::numbers::pi * Uniform();
  cached_normal_ = radius * std::sin(angle);
  has_normal_ = true;
  return radius * std::cos(angle);
}

void RandomStream::FillNormal(std::span<double> out) {
  for (double& z : out) z = Normal();
}

std::uint32_t RandomStream::Index(std::uint32_t count) {
  SACCADE_CHECK(count > 0);
  // Words below 2³² mod count would make the small residues more likely.
  const std::uint32_t reject_below = (0u - count) % count;
  std::uint32_t word = NextU32();
  while (word < reject_below) word = NextU32();
  return word % count;
}

double RandomStream::Sign() {
  if (signs_left_ == 0) {
    sign_bits_ = NextU32();
    signs_left_ = 32;
  }
  const double sign = (sign_bits_ & 1u) != 0 ? 1.0 : -1.0;
  sign_bits_ >>= 1;
  --signs_left_;
  return sign;
}

}  // namespace saccade

// Random numbers as a function of coordinates, never a sequence of draws shared between users.
//
// A RandomStream is the Philox4x32-10 bijection applied to a counter:
//
//   key     = run seed (64 bits)
//   counter = (block, index, generation, stream), 32 bits each;  block = 0, 1, 2, …
//
// so every coordinate (seed, stream, generation, index) owns 2³² blocks of four 32-bit words that
// nobody else can touch. Threads, ranks, evaluation frequency and resuming cannot change a result.
//
// The distributions are our own, because those of <random> differ between standard libraries:
//   Uniform   53-bit u ∈ [0, 1), the top bits of a 64-bit word
//   Normal    Box–Muller on (0, 1] × [0, 1); both values of a pair are used
//   Index     unbiased by rejection
//
// Thread safety: a stream belongs to one thread; making one costs nothing.
// Reference: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

#ifndef SACCADE_CORE_BASE_RNG_H_
#define SACCADE_CORE_BASE_RNG_H_

#include <array>
#include <cstdint>
#include <span>

namespace saccade {

// What a random number is for. Values are part of the format of a run: never renumber.
enum class Stream : std::uint32_t {
  kInitialParameters = 1,
  kPerturbation = 2,
  kTrainingEpisode = 3,
  kEvaluationEpisode = 4,
  kActionNoise = 5,
  kStrategy = 6,
  kBenchmark = 7,
  kTest = 8,
  kUserEpisode = 9,  // eval, render, rollout and check: the seed is the user's
};

class RandomStream {
 public:
  RandomStream(std::uint64_t seed, Stream stream, std::uint32_t generation, std::uint32_t index);

  std::uint32_t NextU32();
  std::uint64_t NextU64();

  // u ∈ [0, 1) with 53 random bits.
  double Uniform();
  double Uniform(double low, double high) { return low + (high - low) * Uniform(); }

  // z ~ N(0, 1).
  double Normal();
  void FillNormal(std::span<double> out);

  // i ∈ {0, …, count - 1}, each equally likely. `count` must be positive.
  std::uint32_t Index(std::uint32_t count);

  // +1 or -1, each equally likely; consumes one bit of a buffered word.
  double Sign();

 private:
  void Refill();

  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
  bool has_normal_ = false;
  double cached_normal_ = 0;
  std::uint32_t sign_bits_ = 0;
  int signs_left_ = 0;
};

// The bare bijection, for the published test vectors.
std::array<std::uint32_t, 4> Philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_RNG_H_

#include "core/base/rng.h"

#include <cmath>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace saccade {
namespace {

using testing::ElementsAre;

// The known-answer tests that Random123 publishes (kat_vectors, philox4x32 10).
TEST(Philox, MatchesThePublishedVectors) {
  EXPECT_THAT(Philox4x32({0, 0, 0, 0}, {0, 0}),
              ElementsAre(0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u));
  EXPECT_THAT(Philox4x32({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
              ElementsAre(0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu));
  EXPECT_THAT(
      Philox4x32({0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}, {0xa4093822u, 0x299f31d0u}),
      ElementsAre(0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u));
}

TEST(RandomStream, EveryCoordinateGivesAnotherStream) {
  const auto first = [](std::uint64_t seed, Stream stream, std::uint32_t generation,
                        std::uint32_t index) {
    return RandomStream(seed, stream, generation, index).NextU64();
  };
  const std::uint64_t base = first(1, Stream::kTest, 2, 3);
  EXPECT_EQ(base, first(1, Stream::kTest, 2, 3));
  EXPECT_NE(base, first(2, Stream::kTest, 2, 3));
  EXPECT_NE(base, first(1ull << 32, Stream::kTest, 2, 3));
  EXPECT_NE(base, first(1, Stream::kStrategy, 2, 3));
  EXPECT_NE(base, first(1, Stream::kTest, 3, 3));
  EXPECT_NE(base, first(1, Stream::kTest, 2, 4));
}

TEST(RandomStream, UniformHasTheMomentsOfTheUnitInterval) {
  RandomStream random(7, Stream::kTest, 0, 0);
  constexpr int kCount = 200'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kCount; ++i) {
    const double u = random.Uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
    squares += u * u;
  }
  const double mean = sum / kCount;
  EXPECT_NEAR(mean, 0.5, 4 * std::sqrt(1.0 / 12 / kCount));
  EXPECT_NEAR(squares / kCount - mean * mean, 1.0 / 12, 4 * std::sqrt(1.0 / 180 / kCount));
}

TEST(RandomStream, NormalHasFourStandardMoments) {
  std::vector<double> z(400'000);
  RandomStream(8, Stream::kTest, 0, 0).FillNormal(z);
  double moment[5] = {};
  for (const double value : z) {
    double power = 1;
    for (double& m : moment) {
      m += power;
      power *= value;
    }
  }
  const double n = static_cast<double>(z.size());
  // Standard errors of the raw moments of N(0, 1): √(1, 2, 15, 96) / √n.
  EXPECT_NEAR(moment[1] / n, 0, 4 * std::sqrt(1 / n));
  EXPECT_NEAR(moment[2] / n, 1, 4 * std::sqrt(2 / n));
  EXPECT_NEAR(moment[3] / n, 0, 4 * std::sqrt(15 / n));
  EXPECT_NEAR(moment[4] / n, 3, 4 * std::sqrt(96 / n));
}

TEST(RandomStream, NormalsOfOnePairAreUncorrelated) {
  RandomStream random(9, Stream::kTest, 0, 0);
  constexpr int kPairs = 100'000;
  double products = 0;
  for (int i = 0; i < kPairs; ++i) {
    const double first = random.Normal();
    products += first * random.Normal();
  }
  EXPECT_NEAR(products / kPairs, 0, 4 / std::sqrt(kPairs));
}

TEST(RandomStream, IndexIsUniformOnACountThatDoesNotDivideTheWord) {
  RandomStream random(10, Stream::kTest, 0, 0);
  constexpr std::uint32_t kCount = 7;
  constexpr int kDraws = 140'000;
  std::vector<int> hits(kCount);
  for (int i = 0; i < kDraws; ++i) ++hits[random.Index(kCount)];
  const double expected = static_cast<double>(kDraws) / kCount;
  double chi_square = 0;
  for (const int hit : hits) chi_square += (hit - expected) * (hit - expected) / expected;
  EXPECT_LT(chi_square, 22.46);  // 0.999 quantile of χ² with 6 degrees of freedom
}

// With count = 3·2³⁰ a plain modulo would give the first third twice as often as the others.
TEST(RandomStream, IndexRejectsTheWordsThatWouldBiasIt) {
  RandomStream random(11, Stream::kTest, 0, 0);
  constexpr std::uint32_t kThird = 1u << 30;
  constexpr int kDraws = 30'000;
  int low = 0;
  for (int i = 0; i < kDraws; ++i) low += random.Index(3 * kThird) < kThird ? 1 : 0;
  EXPECT_NEAR(low / static_cast<double>(kDraws), 1.0 / 3, 4 * std::sqrt(2.0 / 9 / kDraws));
}

TEST(RandomStream, SignsAreBalanced) {
  RandomStream random(12, Stream::kTest, 0, 0);
  constexpr int kDraws = 100'000;
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) sum += random.Sign();
  EXPECT_NEAR(sum / kDraws, 0, 4 / std::sqrt(kDraws));
}

}  // namespace
}  // namespace saccade

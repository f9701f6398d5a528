#include "es/directions.h"

#include "tests/unit/es/testing.h"

namespace saccade::es {
namespace {

enum class Kind { kGaussian, kOrthogonalChi, kOrthogonalFixed, kHadamard };

std::unique_ptr<Directions> MakeDirections(Kind kind, int dimension, int count,
                                           std::uint64_t seed = 1) {
  if (kind == Kind::kGaussian) return MakeGaussianDirections(dimension, count, seed);
  if (kind == Kind::kHadamard) return MakeHadamardDirections(dimension, count, seed);
  return MakeOrthogonalDirections(dimension, count, seed, kind == Kind::kOrthogonalFixed);
}

Eigen::MatrixXd AllOf(const Directions& directions) {
  Eigen::MatrixXd all(directions.dimension(), directions.count());
  for (int i = 0; i < all.cols(); ++i) directions.Get(i, all.col(i));
  return all;
}

// All directions of many generations, side by side.
Eigen::MatrixXd Sample(Kind kind, int dimension, int count, int generations) {
  const auto directions = MakeDirections(kind, dimension, count);
  Eigen::MatrixXd samples(dimension, count * generations);
  for (int g = 0; g < generations; ++g) {
    directions->Prepare(g);
    samples.middleCols(g * count, count) = AllOf(*directions);
  }
  return samples;
}

class EveryKind : public testing::TestWithParam<Kind> {};
INSTANTIATE_TEST_SUITE_P(Directions, EveryKind,
                         testing::Values(Kind::kGaussian, Kind::kOrthogonalChi,
                                         Kind::kOrthogonalFixed, Kind::kHadamard));

// The standard errors are those of independent Gaussians: orthogonality and fixed lengths only
// narrow the spread.
TEST_P(EveryKind, HasMeanZeroAndUnitCovariance) {
  const Eigen::MatrixXd samples = Sample(GetParam(), 6, 5, 8000);
  const double count = static_cast<double>(samples.cols());
  EXPECT_LT(samples.rowwise().mean().cwiseAbs().maxCoeff(), 5 / std::sqrt(count));
  ExpectCovariance(samples, Eigen::MatrixXd::Identity(6, 6));
}

// The first and the last direction of a block, and those of a second block.
TEST_P(EveryKind, EachDirectionIsIsotropic) {
  constexpr int kGenerations = 10'000;
  const Eigen::MatrixXd samples = Sample(GetParam(), 4, 9, kGenerations);
  for (const int index : {0, 3, 4, 8}) {
    Eigen::MatrixXd one(4, kGenerations);
    for (int g = 0; g < kGenerations; ++g) one.col(g) = samples.col(9 * g + index);
    ExpectCovariance(one, Eigen::MatrixXd::Identity(4, 4));
    EXPECT_LT(one.rowwise().mean().cwiseAbs().maxCoeff(), 5 / std::sqrt(kGenerations)) << index;
  }
}

TEST_P(EveryKind, DependsOnSeedAndGenerationOnly) {
  const auto directions = MakeDirections(GetParam(), 8, 12);
  directions->Prepare(5);
  const Eigen::MatrixXd there = AllOf(*directions);
  directions->Prepare(6);
  EXPECT_NE(AllOf(*directions), there);
  directions->Prepare(5);
  EXPECT_EQ(AllOf(*directions), there);
  const auto other_seed = MakeDirections(GetParam(), 8, 12, 2);
  other_seed->Prepare(5);
  EXPECT_NE(AllOf(*other_seed), there);
}

// Nor in another block.
TEST_P(EveryKind, NoDirectionComesTwice) {
  const auto directions = MakeDirections(GetParam(), 8, 24);
  directions->Prepare(0);
  const Eigen::MatrixXd unit = AllOf(*directions).colwise().normalized();
  const Eigen::MatrixXd cosines = unit.transpose() * unit - Eigen::MatrixXd::Identity(24, 24);
  EXPECT_LT(cosines.cwiseAbs().maxCoeff(), 0.999);
}

TEST_P(EveryKind, CombineIsTheWeightedSum) {
  const auto directions = MakeDirections(GetParam(), 8, 12);
  directions->Prepare(3);
  const Eigen::VectorXd weights = RandomVector(12, 1);
  EXPECT_TRUE(directions->Combine(weights).isApprox(AllOf(*directions) * weights, 1e-13));
}

TEST(Gaussian, KeptAndRedrawnDirectionsAreTheSameBits) {
  constexpr int kDimension = 1 << 21;  // two directions fit into what is kept
  const auto directions = MakeGaussianDirections(kDimension, 3, 1);
  directions->Prepare(4);
  Eigen::MatrixXd drawn(kDimension, 3);
  DrawGaussians(1, 4, drawn);
  EXPECT_TRUE(AllOf(*directions) == drawn);
}

TEST(Orthogonal, BlocksAreOrthogonal) {
  const auto directions = MakeOrthogonalDirections(7, 17, 1, false);
  directions->Prepare(0);
  const Eigen::MatrixXd all = AllOf(*directions).colwise().normalized();
  const Eigen::MatrixXd gram = all.transpose() * all;
  for (const auto& [begin, size] : {std::pair{0, 7}, {7, 7}, {14, 3}}) {
    EXPECT_TRUE(gram.block(begin, begin, size, size).isIdentity(1e-13)) << begin;
  }
  EXPECT_GT(gram.block(0, 7, 7, 7).cwiseAbs().maxCoeff(), 0.1);  // other blocks are independent
}

TEST(Orthogonal, FixedLengthIsTheRootOfTheDimension) {
  const Eigen::VectorXd lengths =
      Sample(Kind::kOrthogonalFixed, 7, 7, 3).colwise().norm().transpose();
  EXPECT_TRUE(lengths.isApprox(Eigen::VectorXd::Constant(21, std::sqrt(7)), 1e-14));
}

// χ²_n has mean n and variance 2n (its fourth central moment is 12 n² + 48 n).
TEST(Orthogonal, ChiLengthsHaveTheMomentsOfAGaussianVector) {
  constexpr double kN = 7;
  const Eigen::VectorXd squares =
      Sample(Kind::kOrthogonalChi, 7, 7, 5000).colwise().squaredNorm().transpose();
  const double count = static_cast<double>(squares.size());
  EXPECT_NEAR(squares.mean(), kN, 4 * std::sqrt(2 * kN / count));
  const double fourth = 12 * kN * kN + 48 * kN;
  EXPECT_NEAR((squares.array() - kN).square().mean(), 2 * kN,
              4 * std::sqrt((fourth - 4 * kN * kN) / count));
}

// Lengths of one block are independent of one another and of the directions.
TEST(Orthogonal, ChiLengthsAreUncorrelatedWithinABlock) {
  constexpr int kGenerations = 20'000;
  const Eigen::MatrixXd samples = Sample(Kind::kOrthogonalChi, 3, 3, kGenerations);
  const Eigen::MatrixXd squares =
      (samples.colwise().squaredNorm().reshaped(3, kGenerations).array() - 3) / std::sqrt(6.0);
  const Eigen::MatrixXd correlation = squares * squares.transpose() / kGenerations;
  for (const auto& [i, j] : {std::pair{0, 1}, {0, 2}, {1, 2}}) {
    EXPECT_NEAR(correlation(i, j), 0, 4 / std::sqrt(kGenerations));
  }
}

TEST(Hadamard, RowsAreOrthogonalOfFullLengthWhenTheDimensionIsAPowerOfTwo) {
  const Eigen::MatrixXd all = Sample(Kind::kHadamard, 16, 16, 1);
  EXPECT_TRUE((all.transpose() * all / 16).isIdentity(1e-13));
  // Not a trivial basis: after three rotations no entry is what one would give.
  EXPECT_GT((all.array().abs() - 1).abs().maxCoeff(), 0.1);
}

TEST(Hadamard, PaddedDimensionsHaveUnitCovariance) {
  ExpectCovariance(Sample(Kind::kHadamard, 5, 8, 5000), Eigen::MatrixXd::Identity(5, 5));
}

}  // namespace
}  // namespace saccade::es

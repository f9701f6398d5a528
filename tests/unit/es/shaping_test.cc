#include "es/shaping.h"

#include "tests/unit/es/testing.h"

namespace saccade::es {
namespace {

using testing::ElementsAre;

Eigen::VectorXd V(std::initializer_list<double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.begin(), std::ssize(values));
}

TEST(CenteredRanks, SpreadFromMinusToPlusOneHalf) {
  EXPECT_THAT(Shape("centered-ranks", V({30, -7, 2, 1e9, 5})),
              ElementsAre(0.25, -0.5, -0.25, 0.5, 0));
}

TEST(CenteredRanks, TiesShareTheAverageRank) {
  EXPECT_THAT(Shape("centered-ranks", V({1, 3, 1, 2, 3})),
              ElementsAre(-0.375, 0.375, -0.375, 0, 0.375));
}

TEST(CenteredRanks, FailedComeAfterTheWorstAndTieWithOneAnother) {
  EXPECT_THAT(Shape("centered-ranks", V({kNaN, 3, -1e200, 2, kNaN})),
              ElementsAre(-0.375, 0.5, 0, 0.25, -0.375));
}

TEST(CenteredRanks, AreExactlyZeroOnAFlatFitness) {
  EXPECT_EQ(Shape("centered-ranks", Eigen::VectorXd::Constant(7, 0.1)), Eigen::VectorXd::Zero(7));
  EXPECT_EQ(Shape("centered-ranks", V({3})), V({0}));
}

TEST(CenteredRanks, AreTheSameBitsUnderIncreasingTransforms) {
  const Eigen::VectorXd fitness = RandomVector(51, 1);
  const Eigen::VectorXd transformed = fitness.array().exp() * 1e6 - 3;
  EXPECT_EQ(Shape("centered-ranks", fitness), Shape("centered-ranks", transformed));
}

TEST(ZScore, HasMeanZeroAndPopulationVarianceOne) {
  const Eigen::VectorXd u = Shape("z-score", 40 * RandomVector(33, 2).array() + 700);
  EXPECT_NEAR(u.mean(), 0, 1e-13);
  EXPECT_NEAR(u.squaredNorm() / 33, 1, 1e-12);
}

TEST(ZScore, IgnoresOffsetAndScale) {
  const Eigen::VectorXd fitness = RandomVector(20, 3);
  const Eigen::VectorXd moved = 250 * fitness.array() + 1000;
  EXPECT_TRUE(Shape("z-score", fitness).isApprox(Shape("z-score", moved), 1e-11));
}

// 0.1 has no exact mean: a plain deviation would be 1e-17 and the scores ±1.
TEST(ZScore, IsExactlyZeroOnAFlatFitness) {
  for (const double value : {0.1, 1e-300, 1e300, -987.654}) {
    EXPECT_EQ(Shape("z-score", Eigen::VectorXd::Constant(7, value)), Eigen::VectorXd::Zero(7));
  }
}

TEST(FitnessValues, FailedCountAsTheWorstFiniteValue) {
  EXPECT_THAT(Shape("none", V({kNaN, 3, -2, kNaN})), ElementsAre(-2, 3, -2, -2));
}

TEST(FitnessValues, AreClamped) {
  EXPECT_THAT(Shape("none", V({1e300, -1e308, 5})), ElementsAre(1e100, -1e100, 5));
  EXPECT_TRUE(Shape("z-score", V({1e308, -1e308, 5})).allFinite());
}

TEST(BestFirst, IsStableAndPutsFailedLast) {
  EXPECT_THAT(BestFirst(V({1, kNaN, 5, 1, -9, kNaN, 5})), ElementsAre(2, 6, 0, 3, 4, 1, 5));
}

TEST(ShareByRank, GivesTheBestTheFirstAndAveragesTies) {
  EXPECT_THAT(ShareByRank(V({1, 7, 3, 3}), V({8, 4, 2, 1})), ElementsAre(1, 8, 3, 3));
  EXPECT_THAT(ShareByRank(V({kNaN, 7, kNaN, 3}), V({8, 4, 2, 1})), ElementsAre(1.5, 8, 1.5, 4));
}

}  // namespace
}  // namespace saccade::es

#include "es/optimizer.h"

#include "tests/unit/es/testing.h"

namespace saccade::es {
namespace {

Eigen::VectorXd V(double a, double b) { return Eigen::Vector2d(a, b); }

OptimizerOptions Options(const std::string& kind, double learning_rate) {
  OptimizerOptions options;
  options.kind = kind;
  options.learning_rate = learning_rate;
  return options;
}

// Where x = (1, -1) ends up after steps along the given gradients.
Eigen::VectorXd After(const OptimizerOptions& options,
                      const std::vector<Eigen::VectorXd>& gradients) {
  Optimizer optimizer(options, 2);
  Eigen::VectorXd x = V(1, -1);
  for (std::size_t g = 0; g < gradients.size(); ++g) {
    optimizer.Step(gradients[g], static_cast<int>(g), x);
  }
  return x;
}

TEST(Sgd, ClimbsTheGradient) {
  EXPECT_TRUE(After(Options("sgd", 0.5), {V(2, 4), V(-1, 0)}).isApprox(V(1.5, 1), 1e-15));
}

TEST(Momentum, AveragesGradients) {
  OptimizerOptions options = Options("momentum", 0.5);
  options.momentum = 0.75;
  // v = (0.5, 1), then 0.75 v + 0.25 (-1, 0) = (0.125, 0.75).
  EXPECT_TRUE(After(options, {V(2, 4)}).isApprox(V(1.25, -0.5), 1e-15));
  EXPECT_TRUE(After(options, {V(2, 4), V(-1, 0)}).isApprox(V(1.3125, -0.125), 1e-15));
}

TEST(Adam, MatchesTheHandComputedSteps) {
  OptimizerOptions options = Options("adam", 0.1);
  options.beta1 = 0.5;
  options.beta2 = 0.75;
  options.epsilon = 1;
  // Step 1: p = (1, 2), q = (1, 4); corrected p = (2, 4), √q = (2, 4); Δ = 0.1 (2/3, 4/5).
  EXPECT_TRUE(After(options, {V(2, 4)}).isApprox(V(1 + 0.2 / 3, -0.92), 1e-14));
  // Step 2 with (-1, 0): p = (0, 1), q = (1, 3); corrections 1 - 0.5² = 0.75, 1 - 0.75² = 0.4375.
  const double second = 0.1 * (1 / 0.75) / (std::sqrt(3 / 0.4375) + 1);
  EXPECT_TRUE(After(options, {V(2, 4), V(-1, 0)}).isApprox(V(1 + 0.2 / 3, -0.92 + second), 1e-14));
}

TEST(ClipUp, NormalisesTheGradientAndClipsTheVelocity) {
  OptimizerOptions options = Options("clipup", 1);
  options.max_speed = 1.5;
  EXPECT_TRUE(After(options, {V(30, 40)}).isApprox(V(1.6, -0.2), 1e-15));
  // |0.9 v + g/|g|| = 1.9 along (0.6, 0.8), clipped to 1.5.
  EXPECT_TRUE(After(options, {V(30, 40), V(3e-9, 4e-9)}).isApprox(V(2.5, 1), 1e-14));
}

TEST(ClipUp, SpeedLimitDefaultsToTwiceTheLearningRate) {
  const std::vector<Eigen::VectorXd> uphill(100, V(3, 4));
  const OptimizerOptions options = Options("clipup", 0.1);
  const Eigen::VectorXd last_step =
      After(options, uphill) - After(options, {uphill.begin(), uphill.end() - 1});
  EXPECT_NEAR(last_step.norm(), 0.2, 1e-12);
}

TEST(ClipUp, AZeroGradientLetsTheVelocityFade) {
  const OptimizerOptions options = Options("clipup", 1);
  EXPECT_EQ(After(options, {V(0, 0)}), V(1, -1));
  EXPECT_TRUE(After(options, {V(3, 4), V(0, 0)}).isApprox(V(1 + 1.9 * 0.6, -1 + 1.9 * 0.8), 1e-14));
}

TEST(Optimizer, L2JoinsTheGradientAndDecayDoesNot) {
  OptimizerOptions options = Options("sgd", 0.5);
  options.l2 = 0.1;
  EXPECT_TRUE(After(options, {V(2, 4)}).isApprox(V(1 + 0.5 * 1.9, -1 + 0.5 * 4.1), 1e-15));
  options = Options("adam", 0.5);
  options.weight_decay = 0.1;
  EXPECT_TRUE(After(options, {V(0, 0)}).isApprox(V(0.95, -0.95), 1e-15));
  // Adam rescales what l2 adds to a full step, whatever its size.
  options.weight_decay = 0;
  options.l2 = 0.1;
  EXPECT_TRUE(After(options, {V(0, 0)}).isApprox(V(0.5, -0.5), 1e-6));
}

TEST(Optimizer, TheScheduleScalesLearningRateAndSpeed) {
  OptimizerOptions options = Options("sgd", 0.5);
  options.schedule.kind = "inverse-time";
  options.schedule.generations = 1;
  EXPECT_TRUE(After(options, {V(2, 0), V(2, 0)}).isApprox(V(2.5, -1), 1e-15));
  options.kind = "clipup";
  options.momentum = 0;
  options.max_speed = 0.25;  // then 0.125
  EXPECT_TRUE(After(options, {V(2, 0), V(2, 0)}).isApprox(V(1.375, -1), 1e-15));
}

TEST(Optimizer, SavedStateContinuesBitwise) {
  for (const char* kind : {"sgd", "momentum", "adam", "clipup"}) {
    Optimizer first(Options(kind, 0.1), 5);
    Eigen::VectorXd x = RandomVector(5, 1);
    for (int g = 0; g < 3; ++g) first.Step(RandomVector(5, 10 + g), g, x);
    TensorMap state;
    first.Save(state);
    Optimizer second = Optimizer(Options(kind, 0.1), 5).Loaded(state);
    Eigen::VectorXd y = x;
    first.Step(RandomVector(5, 20), 3, x);
    second.Step(RandomVector(5, 20), 3, y);
    EXPECT_EQ(x, y) << kind;
  }
}

TEST(Optimizer, RefusesTheStateOfAnotherKindOrSize) {
  TensorMap state;
  Optimizer(Options("adam", 0.1), 5).Save(state);
  EXPECT_EQ(ErrorOf([&] { Optimizer(Options("clipup", 0.1), 5).Loaded(state); }),
            "array 'optimizer/clipup/first' is missing; present: optimizer/adam/first, "
            "optimizer/adam/second, optimizer/steps");
  EXPECT_EQ(ErrorOf([&] { Optimizer(Options("adam", 0.1), 4).Loaded(state); }),
            "array 'optimizer/adam/first' is (5) float64, but 4 elements are needed");
}

TEST(Schedule, RunsFromOneToFinal) {
  ScheduleOptions schedule{.kind = "constant", .final = 0.25, .generations = 10};
  const auto factors = [&](const char* kind) {
    schedule.kind = kind;
    return std::vector<double>{schedule.Factor(0), schedule.Factor(5), schedule.Factor(10),
                               schedule.Factor(30)};
  };
  using testing::DoubleEq;
  using testing::ElementsAre;
  EXPECT_THAT(factors("constant"), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(factors("linear"), ElementsAre(1, DoubleEq(0.625), 0.25, 0.25));
  EXPECT_THAT(factors("cosine"), ElementsAre(1, DoubleEq(0.625), 0.25, 0.25));
  EXPECT_THAT(factors("exponential"), ElementsAre(1, 0.5, 0.25, 0.25));
  EXPECT_THAT(factors("inverse-time"),
              ElementsAre(1, DoubleEq(1 / 1.5), DoubleEq(0.5), DoubleEq(0.25)));
  // Cosine is slow at both ends.
  schedule.kind = "cosine";
  EXPECT_GT(schedule.Factor(1), 0.975);
  EXPECT_LT(schedule.Factor(9), 0.275);
}

}  // namespace
}  // namespace saccade::es

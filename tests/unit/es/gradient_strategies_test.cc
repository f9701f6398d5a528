// openai-es, ars and guided-es: the step against the closed form for the drawn candidates.

#include <Eigen/LU>

#include "tests/unit/es/testing.h"

namespace saccade::es {
namespace {

// One generation with the given fitness function; what was drawn and what came of it.
struct Step {
  Eigen::MatrixXd offsets;  // candidate - mean
  Eigen::VectorXd fitness;
  Eigen::VectorXd change;  // of the mean
};

Step StepOf(Strategy& strategy, const Function& f) {
  const Eigen::VectorXd before = strategy.mean();
  const Eigen::MatrixXd candidates = AskAll(strategy);
  const Eigen::VectorXd fitness = Evaluate(f, candidates);
  TellAll(strategy, fitness);
  return {candidates.colwise() - before, fitness, strategy.mean() - before};
}

double Quadratic(const Eigen::VectorXd& x) { return 100 - (x.array() - 1).square().sum(); }

TEST(OpenAiEs, ClimbsTheMeanOfShapedDifferencesTimesDirections) {
  const auto strategy = Make(
      "{name: openai-es, population: 12, sigma: 0.2, shaping: none,"
      " optimizer: {kind: sgd, learning_rate: 0.3}}",
      RandomVector(5, 1));
  const Step step = StepOf(*strategy, Quadratic);
  Eigen::VectorXd expected = Eigen::VectorXd::Zero(5);
  for (int i = 0; i < 12; ++i) expected += 0.3 * step.fitness[i] * step.offsets.col(i) / 0.2 / 12;
  EXPECT_TRUE(step.change.isApprox(expected, 1e-10));
  EXPECT_GT(step.change.norm(), 1e-3);
}

TEST(OpenAiEs, ForwardDifferencesSubtractTheCentre) {
  const auto strategy = Make(
      "{name: openai-es, population: 13, sigma: 0.2, shaping: none,"
      " perturbation: {antithetic: false}, optimizer: {kind: sgd, learning_rate: 0.3}}",
      RandomVector(5, 1));
  EXPECT_FALSE(strategy->mirrored());
  const Step step = StepOf(*strategy, Quadratic);
  Eigen::VectorXd expected = Eigen::VectorXd::Zero(5);
  for (int i = 0; i < 12; ++i) {
    expected += 0.3 * (step.fitness[i] - step.fitness[12]) * step.offsets.col(i) / 0.2 / 12;
  }
  EXPECT_TRUE(step.change.isApprox(expected, 1e-10));
}

TEST(OpenAiEs, SigmaFollowsItsSchedule) {
  const auto strategy = Make(
      "{name: openai-es, sigma: 0.4, sigma_schedule: {kind: linear, final: 0.5, generations: 2}}",
      RandomVector(200, 1));
  for (const double sigma : {0.4, 0.3, 0.2, 0.2}) {
    EXPECT_DOUBLE_EQ(strategy->sigma(), sigma);
    const Step step = StepOf(*strategy, Quadratic);
    // 64 × 200 squares, half of them independent: relative standard error √(2/6400).
    EXPECT_NEAR(step.offsets.squaredNorm() / 12800 / (sigma * sigma), 1, 4 * std::sqrt(2.0 / 6400));
  }
}

TEST(OpenAiEs, IgnoresOffsetAndScaleUnderZScores) {
  const auto run = [](double scale, double offset) {
    const auto strategy = Make("{name: openai-es, shaping: z-score}", RandomVector(5, 1));
    RunGenerations(
        *strategy, [&](const Eigen::VectorXd& x) { return scale * Quadratic(x) + offset; }, 5);
    return strategy->mean();
  };
  EXPECT_TRUE(run(1, 0).isApprox(run(30, -500), 1e-9));
  EXPECT_FALSE(run(1, 0).isApprox(RandomVector(5, 1), 1e-3));
}

// Recomputes the paper's update from the candidates, with b of N = 6 directions kept.
TEST(Ars, MatchesThePaperForEveryNumberOfTopDirections) {
  for (const int kept : {1, 2, 5, 6}) {
    const auto strategy =
        Make("{name: ars, population: 12, sigma: 0.2, top_directions: " + std::to_string(kept) +
                 ", optimizer: {learning_rate: 0.3}}",
             RandomVector(5, 1));
    const Step step = StepOf(*strategy, Quadratic);
    std::vector<std::pair<double, int>> best;
    for (int k = 0; k < 6; ++k) {
      best.emplace_back(-std::max(step.fitness[2 * k], step.fitness[2 * k + 1]), k);
    }
    std::ranges::sort(best);
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(5);
    Eigen::VectorXd returns(2 * kept);
    for (int i = 0; i < kept; ++i) {
      const int k = best[i].second;
      sum += (step.fitness[2 * k] - step.fitness[2 * k + 1]) * step.offsets.col(2 * k) / 0.2;
      returns.segment(2 * i, 2) = step.fitness.segment(2 * k, 2);
    }
    const double deviation = std::sqrt((returns.array() - returns.mean()).square().mean());
    EXPECT_TRUE(step.change.isApprox(0.3 / (kept * deviation) * sum, 1e-9)) << kept;
  }
}

TEST(Ars, IgnoresOffsetAndScale) {
  const auto run = [](double scale, double offset) {
    const auto strategy = Make("{name: ars, top_directions: 8}", RandomVector(5, 1));
    RunGenerations(
        *strategy, [&](const Eigen::VectorXd& x) { return scale * Quadratic(x) + offset; }, 5);
    return strategy->mean();
  };
  EXPECT_TRUE(run(1, 0).isApprox(run(30, -500), 1e-9));
  EXPECT_FALSE(run(1, 0).isApprox(RandomVector(5, 1), 1e-3));
}

TEST(Ars, KeepsExactlyTopDirectionsWhenTied) {
  const auto strategy =
      Make("{name: ars, population: 8, top_directions: 1}", Eigen::VectorXd::Zero(5));
  const Eigen::MatrixXd x = AskAll(*strategy);
  // All pairs have the same best; only that of the lowest index may count.
  TellAll(*strategy, (Eigen::VectorXd(8) << 0, 1, 1, 0, 1, 0, 1, 0).finished());
  EXPECT_NEAR(strategy->mean().normalized().dot(x.col(1).normalized()), 1, 1e-12);
}

TEST(Ars, RefusesOptionsThatDoNotFit) {
  const Eigen::VectorXd start = Eigen::VectorXd::Zero(3);
  EXPECT_EQ(ErrorOf([&] { Make("{name: ars, population: 8, top_directions: 5}", start); }),
            "test:1:44: strategy.top_directions: 5 must not exceed 4, the number of directions "
            "(population / 2)");
  EXPECT_EQ(ErrorOf([&] { Make("{name: ars, perturbation: {antithetic: false}}", start); }),
            "test:1:27: strategy.perturbation: antithetic must be true: this strategy compares "
            "mirrored candidates");
}

// A state with three past gradients: the first 10,000 pairs after it are a sample of the model.
TEST(GuidedEs, SampleCovarianceMatchesTheModel) {
  const auto source = Make(
      "{name: guided-es, population: 8, subspace: 3, alpha: 0.3, sigma: 0.7,"
      " optimizer: {kind: sgd, learning_rate: 0.01}}",
      RandomVector(6, 1));
  RunGenerations(*source, Quadratic, 5);
  const auto strategy = Make(
      "{name: guided-es, population: 20000, subspace: 3, alpha: 0.3, sigma: 0.7,"
      " optimizer: {kind: sgd, learning_rate: 0.01}}",
      RandomVector(6, 1));
  strategy->Load(source->Save());

  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::VectorXd saved = Saved(*strategy, "gradients");
  ASSERT_EQ(saved.size(), 18);
  const Eigen::MatrixXd gradients = Eigen::Map<const RowMajor>(saved.data(), 6, 3);
  // The projection on their span, U Uᵀ, without choosing a basis.
  const Eigen::MatrixXd projection =
      gradients * (gradients.transpose() * gradients).inverse() * gradients.transpose();
  const Eigen::MatrixXd covariance =
      0.49 * (0.3 / 6 * Eigen::MatrixXd::Identity(6, 6) + 0.7 / 3 * projection);
  EXPECT_GT((covariance - 0.49 / 6 * Eigen::MatrixXd::Identity(6, 6)).norm(), 0.05);

  const Eigen::MatrixXd x = AskAll(*strategy).colwise() - strategy->mean();
  Eigen::MatrixXd first_of_pairs(6, 10'000);
  for (int i = 0; i < 10'000; ++i) first_of_pairs.col(i) = x.col(2 * i);
  ExpectCovariance(first_of_pairs, covariance);
  EXPECT_NEAR(strategy->sigma(), 0.7 / std::sqrt(6), 1e-12);
}

TEST(GuidedEs, ClimbsTheMeanOfDifferencesTimesPerturbations) {
  const auto strategy = Make(
      "{name: guided-es, population: 12, sigma: 0.2, shaping: none, subspace: 2,"
      " optimizer: {kind: sgd, learning_rate: 0.001}}",
      RandomVector(5, 1));
  for (int g = 0; g < 4; ++g) {  // without a guide at first, then with one
    const Step step = StepOf(*strategy, Quadratic);
    Eigen::VectorXd expected = Eigen::VectorXd::Zero(5);
    for (int i = 0; i < 12; ++i) {
      expected += 0.001 * step.fitness[i] * step.offsets.col(i) / (0.2 * 0.2) / 12;
    }
    EXPECT_TRUE(step.change.isApprox(expected, 1e-8)) << g;
    // The newest gradient is in the memory.
    const Eigen::VectorXd saved = Saved(*strategy, "gradients");
    const int columns = std::min(g + 1, 2);
    ASSERT_EQ(saved.size(), 5 * columns);
    const Eigen::VectorXd newest = saved.reshaped(columns, 5).row(columns - 1).transpose();
    EXPECT_NEAR(newest.dot(step.change.normalized()), 1, 1e-9);
  }
}

TEST(GuidedEs, AFlatFitnessIsNoGuide) {
  const auto strategy = Make("{name: guided-es, subspace: 2}", RandomVector(5, 1));
  RunGenerations(
      *strategy, [](const Eigen::VectorXd&) { return 3.0; }, 3);
  EXPECT_EQ(Saved(*strategy, "gradients").size(), 0);
  EXPECT_EQ(strategy->mean(), RandomVector(5, 1));
}

TEST(GuidedEs, RefusesASubspaceLargerThanTheSpace) {
  EXPECT_EQ(ErrorOf([] { Make("{name: guided-es}", RandomVector(5, 1)); }),
            "test:1:1: strategy.subspace: 10 must not exceed the number of weights, 5");
}

TEST(MirroredStrategies, AFlatFitnessMovesNothing) {
  for (const char* name : {"openai-es", "ars", "pgpe", "guided-es"}) {
    for (const char* kind : {"gaussian", "orthogonal", "hadamard"}) {
      const auto strategy =
          Make(std::string("{name: ") + name + ", perturbation: {kind: " + kind + "}}",
               RandomVector(12, 1));
      RunGenerations(
          *strategy, [](const Eigen::VectorXd&) { return 0.1; }, 3);
      EXPECT_EQ(strategy->mean(), RandomVector(12, 1)) << name << " " << kind;
    }
  }
}

}  // namespace
}  // namespace saccade::es

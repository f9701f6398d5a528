// A linear-quadratic regulator whose optimum is known from the Riccati equation.
//
//   x' = A x + u + w,  u = K x,  x_0, w ~ N(0, I);   cost per step xᵀ Q x + uᵀ u, Q = I/1000
//
// for 302 steps, with A tridiagonal (1.01 on the diagonal, 0.01 beside it) and the 9 weights of K.
// The expected cost of any K needs no sampling:
//
//   X_0 = I,  X_{t+1} = (A+K) X_t (A+K)ᵀ + I,  J(K) = Σ_t trace((Q + KᵀK) X_t)
//
// Setting: the code of Mania, Guy and Recht (ARS).

#include <Eigen/LU>

#include "tests/unit/es/testing.h"

namespace saccade::es {
namespace {

using Matrix3 = Eigen::Matrix3d;
using Vector = Eigen::VectorXd;

constexpr int kSteps = 302;
constexpr double kBestConstantGain = 39.525056;  // minimum of J over all K

Matrix3 Dynamics() {
  Matrix3 a;
  a << 1.01, 0.01, 0, 0.01, 1.01, 0.01, 0, 0.01, 1.01;
  return a;
}

Matrix3 GainOf(const Vector& weights) { return Eigen::Map<const Matrix3>(weights.data()); }

double ExpectedCost(const Matrix3& gain) {
  const Matrix3 closed_loop = Dynamics() + gain;
  const Matrix3 step_cost = Matrix3::Identity() / 1000 + gain.transpose() * gain;
  Matrix3 covariance = Matrix3::Identity();
  double cost = 0;
  for (int t = 0; t < kSteps; ++t) {
    cost += step_cost.cwiseProduct(covariance).sum();
    covariance = closed_loop * covariance * closed_loop.transpose() + Matrix3::Identity();
  }
  return cost;
}

double ExpectedReturn(const Vector& weights) { return -ExpectedCost(GainOf(weights)); }

double SimulatedCost(const Matrix3& gain, std::uint32_t generation, std::uint32_t episode) {
  RandomStream random(1, Stream::kTest, generation, episode);
  const auto noise = [&] {
    return Eigen::Vector3d(random.Normal(), random.Normal(), random.Normal());
  };
  const Matrix3 dynamics = Dynamics();
  Eigen::Vector3d x = noise();
  double cost = 0;
  for (int t = 0; t < kSteps; ++t) {
    const Eigen::Vector3d u = gain * x;
    cost += x.squaredNorm() / 1000 + u.squaredNorm();
    x = dynamics * x + u + noise();
  }
  return cost;
}

// K* = -(I+P)⁻¹ P A, with P from iterating P = Q + AᵀPA - AᵀP (I+P)⁻¹ PA.
Matrix3 RiccatiGain() {
  const Matrix3 a = Dynamics();
  Matrix3 p = Matrix3::Zero();
  for (int i = 0; i < 2000; ++i) {
    const Matrix3 gain = -(Matrix3::Identity() + p).inverse() * p * a;
    p = Matrix3::Identity() / 1000 + a.transpose() * p * (a + gain);
  }
  return -(Matrix3::Identity() + p).inverse() * p * a;
}

TEST(Lqr, TheRiccatiGainIsThePublishedOne) {
  const Matrix3 gain = RiccatiGain();
  EXPECT_NEAR(gain(0, 0), -0.0437309, 5e-8);
  EXPECT_NEAR(gain(0, 1), -0.0125086, 5e-8);
  EXPECT_NEAR(gain(0, 2), -0.0012694, 5e-8);
  EXPECT_NEAR(gain(1, 1), -0.0450003, 5e-8);
  EXPECT_NEAR(ExpectedCost(gain), 39.593108, 1e-6);
  EXPECT_NEAR(ExpectedCost(-0.1 * Matrix3::Identity()), 57.934433, 1e-6);
}

// The standard deviation of an episode's cost is 10.1, so 4 standard errors are 0.29.
TEST(Lqr, SimulationHasTheExpectedCost) {
  constexpr int kEpisodes = 20'000;
  const Matrix3 gain = RiccatiGain();
  double sum = 0;
  for (int e = 0; e < kEpisodes; ++e) sum += SimulatedCost(gain, 0, e);
  EXPECT_NEAR(sum / kEpisodes, 39.593, 0.3);
}

TEST(Lqr, DistributionStrategiesFindTheBestConstantGain) {
  for (const char* name : {"cma-es", "sep-cma-es", "snes", "cr-fm-nes"}) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const auto strategy =
          Make(std::string("{name: ") + name + ", population: 20}", Vector::Zero(9), seed);
      RunGenerations(*strategy, ExpectedReturn, 300);
      EXPECT_LT(-ExpectedReturn(strategy->mean()), 1.001 * kBestConstantGain) << name << seed;
    }
  }
}

// ARS V1 with N = b = 9 and a decaying step, averaged over the last 200 of 1,000 iterations.
double CostOfArs(const std::string& nu) {
  const auto strategy = Make("{name: ars, population: 18, sigma: " + nu +
                                 ", optimizer: {learning_rate: 0.01,"
                                 " schedule: {kind: inverse-time, generations: 20}}}",
                             Vector::Zero(9));
  RunGenerations(*strategy, ExpectedReturn, 800);
  double sum = 0;
  for (int g = 0; g < 200; ++g) {
    RunGenerations(*strategy, ExpectedReturn, 1);
    sum -= ExpectedReturn(strategy->mean());
  }
  return sum / 200;
}

TEST(Lqr, ArsFindsTheBestConstantGainWithSmallPerturbations) {
  EXPECT_LT(CostOfArs("0.003"), 1.001 * kBestConstantGain);
}

// With larger ones it finds the optimum of the smoothed return instead, which is known.
TEST(Lqr, ArsShowsTheSmoothingBiasOfLargePerturbations) {
  EXPECT_NEAR(CostOfArs("0.01"), 40.34, 0.1);
}

// Both candidates of a pair see the same episode.
TEST(Lqr, ArsLearnsFromSimulatedEpisodes) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto strategy =
        Make("{name: ars, population: 18, sigma: 0.01, optimizer: {learning_rate: 0.01}}",
             Vector::Zero(9), seed);
    double best = 1e9;
    for (int g = 0; g < 60; ++g) {
      const Eigen::MatrixXd x = AskAll(*strategy);
      Vector fitness(18);
      for (int i = 0; i < 18; ++i)
        fitness[i] = -SimulatedCost(GainOf(x.col(i)), seed * 100 + g, i / 2);
      TellAll(*strategy, fitness);
      best = std::min(best, -ExpectedReturn(strategy->mean()));
    }
    EXPECT_LE(best, 41.50) << seed;
  }
}

// The distances that docs/strategies.md states for the strategies with settings of their own.
TEST(Lqr, GradientStrategiesComeAsCloseAsDocumented) {
  struct Case {
    const char* yaml;
    double distance;
  };
  const Case cases[] = {
      {"{name: openai-es, sigma: 0.005, optimizer: {learning_rate: 0.01,"
       " schedule: {kind: inverse-time, generations: 20}}}",
       0.005},
      {"{name: guided-es, subspace: 3, sigma: 0.01, optimizer: {learning_rate: 0.01,"
       " schedule: {kind: inverse-time, generations: 20}}}",
       0.002},
      {"{name: pgpe, radius: 0.05, optimizer: {learning_rate: 0.01,"
       " schedule: {kind: inverse-time, generations: 20}}}",
       0.01},
      {"{name: random-search, sigma: 0.05}", 0.001},
  };
  for (const Case& test : cases) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const auto strategy = Make(test.yaml, Vector::Zero(9), seed);
      RunGenerations(*strategy, ExpectedReturn, 300);
      EXPECT_LT(-ExpectedReturn(strategy->mean()) / kBestConstantGain, 1 + test.distance)
          << test.yaml << " seed " << seed;
    }
  }
}

}  // namespace
}  // namespace saccade::es

#include "es/pgpe.h"

#include "tests/unit/es/testing.h"

namespace saccade::es {
namespace {

constexpr const char* kPlain =
    "{name: pgpe, population: 12, radius: 0.5, shaping: none, sigma_learning_rate: 0.01,"
    " optimizer: {kind: sgd, learning_rate: 0.3}}";

double Bowl(const Eigen::VectorXd& x) { return -x.squaredNorm(); }

TEST(Pgpe, MatchesTheClosedFormForTheDrawnCandidates) {
  const auto strategy = Make(kPlain, RandomVector(5, 1));
  for (int g = 0; g < 3; ++g) {
    const Eigen::VectorXd mean = strategy->mean();
    const Eigen::ArrayXd s = Saved(*strategy, "deviation").array();
    const Eigen::MatrixXd x = AskAll(*strategy);
    const Eigen::VectorXd f = Evaluate(Bowl, x);
    TellAll(*strategy, f);
    Eigen::ArrayXd mean_gradient = Eigen::ArrayXd::Zero(5);
    Eigen::ArrayXd s_gradient = Eigen::ArrayXd::Zero(5);
    for (int i = 0; i < 6; ++i) {
      const Eigen::ArrayXd p = (x.col(2 * i) - mean).array();
      mean_gradient += 0.5 * (f[2 * i] - f[2 * i + 1]) * p / 6;
      s_gradient += (0.5 * (f[2 * i] + f[2 * i + 1]) - f.mean()) * (p.square() - s * s) / s / 6;
    }
    EXPECT_TRUE((strategy->mean() - mean).isApprox(0.3 * mean_gradient.matrix(), 1e-10));
    EXPECT_TRUE(Saved(*strategy, "deviation").isApprox((s + 0.01 * s_gradient).matrix(), 1e-12));
    EXPECT_GT(s_gradient.matrix().norm(), 1e-3);
  }
}

TEST(Pgpe, StartsWithTheRadius) {
  const auto strategy = Make(kPlain, RandomVector(5, 1));
  EXPECT_TRUE(Saved(*strategy, "deviation")
                  .isApprox(Eigen::VectorXd::Constant(5, 0.5 / std::sqrt(5)), 1e-15));
  EXPECT_NEAR(strategy->sigma(), 0.5 / std::sqrt(5), 1e-15);
}

TEST(Pgpe, DeviationsChangeByAtMostTheLimit) {
  const auto strategy =
      Make("{name: pgpe, sigma_learning_rate: 1000, sigma_max_change: 0.2}", RandomVector(50, 1));
  const Eigen::ArrayXd before = Saved(*strategy, "deviation").array();
  RunGenerations(*strategy, Bowl, 1);
  const Eigen::ArrayXd ratio = Saved(*strategy, "deviation").array() / before;
  EXPECT_NEAR(ratio.minCoeff(), 0.8, 1e-12);
  EXPECT_NEAR(ratio.maxCoeff(), 1.2, 1e-12);
}

// At the maximum, spreading along a steep coordinate costs more than along a flat one.
TEST(Pgpe, ShrinksTheDeviationsOfSteepCoordinatesMost) {
  const auto strategy = Make("{name: pgpe, population: 400}", Eigen::VectorXd::Zero(4));
  const Eigen::ArrayXd before = Saved(*strategy, "deviation").array();
  const auto steep_first = [](const Eigen::VectorXd& x) {
    return -100 * x[0] * x[0] - x.squaredNorm();
  };
  RunGenerations(*strategy, steep_first, 5);
  const Eigen::ArrayXd ratio = Saved(*strategy, "deviation").array() / before;
  EXPECT_LT(ratio[0], 0.95);
  EXPECT_GT(ratio.tail(3).minCoeff(), ratio[0] + 0.03);
}

}  // namespace
}  // namespace saccade::es

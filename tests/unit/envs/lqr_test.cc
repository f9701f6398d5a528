#include "envs/toy/lqr.h"

#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>

namespace saccade {
namespace {

constexpr double kStep = 0.1;
constexpr int kSteps = 40;

// The optimal gains of every step and the cost matrix of the first, by the Riccati recursion
//   K = (R + BᵀPB)⁻¹ BᵀPA,   P ← Q + AᵀP(A - BK),   backwards from P = 0.
struct Optimum {
  std::vector<Eigen::RowVector2d> gains;
  Eigen::Matrix2d cost;
};

Optimum Riccati() {
  const Eigen::Matrix2d a{{1, kStep}, {0, 1}};
  const Eigen::Vector2d b{kStep * kStep / 2, kStep};
  const Eigen::Matrix2d q{{kStep, 0}, {0, 0}};
  Optimum optimum{std::vector<Eigen::RowVector2d>(kSteps), Eigen::Matrix2d::Zero()};
  for (int t = kSteps - 1; t >= 0; --t) {
    const Eigen::Matrix2d& p = optimum.cost;
    optimum.gains[t] = (b.transpose() * p * a) / (kStep + b.dot(p * b));
    const Eigen::Matrix2d next = q + a.transpose() * p * (a - b * optimum.gains[t]);
    optimum.cost = next;
  }
  return optimum;
}

class LqrToyTest : public testing::Test {
 protected:
  // The return of the control law u = -gain · state, and the state that it began in.
  double Return(const std::vector<Eigen::RowVector2d>& gains, Eigen::Vector2d& start) {
    env_->Reset({.seed = 3, .stream = Stream::kTest}, storage_.buffer());
    start = State();
    double sum = 0;
    StepResult result;
    while (!result.done()) {
      const double force = -gains[static_cast<std::size_t>(env_->steps())] * State();
      result = env_->Step({&force, 1}, storage_.buffer());
      EXPECT_EQ(result.reward, result.terms[0] + result.terms[1]);
      sum += result.reward;
    }
    EXPECT_EQ(env_->steps(), kSteps);
    return sum;
  }

  Eigen::Vector2d State() const { return {storage_.state()[0], storage_.state()[1]}; }

  std::shared_ptr<const EnvBlueprint> blueprint_ = MakeLqrToy({.steps = kSteps}, {});
  std::unique_ptr<Env> env_ = blueprint_->MakeEnv();
  ObservationStorage storage_{blueprint_->spec()};
};

TEST_F(LqrToyTest, OptimalGainsReturnWhatTheRiccatiRecursionSays) {
  const Optimum optimum = Riccati();
  Eigen::Vector2d start;
  const double best = Return(optimum.gains, start);
  EXPECT_NEAR(best, -start.dot(optimum.cost * start), 1e-12);
}

TEST_F(LqrToyTest, OtherGainsReturnLess) {
  const Optimum optimum = Riccati();
  Eigen::Vector2d start;
  const double best = Return(optimum.gains, start);
  for (const double change : {-0.1, 0.1}) {
    std::vector<Eigen::RowVector2d> gains = optimum.gains;
    for (Eigen::RowVector2d& gain : gains) gain[0] += change;
    EXPECT_LT(Return(gains, start), best);
  }
}

TEST_F(LqrToyTest, ForceIsClamped) {
  const auto reward = [this](double force) {
    env_->Reset({.seed = 3}, storage_.buffer());
    const double result = env_->Step({&force, 1}, storage_.buffer()).reward;
    return std::pair(result, State());
  };
  EXPECT_EQ(reward(7), reward(1));
  EXPECT_NE(reward(1), reward(0.5));
}

}  // namespace
}  // namespace saccade

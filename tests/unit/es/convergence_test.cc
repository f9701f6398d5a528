// Sanity: functions with known optima, reached within budgets from ten seeds each, all of them.

#include "tests/unit/es/testing.h"

namespace saccade::es {
namespace {

using Vector = Eigen::VectorXd;

// Evaluations until f(mean) >= goal, or `budget` + 1.
int EvaluationsTo(Strategy& strategy, const Function& f, const Function& f_of_mean, double goal,
                  int budget) {
  int evaluations = 0;
  while (evaluations <= budget) {
    if (f_of_mean(strategy.mean()) >= goal) return evaluations;
    const Eigen::MatrixXd x = AskAll(strategy);
    TellAll(strategy, Evaluate(f, x));
    evaluations += static_cast<int>(x.cols());
  }
  return budget + 1;
}

double Sphere(const Vector& x) { return -x.squaredNorm(); }

double Rosenbrock(const Vector& x) {
  double sum = 0;
  for (int i = 0; i + 1 < x.size(); ++i) {
    sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
  }
  return -sum;
}

double RotatedEllipsoid(const Vector& x) {
  static const Eigen::MatrixXd rotation = RandomRotation(10, 77);
  const Eigen::ArrayXd axes = Eigen::pow(10.0, Eigen::ArrayXd::LinSpaced(10, 0, 4));
  return -(axes * (rotation * x).array().square()).sum();
}

struct Problem {
  const char* yaml;
  const char* label;
  int dimension;
  Function f;
  double goal;
  int budget;  // evaluations
};

void PrintTo(const Problem& problem, std::ostream* out) { *out << problem.label; }

class Reaches : public testing::TestWithParam<Problem> {};

TEST_P(Reaches, TheGoalFromEverySeed) {
  const Problem& problem = GetParam();
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto strategy = Make(problem.yaml, Vector::Constant(problem.dimension, 0.5), seed);
    EXPECT_LE(EvaluationsTo(*strategy, problem.f, problem.f, problem.goal, problem.budget),
              problem.budget)
        << "seed " << seed;
  }
}

// Budgets: one and a half times what the slowest of the ten seeds took when they were set.
INSTANTIATE_TEST_SUITE_P(
    Sphere, Reaches,
    testing::Values(Problem{"{name: cma-es}", "cma_es", 10, Sphere, -1e-10, 2700},
                    Problem{"{name: sep-cma-es}", "sep_cma_es", 10, Sphere, -1e-10, 2200},
                    Problem{"{name: snes}", "snes", 10, Sphere, -1e-10, 3100},
                    Problem{"{name: cr-fm-nes}", "cr_fm_nes", 10, Sphere, -1e-10, 1700},
                    Problem{"{name: pgpe}", "pgpe", 10, Sphere, -1e-2, 2400},
                    Problem{"{name: openai-es}", "openai_es", 10, Sphere, -1e-2, 2700},
                    Problem{"{name: ars}", "ars", 10, Sphere, -1e-2, 3900},
                    Problem{"{name: guided-es}", "guided_es", 10, Sphere, -1e-2, 5300},
                    Problem{"{name: random-search}", "random_search", 10, Sphere, -1e-2, 2000}),
    [](const auto& param_info) { return param_info.param.label; });

INSTANTIATE_TEST_SUITE_P(
    Ellipsoid, Reaches,
    testing::Values(Problem{"{name: cma-es}", "cma_es", 10, RotatedEllipsoid, -1e-10, 4800},
                    Problem{"{name: cr-fm-nes}", "cr_fm_nes", 10, RotatedEllipsoid, -1e-2, 23000}),
    [](const auto& param_info) { return param_info.param.label; });

INSTANTIATE_TEST_SUITE_P(Rosenbrock, Reaches,
                         testing::Values(Problem{"{name: cma-es, population: 20}", "cma_es", 5,
                                                 Rosenbrock, -1e-10, 3600},
                                         Problem{"{name: cr-fm-nes, population: 20}", "cr_fm_nes",
                                                 5, Rosenbrock, -1e-10, 3900}),
                         [](const auto& param_info) { return param_info.param.label; });

// Noise of standard deviation 1, on a start of value -12.5 and a goal of -2.5.
struct NoisyProblem {
  const char* name;
  int budget;
};

class NoisySphere : public testing::TestWithParam<NoisyProblem> {};
INSTANTIATE_TEST_SUITE_P(
    Strategy, NoisySphere,
    testing::Values(NoisyProblem{"cma-es", 1800}, NoisyProblem{"sep-cma-es", 2400},
                    NoisyProblem{"snes", 4800}, NoisyProblem{"cr-fm-nes", 1900},
                    NoisyProblem{"pgpe", 3900}, NoisyProblem{"openai-es", 6500},
                    NoisyProblem{"ars", 37'000}, NoisyProblem{"guided-es", 3800}),
    [](const auto& param_info) {
      std::string name = param_info.param.name;
      std::ranges::replace(name, '-', '_');
      return name;
    });

TEST_P(NoisySphere, IsClimbedMostOfTheWayFromEverySeed) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    RandomStream noise(seed, Stream::kTest, 2, 0);
    const auto noisy = [&](const Vector& x) { return Sphere(x) + noise.Normal(); };
    const auto strategy = Make(std::string("{name: ") + GetParam().name + ", population: 64}",
                               Vector::Constant(50, 0.5), seed);
    EXPECT_LE(EvaluationsTo(*strategy, noisy, Sphere, -2.5, GetParam().budget), GetParam().budget)
        << "seed " << seed;
  }
}

}  // namespace
}  // namespace saccade::es

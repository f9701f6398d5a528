#include "es/perturbation.h"

#include "tests/unit/es/testing.h"

namespace saccade::es {
namespace {

constexpr double kSigma = 0.3;

struct Case {
  std::string kind;
  bool antithetic;
};

class EveryLayout : public testing::TestWithParam<Case> {
 protected:
  Perturbation Make(int dimension, int directions) const {
    PerturbationOptions options{.kind = GetParam().kind, .antithetic = GetParam().antithetic};
    return {options, dimension, options.antithetic ? 2 * directions : directions + 1, 1};
  }

  static Eigen::VectorXd FitnessOf(const Perturbation& perturbation, const Eigen::VectorXd& centre,
                                   const Function& f) {
    Eigen::VectorXd fitness(perturbation.candidates());
    Eigen::VectorXd x(centre.size());
    for (int i = 0; i < fitness.size(); ++i) {
      perturbation.Candidate(i, centre, kSigma, x);
      fitness[i] = f(x);
    }
    return fitness;
  }
};
INSTANTIATE_TEST_SUITE_P(Perturbation, EveryLayout,
                         testing::Values(Case{"gaussian", true}, Case{"gaussian", false},
                                         Case{"orthogonal", true}, Case{"orthogonal", false},
                                         Case{"hadamard", true}, Case{"hadamard", false}),
                         [](const auto& param_info) {
                           return param_info.param.kind +
                                  (param_info.param.antithetic ? "_antithetic" : "_forward");
                         });

TEST_P(EveryLayout, SlopeOfALinearFunctionIsTheClosedFormForTheDrawnDirections) {
  Perturbation perturbation = Make(5, 8);
  perturbation.Prepare(2);
  const Eigen::VectorXd a = RandomVector(5, 1);
  const Eigen::VectorXd centre = RandomVector(5, 2);
  Eigen::VectorXd expected = Eigen::VectorXd::Zero(5);
  Eigen::VectorXd direction(5);
  for (int i = 0; i < 8; ++i) {
    perturbation.Direction(i, direction);
    expected += kSigma * a.dot(direction) * direction / 8;
  }
  const auto linear = [&](const Eigen::VectorXd& x) { return a.dot(x) + 7; };
  EXPECT_TRUE(
      perturbation.Slope(FitnessOf(perturbation, centre, linear)).isApprox(expected, 1e-12));
}

TEST_P(EveryLayout, SlopeIsUnbiased) {
  constexpr int kGenerations = 4000;
  Perturbation perturbation = Make(4, 3);
  const Eigen::VectorXd a = RandomVector(4, 1);
  const Eigen::VectorXd centre = RandomVector(4, 2);
  Eigen::MatrixXd slopes(4, kGenerations);
  for (int g = 0; g < kGenerations; ++g) {
    perturbation.Prepare(g);
    const auto linear = [&](const Eigen::VectorXd& x) { return a.dot(x); };
    slopes.col(g) = perturbation.Slope(FitnessOf(perturbation, centre, linear)) / kSigma;
  }
  for (int j = 0; j < 4; ++j) ExpectMean(slopes.row(j).transpose(), a[j]);
}

TEST_P(EveryLayout, ConstantFitnessGivesExactlyNothing) {
  Perturbation perturbation = Make(5, 8);
  perturbation.Prepare(0);
  const Eigen::VectorXd flat = Eigen::VectorXd::Constant(perturbation.candidates(), 0.1);
  EXPECT_EQ(perturbation.Slope(flat), Eigen::VectorXd::Zero(5));
}

TEST_P(EveryLayout, SignsAndDirectionsRebuildTheCandidates) {
  Perturbation perturbation = Make(5, 3);
  perturbation.Prepare(0);
  const Eigen::VectorXd centre = RandomVector(5, 2);
  Eigen::VectorXd x(5);
  Eigen::VectorXd direction(5);
  double signs = 0;
  for (int i = 0; i < perturbation.candidates(); ++i) {
    perturbation.Candidate(i, centre, kSigma, x);
    perturbation.Direction(perturbation.DirectionOf(i), direction);
    EXPECT_TRUE(x.isApprox(centre + kSigma * perturbation.SignOf(i) * direction, 1e-14));
    signs += perturbation.SignOf(i);
  }
  EXPECT_EQ(signs, perturbation.antithetic() ? 0 : 3);
}

TEST(Antithetic, PairsAreOpposite) {
  Perturbation perturbation({}, 5, 6, 1);
  perturbation.Prepare(0);
  Eigen::MatrixXd x(5, 6);
  for (int i = 0; i < 6; ++i) perturbation.Candidate(i, Eigen::VectorXd::Zero(5), 1, x.col(i));
  for (int i = 0; i < 6; i += 2) EXPECT_EQ(x.col(i), -x.col(i + 1));
}

TEST(Forward, TheLastCandidateIsTheCentre) {
  Perturbation perturbation({.antithetic = false}, 5, 7, 1);
  perturbation.Prepare(0);
  const Eigen::VectorXd centre = RandomVector(5, 3);
  Eigen::VectorXd x(5);
  perturbation.Candidate(6, centre, 0.1, x);
  EXPECT_EQ(perturbation.candidates(), 7);
  EXPECT_EQ(x, centre);
}

// Central differences along an orthonormal basis: exact for quadratics.
TEST(Orthogonal, AFullBlockOfFixedLengthReproducesTheGradientOfAQuadratic) {
  constexpr int kN = 9;
  const Eigen::MatrixXd root = RandomMatrix(kN, kN, 1);
  const Eigen::MatrixXd hessian = root.transpose() * root;
  const Eigen::VectorXd centre = RandomVector(kN, 2);
  const auto slope = [&](const std::string& length) {
    Perturbation perturbation({.kind = "orthogonal", .length = length}, kN, 2 * kN, 1);
    perturbation.Prepare(0);
    Eigen::VectorXd fitness(2 * kN);
    Eigen::VectorXd x(kN);
    for (int i = 0; i < 2 * kN; ++i) {
      perturbation.Candidate(i, centre, kSigma, x);
      fitness[i] = x.dot(hessian * x) / 2;
    }
    return Eigen::VectorXd(perturbation.Slope(fitness) / kSigma);
  };
  const Eigen::VectorXd gradient = hessian * centre;
  EXPECT_TRUE(slope("fixed").isApprox(gradient, 1e-11));
  EXPECT_FALSE(slope("chi").isApprox(gradient, 0.01));  // unbiased, but not exact
}

TEST(Population, MustFitTheLayout) {
  EXPECT_EQ(ErrorOf([] { Perturbation({}, 5, 7, 1); }),
            "population: 7 must be even, because antithetic candidates come in pairs");
  EXPECT_EQ(ErrorOf([] { Perturbation({.antithetic = false}, 5, 1, 1); }),
            "population: 1 must be at least 2");
}

}  // namespace
}  // namespace saccade::es

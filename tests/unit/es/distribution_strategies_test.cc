// snes, sep-cma-es, cma-es and cr-fm-nes: what they sample, and their updates against plain
// transcriptions of the equations, with full matrices, in the notation of the papers.

#include <map>
#include <numeric>

#include <Eigen/Eigenvalues>

#include "es/cma_es.h"
#include "es/cma_parameters.h"
#include "tests/unit/es/testing.h"

namespace saccade::es {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

// -xᵀHx with condition 10⁴ in a rotated basis.
double RotatedEllipsoid(const Vector& x) {
  static std::map<int, Matrix> hessians;
  Matrix& hessian = hessians[static_cast<int>(x.size())];
  const int n = static_cast<int>(x.size());
  if (hessian.size() == 0) {
    const Matrix rotation = RandomRotation(n, 77);
    const Vector axes = Eigen::pow(10.0, Eigen::ArrayXd::LinSpaced(n, 0, 4));
    hessian = rotation * axes.asDiagonal() * rotation.transpose();
  }
  return -x.dot(hessian * x);
}

double Linear(const Vector& x) { return x[0]; }

Matrix SavedMatrix(const Strategy& strategy, const std::string& name) {
  return Saved(strategy, name).reshaped(strategy.dimension(), strategy.dimension()).transpose();
}

// The covariance of the candidates, from the saved state.
Matrix ModelCovariance(const Strategy& strategy) {
  const auto squared_sigma = [&] { return std::pow(Saved(strategy, "sigma")[0], 2); };
  if (strategy.name() == "cma-es") return squared_sigma() * SavedMatrix(strategy, "covariance");
  if (strategy.name() == "snes") {
    return Saved(strategy, "deviation").cwiseAbs2().asDiagonal();
  }
  if (strategy.name() == "sep-cma-es") {
    return (squared_sigma() * Saved(strategy, "variances")).asDiagonal();
  }
  const Matrix d = Saved(strategy, "scales").asDiagonal();
  const Vector v = Saved(strategy, "v");
  const Matrix identity = Matrix::Identity(v.size(), v.size());
  return squared_sigma() * d * (identity + v * v.transpose()) * d;
}

class Sampling : public testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<Strategy> MakeIt(const std::string& population, int n, std::uint64_t seed = 1) {
    return Make(std::string("{name: ") + GetParam() + ", population: " + population + "}",
                RandomVector(n, 1), seed);
  }
};
INSTANTIATE_TEST_SUITE_P(Distribution, Sampling,
                         testing::Values("snes", "sep-cma-es", "cma-es", "cr-fm-nes"),
                         [](const auto& param_info) {
                           std::string name = param_info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// A small population shapes the distribution, a large one with the same state samples it.
TEST_P(Sampling, CandidatesHaveTheMeanAndCovarianceOfTheModelAfterUpdates) {
  constexpr int kSamples = 20'000;
  const auto small = MakeIt("10", 5);
  RunGenerations(*small, RotatedEllipsoid, 60);
  const auto large = MakeIt(std::to_string(2 * kSamples), 5);
  large->Load(small->Save());

  const Matrix covariance = ModelCovariance(*large);
  const double unevenness = covariance.diagonal().maxCoeff() / covariance.diagonal().minCoeff();
  EXPECT_GT(unevenness, 1.5) << "the check would be vacuous";
  const Matrix x = AskAll(*large).colwise() - large->mean();
  Matrix independent(5, kSamples);  // the first of every pair, where there are pairs
  for (int i = 0; i < kSamples; ++i) independent.col(i) = x.col(2 * i);
  ExpectCovariance(independent, covariance);
  const Eigen::ArrayXd errors = (covariance.diagonal() / kSamples).cwiseSqrt();
  EXPECT_TRUE((independent.rowwise().mean().array().abs() < 4.5 * errors).all());
  EXPECT_NEAR(large->sigma(), std::sqrt(covariance.trace() / 5), 1e-12 * large->sigma());
}

// sigma() promises the typical size of a perturbation.
TEST_P(Sampling, SigmaIsTheRootMeanSquareDistancePerCoordinate) {
  const auto strategy = MakeIt("200", 100);
  const Matrix x = AskAll(*strategy).colwise() - strategy->mean();
  const double measured = std::sqrt(x.squaredNorm() / static_cast<double>(x.size()));
  // 10,000 independent squares at least, of relative variance 2; cr-fm-nes has one wider direction.
  EXPECT_NEAR(measured / strategy->sigma(), 1, 4 * std::sqrt(2.0 / 10'000));
}

TEST(CmaEs, TheCovarianceOfTheSamplingTestIsNotDiagonal) {
  const auto strategy = Make("{name: cma-es, population: 10}", RandomVector(5, 1));
  RunGenerations(*strategy, RotatedEllipsoid, 60);
  const Matrix c = SavedMatrix(*strategy, "covariance");
  const Vector deviations = c.diagonal().cwiseSqrt();
  const Matrix correlation = c.cwiseQuotient(deviations * deviations.transpose());
  EXPECT_GT((correlation - Matrix::Identity(5, 5)).cwiseAbs().maxCoeff(), 0.5);
}

std::vector<int> Ranking(const Vector& fitness) {
  std::vector<int> order(fitness.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater<>(), [&](int i) { return fitness[i]; });
  return order;
}

// The state of one strategy of the CMA family, and one generation of the tutorial's equations.
struct CmaReference {
  bool diagonal;
  Vector m, path_sigma, path_covariance;
  Matrix c;
  double sigma;
  int generation = 0;
  int stalls = 0;  // generations with h = 0

  CmaReference(const Strategy& strategy, bool is_diagonal)
      : diagonal(is_diagonal),
        m(strategy.mean()),
        path_sigma(Saved(strategy, "path_sigma")),
        path_covariance(Saved(strategy, "path_covariance")),
        c(Matrix::Identity(m.size(), m.size())),
        sigma(Saved(strategy, "sigma")[0]) {}

  void Update(const Matrix& x, const Vector& fitness) {
    const int n = static_cast<int>(m.size());
    const int lambda = static_cast<int>(fitness.size());
    CmaParameters p = MakeCmaParameters(n, lambda);
    if (diagonal) {
      p.c_1 = std::min(1.0, p.c_1 * (n + 2) / 3);
      p.c_mu = std::min(1 - p.c_1, p.c_mu * (n + 2) / 3);
      p.weights.tail(lambda - p.parents).setZero();
    }
    const Matrix inverse_root = Eigen::SelfAdjointEigenSolver<Matrix>(c).operatorInverseSqrt();
    const std::vector<int> order = Ranking(fitness);
    Matrix y(n, lambda);
    for (int k = 0; k < lambda; ++k) y.col(k) = (x.col(order[k]) - m) / sigma;
    const Vector y_w = y.leftCols(p.parents) * p.weights.head(p.parents);
    m += sigma * y_w;
    path_sigma = (1 - p.c_sigma) * path_sigma +
                 std::sqrt(p.c_sigma * (2 - p.c_sigma) * p.mu_eff) * (inverse_root * y_w);
    sigma *= std::exp(p.c_sigma / p.d_sigma * (path_sigma.norm() / p.chi_n - 1));
    const double grown = 1 - std::pow(1 - p.c_sigma, 2 * (generation + 1));
    const double h = path_sigma.norm() / std::sqrt(grown) < (1.4 + 2 / (n + 1.0)) * p.chi_n ? 1 : 0;
    path_covariance =
        (1 - p.c_c) * path_covariance + h * std::sqrt(p.c_c * (2 - p.c_c) * p.mu_eff) * y_w;
    Matrix next =
        (1 + p.c_1 * (1 - h) * p.c_c * (2 - p.c_c) - p.c_1 - p.c_mu * p.weights.sum()) * c +
        p.c_1 * path_covariance * path_covariance.transpose();
    for (int k = 0; k < lambda; ++k) {
      const double length = (inverse_root * y.col(k)).squaredNorm();
      const double w = p.weights[k] >= 0 ? p.weights[k] : p.weights[k] * n / length;
      next += p.c_mu * w * y.col(k) * y.col(k).transpose();
    }
    c = diagonal ? Matrix(next.diagonal().asDiagonal()) : next;
    ++generation;
    stalls += h == 0 ? 1 : 0;
  }
};

struct CmaCase {
  const char* yaml;
  bool diagonal;
  int dimension;
  Function f;
  bool stalls;  // long enough a path for h = 0
};

// In these dimensions every generation has a fresh decomposition.
TEST(CmaFamily, MatchesThePlainEquations) {
  const CmaCase cases[] = {
      {"{name: cma-es, population: 10, sigma: 0.3}", false, 6, RotatedEllipsoid, false},
      {"{name: cma-es, population: 7, sigma: 0.01}", false, 3, Linear, true},
      {"{name: sep-cma-es, population: 10, sigma: 0.3}", true, 6, RotatedEllipsoid, false},
      {"{name: sep-cma-es, population: 7, sigma: 0.01}", true, 3, Linear, true},
  };
  for (const CmaCase& test : cases) {
    SCOPED_TRACE(test.yaml);
    const auto strategy = Make(test.yaml, RandomVector(test.dimension, 1));
    CmaReference reference(*strategy, test.diagonal);
    for (int g = 0; g < 40; ++g) {
      const Matrix x = AskAll(*strategy);
      const Vector fitness = Evaluate(test.f, x);
      TellAll(*strategy, fitness);
      reference.Update(x, fitness);
      const Matrix covariance = ModelCovariance(*strategy);
      ASSERT_TRUE(strategy->mean().isApprox(reference.m, 1e-8)) << g;
      ASSERT_TRUE(Saved(*strategy, "path_sigma").isApprox(reference.path_sigma, 1e-6)) << g;
      ASSERT_TRUE(Saved(*strategy, "path_covariance").isApprox(reference.path_covariance, 1e-6))
          << g;
      ASSERT_TRUE(covariance.isApprox(std::pow(reference.sigma, 2) * reference.c, 1e-6)) << g;
    }
    EXPECT_EQ(reference.stalls > 0, test.stalls);
    EXPECT_GT((reference.c - Matrix::Identity(test.dimension, test.dimension)).norm(), 0.3);
  }
}

TEST(CmaEs, DecomposesRarelyInHighDimensionsAndEveryTimeInLowOnes) {
  for (const auto& [n, interval] : {std::pair{5, 1}, {100, 2}}) {
    const auto strategy = Make("{name: cma-es}", RandomVector(n, 1));
    int decompositions = 0;
    Vector last = Saved(*strategy, "basis");
    for (int g = 0; g < 12; ++g) {
      RunGenerations(
          *strategy, [](const Vector& x) { return -x.squaredNorm(); }, 1);
      const Vector basis = Saved(*strategy, "basis");
      decompositions += basis == last ? 0 : 1;
      last = basis;
    }
    const CmaParameters p = MakeCmaParameters(n, PopulationOrDefault(0, n));
    const double expected = std::max(1.0, std::ceil(1 / (10 * n * (p.c_1 + p.c_mu))));
    EXPECT_EQ(expected, interval);
    EXPECT_EQ(decompositions, 12 / interval) << n;
  }
}

// No crash: a state may be finite, and what follows from it not.
TEST(CmaEs, SaysThatItsNumbersOverflow) {
  const auto strategy = Make("{name: cma-es}", Vector::Zero(3));
  TensorMap state = strategy->Save();
  state["path_covariance"] = Tensor::From<double>(std::vector<double>(3, 1e308));
  strategy->Load(state);
  EXPECT_EQ(ErrorOf([&] { RunGenerations(*strategy, Linear, 2); }),
            "the covariance matrix has numbers that are none; go on from an earlier checkpoint, or "
            "choose a smaller sigma");
}

TEST(CmaEs, RefusesDimensionsThatItCannotServe) {
  EXPECT_EQ(ErrorOf([] { Make("{name: cma-es}", Vector::Zero(kMaxCmaEsDimension + 1)); }),
            "cma-es: 1001 weights would need a 1001 × 1001 covariance matrix, too slow to "
            "decompose; it serves up to 1000 weights. Use cr-fm-nes, sep-cma-es or snes");
}

TEST(Snes, MatchesThePlainEquations) {
  const auto strategy = Make("{name: snes, population: 9, sigma: 0.3}", RandomVector(5, 1));
  const double eta = (3 + std::log(5)) / (5 * std::sqrt(5));
  for (int g = 0; g < 10; ++g) {
    const Vector mean = strategy->mean();
    const Eigen::ArrayXd s = Saved(*strategy, "deviation").array();
    const Matrix x = AskAll(*strategy);
    const Vector fitness = Evaluate(RotatedEllipsoid, x);
    TellAll(*strategy, fitness);
    const std::vector<int> order = Ranking(fitness);
    double total = 0;
    for (int k = 1; k <= 9; ++k) total += std::max(0.0, std::log(5.5) - std::log(k));
    Eigen::ArrayXd mean_gradient = Eigen::ArrayXd::Zero(5);
    Eigen::ArrayXd s_gradient = Eigen::ArrayXd::Zero(5);
    for (int k = 1; k <= 9; ++k) {
      const double u = std::max(0.0, std::log(5.5) - std::log(k)) / total - 1.0 / 9;
      const Eigen::ArrayXd z = (x.col(order[k - 1]) - mean).array() / s;
      mean_gradient += u * z;
      s_gradient += u * (z * z - 1);
    }
    EXPECT_TRUE(strategy->mean().isApprox(mean + (s * mean_gradient).matrix(), 1e-11));
    EXPECT_TRUE(
        Saved(*strategy, "deviation").isApprox((s * (eta / 2 * s_gradient).exp()).matrix(), 1e-10));
  }
}

TEST(Snes, AFlatFitnessMovesNothing) {
  const auto strategy = Make("{name: snes}", RandomVector(5, 1));
  RunGenerations(
      *strategy, [](const Vector&) { return 3.0; }, 10);
  EXPECT_TRUE(strategy->mean().isApprox(RandomVector(5, 1), 1e-14));
  EXPECT_NEAR(strategy->sigma(), 0.1, 1e-14);
}

// One generation of CR-FM-NES column by column, as the paper has it.
struct CrFmNesReference {
  Vector m, v, d, path_sigma, path_covariance;
  double sigma;
  int moves = 0;

  explicit CrFmNesReference(const Strategy& s)
      : m(s.mean()),
        v(Saved(s, "v")),
        d(Saved(s, "scales")),
        path_sigma(Saved(s, "path_sigma")),
        path_covariance(Saved(s, "path_covariance")),
        sigma(Saved(s, "sigma")[0]) {}

  void Update(const Matrix& x, const Vector& fitness);
};

void CrFmNesReference::Update(const Matrix& x, const Vector& fitness) {
  const int n = static_cast<int>(m.size());
  const int lambda = static_cast<int>(fitness.size());
  const double q = v.squaredNorm();
  const Vector vbar = v / std::sqrt(q);
  const std::vector<int> order = Ranking(fitness);
  Matrix y(n, lambda + 1);
  Matrix z(n, lambda);
  for (int k = 0; k < lambda; ++k) {
    y.col(k) = (x.col(order[k]) - m).cwiseQuotient(d) / sigma;
    // The inverse of I + (√(1+q) - 1) v̄ v̄ᵀ.
    z.col(k) = y.col(k) + (1 / std::sqrt(1 + q) - 1) * vbar * vbar.dot(y.col(k));
  }
  Vector w_hat(lambda);
  for (int k = 0; k < lambda; ++k) {
    w_hat[k] = std::max(0.0, std::log(lambda / 2.0 + 1) - std::log(k + 1));
  }
  const Vector w_rank = (w_hat / w_hat.sum()).array() - 1.0 / lambda;
  const double mu_eff = 1 / (w_hat / w_hat.sum()).squaredNorm();
  const double c_s = (mu_eff + 2) / (n + mu_eff + 5);
  const double c_c = (4 + mu_eff / n) / (n + 4 + 2 * mu_eff / n);
  const double c_1 = 2 / (std::pow(n + 1.3, 2) + mu_eff) * (n - 5) / 6;
  const double chi_n = std::sqrt(n) * (1 - 0.25 / n + 1.0 / 21 / n / n);
  path_sigma = (1 - c_s) * path_sigma + std::sqrt(c_s * (2 - c_s) * mu_eff) * (z * w_rank);
  const bool moving = path_sigma.norm() >= chi_n;
  moves += moving ? 1 : 0;

  double h = 1;  // Newton's method
  for (int i = 0; i < 100; ++i) {
    const double e = std::exp(h * h / 2) / 0.24;
    h -= 0.5 * ((1 + h * h) * e - 10 - n) / (h * (3 + h * h) * e);
  }
  const double a = h * std::min(1.0, std::sqrt(static_cast<double>(lambda) / n));
  Vector w = w_rank;
  if (moving) {
    const Vector farther = w_hat.array() * (a * z.colwise().norm().transpose().array()).exp();
    w = (farther / farther.sum()).array() - 1.0 / lambda;
  }
  double eta_sigma = 1;
  if (!moving) {
    eta_sigma = path_sigma.norm() >= 0.1 * chi_n
                    ? std::tanh((0.024 * lambda + 0.7 * n + 20) / (n + 12))
                    : 2 * std::tanh((0.025 * lambda + 0.75 * n + 10) / (n + 4));
  }
  const double eta_b = std::tanh((std::min(0.02 * lambda, 3 * std::log(n)) + 5) / (0.23 * n + 25));
  const Vector step = d.cwiseProduct(y.leftCols(lambda) * w);  // Δ/σ
  path_covariance = (1 - c_c) * path_covariance + std::sqrt(c_c * (2 - c_c) * mu_eff) * step;
  m += sigma * step;
  y.col(lambda) = path_covariance.cwiseQuotient(d);

  const double g = 1 + q;
  const Vector u = vbar.cwiseAbs2();
  const double alpha =
      std::min(1.0, std::sqrt(q * q + (2 * g - std::sqrt(g)) / u.maxCoeff()) / (2 + q));
  const double b = -(1 - alpha * alpha) * q * q / g + 2 * alpha * alpha;
  const Vector big_h = 2 - (b + 2 * alpha * alpha) * u.array();
  const Vector u_over_h = u.cwiseQuotient(big_h);
  Vector v_gradient = Vector::Zero(n);
  Vector d_gradient = Vector::Zero(n);
  for (int k = 0; k <= lambda; ++k) {
    const Vector yk = y.col(k);
    const double c = vbar.dot(yk);
    Vector t = c * yk - vbar * (c * c + g) / 2;
    const Vector s1 = yk.array().square() - q / g * c * vbar.cwiseProduct(yk).array() - 1;
    const Vector s2 = s1 - alpha / g * ((2 + q) * vbar.cwiseProduct(t) - q * vbar.dot(t) * u);
    const Vector s =
        s2.cwiseQuotient(big_h) - b / (1 + b * u.dot(u_over_h)) * u_over_h.dot(s2) * u_over_h;
    t -= alpha * ((2 + q) * vbar.cwiseProduct(s) - u.dot(s) * vbar);
    const double e = k < lambda ? eta_b * w[k] : (moving ? c_1 : 0);
    v_gradient += e * t;
    d_gradient += e * s;
  }
  v += v_gradient / std::sqrt(q);
  d += d.cwiseProduct(d_gradient);
  const Matrix shape =
      d.asDiagonal() * (Matrix::Identity(n, n) + v * v.transpose()) * d.asDiagonal();
  d /= std::pow(shape.determinant(), 0.5 / n);
  const double growth = ((z.array().square() - 1).matrix() * w).sum() / n;
  if (!(moving && growth < 0)) sigma *= std::exp(eta_sigma / 2 * growth);
}

TEST(CrFmNes, MatchesThePlainEquations) {
  // The small sigma makes it move, the large one converge.
  for (const double sigma : {0.001, 0.5}) {
    const auto strategy =
        Make("{name: cr-fm-nes, population: 10, sigma: " + std::to_string(sigma) + "}",
             RandomVector(8, 1));
    CrFmNesReference reference(*strategy);
    for (int g = 0; g < 40; ++g) {
      const Matrix x = AskAll(*strategy);
      const Vector fitness = Evaluate(RotatedEllipsoid, x);
      TellAll(*strategy, fitness);
      reference.Update(x, fitness);
      ASSERT_TRUE(strategy->mean().isApprox(reference.m, 1e-8)) << g;
      ASSERT_TRUE(Saved(*strategy, "path_sigma").isApprox(reference.path_sigma, 1e-6)) << g;
      ASSERT_TRUE(Saved(*strategy, "v").isApprox(reference.v, 1e-6)) << g;
      ASSERT_TRUE(Saved(*strategy, "scales").isApprox(reference.d, 1e-6)) << g;
      ASSERT_NEAR(Saved(*strategy, "sigma")[0] / reference.sigma, 1, 1e-6) << g;
    }
    EXPECT_GT(reference.moves, 0);
    EXPECT_LT(reference.moves, 40);
  }
}

TEST(CrFmNes, TheShapeHasUnitDeterminant) {
  const auto strategy = Make("{name: cr-fm-nes}", RandomVector(7, 1));
  for (int g = 0; g < 5; ++g) {
    const Matrix covariance = ModelCovariance(*strategy);
    const double sigma = Saved(*strategy, "sigma")[0];
    EXPECT_NEAR(std::log(covariance.determinant()), 14 * std::log(sigma), 1e-9);
    RunGenerations(*strategy, RotatedEllipsoid, 1);
  }
}

// At first the determinant is that of I + v vᵀ, and sigma takes it up: the size is what was asked
// for, times √(1 + v_j²) along each weight.
TEST(CrFmNes, NormalisingTheShapeKeepsTheFirstCovariance) {
  const auto strategy = Make("{name: cr-fm-nes, sigma: 0.2}", RandomVector(7, 1));
  const Vector v = Saved(*strategy, "v");
  const Matrix expected = 0.04 * (Matrix::Identity(7, 7) + v * v.transpose());
  EXPECT_TRUE(ModelCovariance(*strategy).isApprox(expected, 1e-12));
}

TEST(CrFmNes, RefusesAnOddPopulation) {
  EXPECT_EQ(ErrorOf([] { Make("{name: cr-fm-nes, population: 7}", Vector::Zero(3)); }),
            "test:1:31: strategy.population: 7 must be even, because candidates come in mirrored "
            "pairs");
}

// Under random fitness nothing may grow or shrink by itself. Measured between two generations,
// after the paths have forgotten that they started at zero; every run is independent.
class Neutral : public testing::Test {
 protected:
  static constexpr int kRuns = 300;
  static constexpr int kDimension = 10;

  struct Outcome {
    Vector drift = Vector(kRuns);         // of the log of the scale, over 40 generations
    Vector squared_path = Vector(kRuns);  // |p_σ|² at the end
  };

  static double LogScale(const Strategy& strategy) {
    if (strategy.name() == "snes") return Saved(strategy, "deviation").array().log().mean();
    return std::log(Saved(strategy, "sigma")[0]);
  }

  static Outcome Run(const std::string& yaml) {
    Outcome outcome;
    for (int run = 0; run < kRuns; ++run) {
      const auto strategy = Make(yaml, Vector::Zero(kDimension), 1000 + run);
      RandomStream noise(run, Stream::kTest, 0, 0);
      const auto random = [&](const Vector&) { return noise.Normal(); };
      RunGenerations(*strategy, random, 30);
      const double before = LogScale(*strategy);
      RunGenerations(*strategy, random, 40);
      outcome.drift[run] = LogScale(*strategy) - before;
      if (strategy->name() != "snes") {
        outcome.squared_path[run] = Saved(*strategy, "path_sigma").squaredNorm();
      }
    }
    return outcome;
  }
};

TEST_F(Neutral, SnesHasNoDrift) { ExpectMean(Run("{name: snes}").drift, 0); }

TEST_F(Neutral, CmaEsHasNoDriftAndThePathOfAGaussian) {
  const Outcome outcome = Run("{name: cma-es}");
  ExpectMean(outcome.drift, 0);
  ExpectMean(outcome.squared_path, kDimension);
}

TEST_F(Neutral, SepCmaEsHasNoDriftAndThePathOfAGaussian) {
  const Outcome outcome = Run("{name: sep-cma-es}");
  ExpectMean(outcome.drift, 0);
  ExpectMean(outcome.squared_path, kDimension);
}

// z and -z share their fate, so with the random weights w of sum 0 a coordinate of Σ w z has the
// variance Σ_pairs E (w⁺ - w⁻)² = λ/(λ-1) Σ w². Its σ grows rather than shrinks, on purpose.
TEST_F(Neutral, CrFmNesHasThePathOfMirroredSamplesAndDoesNotShrink) {
  constexpr double kLambda = 10;
  const Outcome outcome = Run("{name: cr-fm-nes, population: 10}");
  Eigen::ArrayXd w =
      (std::log(kLambda / 2 + 1) - Eigen::ArrayXd::LinSpaced(10, 1, 10).log()).max(0);
  w /= w.sum();
  const double mu_eff = 1 / w.square().sum();
  const double variance = kLambda / (kLambda - 1) * (w - 1 / kLambda).square().sum() * mu_eff;
  ExpectMean(outcome.squared_path, variance * kDimension);
  EXPECT_GT(outcome.drift.mean(), -4 * std::sqrt(outcome.drift.squaredNorm()) / kRuns);
}

}  // namespace
}  // namespace saccade::es

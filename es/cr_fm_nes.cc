#include "es/cr_fm_nes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/rng.h"
#include "es/directions.h"
#include "es/scale.h"
#include "es/shaping.h"
#include "es/snes.h"
#include "es/state.h"

namespace saccade::es {
namespace {

constexpr const char* kPairsRule = "must be even, because candidates come in mirrored pairs";
constexpr double kSmallestFactor = 0.1;
// |v|² + 1 is the condition number of I + v vᵀ. Beyond the longest, what the update says of the
// other directions is rounding.
constexpr double kShortestV = 1e-8;
constexpr double kLongestV = 1e6;

// The root of (1+h²) exp(h²/2)/0.24 = 10 + n, by bisection: the left side increases.
double DistanceScale(int dimension) {
  double low = 0;
  double high = 10;  // exp(50): beyond any n
  for (int i = 0; i < 100; ++i) {
    const double h = (low + high) / 2;
    const bool below = (1 + h * h) * std::exp(h * h / 2) / 0.24 < 10.0 + dimension;
    (below ? low : high) = h;
  }
  return (low + high) / 2;
}

struct Rates {
  Rates(int dimension, int population);

  double mu_eff, c_sigma, c_c, c_1, eta_b, eta_stagnating, eta_converging, chi_n, distance;
};

Rates::Rates(int dimension, int population) {
  const double n = dimension;
  const double lambda = population;
  mu_eff = 1 / NesWeights(population).squaredNorm();
  c_sigma = (mu_eff + 2) / (n + mu_eff + 5);
  c_c = (4 + mu_eff / n) / (n + 4 + 2 * mu_eff / n);
  c_1 = std::max(0.0, (n - 5) / 6) * 2 / ((n + 1.3) * (n + 1.3) + mu_eff);
  eta_b = std::tanh((std::min(0.02 * lambda, 3 * std::log(n)) + 5) / (0.23 * n + 25));
  eta_stagnating = std::tanh((0.024 * lambda + 0.7 * n + 20) / (n + 12));
  eta_converging = 2 * std::tanh((0.025 * lambda + 0.75 * n + 10) / (n + 4));
  chi_n = ExpectedNormalLength(dimension);
  distance = DistanceScale(dimension) * std::min(1.0, std::sqrt(lambda / n));
}

class CrFmNes final : public Strategy {
 public:
  CrFmNes(const CrFmNesOptions& options, const StrategyContext& context)
      : Strategy(context),
        population_(EvenPopulation(options.population, dimension())),
        rates_(dimension(), population_),
        by_rank_(NesWeights(population_)),
        samples_(dimension(), population_ / 2),
        mean_(context.start),
        sigma_(options.sigma),
        v_(dimension()),
        scales_(Eigen::VectorXd::Ones(dimension())),
        path_sigma_(Eigen::VectorXd::Zero(dimension())),
        path_covariance_(Eigen::VectorXd::Zero(dimension())) {
    RandomStream random(seed(), Stream::kStrategy, 0, 0);
    for (double& value : v_) value = random.Normal() / std::sqrt(dimension());
    sigma_ *= NormaliseDeterminant();
  }

  bool mirrored() const override { return true; }
  std::string_view name() const override { return "cr-fm-nes"; }
  const Eigen::VectorXd& mean() const override { return mean_; }
  double sigma() const override {
    // √(trace / n) of σ² D (I + v vᵀ) D.
    return sigma_ * std::sqrt((scales_.array().square() * (1 + v_.array().square())).mean());
  }

 protected:
  int DoAsk() override {
    DrawGaussians(seed(), generation(), samples_);
    unit_v_ = v_ / v_.norm();
    stretch_ = std::sqrt(1 + v_.squaredNorm()) - 1;
    return population_;
  }

  void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    out = mean_ + SignOf(index) * sigma_ * scales_.cwiseProduct(Step(index / 2));
  }

  void DoTell(const Eigen::VectorXd& fitness) override {
    const Eigen::VectorXd shares = ShareByRank(fitness, by_rank_);
    UpdateSigmaPath(shares);
    const double length = path_sigma_.norm();
    const bool moving = length >= rates_.chi_n;
    const Eigen::VectorXd weights =
        (moving ? DistanceWeights(shares) : shares).array() - 1.0 / population_;
    const double growth = Growth(weights);
    // Columns y_k of a pair are opposite: sums that are odd in y need the difference of the
    // weights, even ones their sum.
    const Eigen::VectorXd odd = PairWeights(weights, -1);
    const Eigen::VectorXd even = PairWeights(weights, 1);
    MoveMean(odd);
    UpdateShape(even, moving);
    if (!(moving && growth < 0)) {
      sigma_ = BoundedScale(sigma_ * std::exp(SigmaRate(length) / 2 * growth));
    }
  }

  void DoSave(TensorMap& state) const override {
    Put(state, "mean", mean_);
    Put(state, "sigma", sigma_);
    Put(state, "v", v_);
    Put(state, "scales", scales_);
    Put(state, "path_sigma", path_sigma_);
    Put(state, "path_covariance", path_covariance_);
  }

  void DoLoad(const TensorMap& state) override {
    const int n = dimension();
    Eigen::VectorXd mean = GetVector(state, "mean", n);
    const double sigma = GetPositive(state, "sigma");
    Eigen::VectorXd v = GetVector(state, "v", n);
    Eigen::VectorXd scales = GetPositiveVector(state, "scales", n);
    Eigen::VectorXd path_sigma = GetVector(state, "path_sigma", n);
    path_covariance_ = GetVector(state, "path_covariance", n);
    mean_ = std::move(mean);
    sigma_ = sigma;
    v_ = std::move(v);
    scales_ = std::move(scales);
    path_sigma_ = std::move(path_sigma);
  }

 private:
  static int EvenPopulation(int population, int dimension) {
    if (population % 2 != 0) {
      throw InputError(fmt::format("population: {} {}", population, kPairsRule));
    }
    const int count = PopulationOrDefault(population, dimension);
    return count + count % 2;
  }

  static double SignOf(int candidate) { return candidate % 2 == 0 ? 1 : -1; }

  // y of the first candidate of a pair (n).
  Eigen::VectorXd Step(int pair) const {
    return samples_.col(pair) + stretch_ * unit_v_.dot(samples_.col(pair)) * unit_v_;
  }

  // Per pair: the weight of z plus `sign` times that of -z.
  static Eigen::VectorXd PairWeights(const Eigen::VectorXd& weights, double sign) {
    const auto pairs = weights.reshaped(2, weights.size() / 2);
    return (pairs.row(0) + sign * pairs.row(1)).transpose();
  }

  void UpdateSigmaPath(const Eigen::VectorXd& shares) {
    const double c = rates_.c_sigma;
    path_sigma_ = (1 - c) * path_sigma_ +
                  std::sqrt(c * (2 - c) * rates_.mu_eff) * (samples_ * PairWeights(shares, -1));
  }

  // ŵ exp(a |z|), normalised to sum 1: farther samples count more.
  Eigen::VectorXd DistanceWeights(const Eigen::VectorXd& shares) const {
    const Eigen::VectorXd lengths = samples_.colwise().norm().transpose();
    const double longest = lengths.maxCoeff();
    Eigen::VectorXd weights(population_);
    for (int i = 0; i < population_; ++i) {
      weights[i] = shares[i] * std::exp(rates_.distance * (lengths[i / 2] - longest));
    }
    return weights / weights.sum();
  }

  double SigmaRate(double path_length) const {
    if (path_length >= rates_.chi_n) return 1;
    return path_length >= 0.1 * rates_.chi_n ? rates_.eta_stagnating : rates_.eta_converging;
  }

  // G
  double Growth(const Eigen::VectorXd& weights) const {
    double growth = 0;
    for (int i = 0; i < population_; ++i) {
      growth += weights[i] * (samples_.col(i / 2).squaredNorm() / dimension() - 1);
    }
    return growth;
  }

  void MoveMean(const Eigen::VectorXd& odd) {
    const Eigen::VectorXd z = samples_ * odd;
    const Eigen::VectorXd step =  // Δ/σ
        scales_.cwiseProduct(z + stretch_ * unit_v_.dot(z) * unit_v_);
    const double c = rates_.c_c;
    path_covariance_ = (1 - c) * path_covariance_ + std::sqrt(c * (2 - c) * rates_.mu_eff) * step;
    mean_ += sigma_ * step;
  }

  // The natural gradient step of v and D.
  void UpdateShape(const Eigen::VectorXd& even, bool moving) {
    const double q = v_.squaredNorm();
    const double g = 1 + q;
    const Eigen::ArrayXd v = unit_v_.array();  // v̄
    const Eigen::ArrayXd u = v.square();

    Eigen::ArrayXd products = Eigen::ArrayXd::Zero(dimension());  // Σ e c y
    Eigen::ArrayXd squares = Eigen::ArrayXd::Zero(dimension());   // Σ e y²
    double along = 0;                                             // Σ e c²
    double total = 0;                                             // Σ e
    const auto add = [&](double weight, const Eigen::VectorXd& y) {
      const double c = unit_v_.dot(y);
      products += weight * c * y.array();
      squares += weight * y.array().square();
      along += weight * c * c;
      total += weight;
    };
    for (int i = 0; i < even.size(); ++i) add(rates_.eta_b * even[i], Step(i));
    if (moving) add(rates_.c_1, path_covariance_.cwiseQuotient(scales_));

    Eigen::ArrayXd t = products - v * (along + g * total) / 2;
    Eigen::ArrayXd s = squares - q / g * v * products - total;
    const double alpha =
        std::min(1.0, std::sqrt(q * q + (2 * g - std::sqrt(g)) / u.maxCoeff()) / (2 + q));
    const double b = 2 * alpha * alpha - (1 - alpha * alpha) * q * q / g;
    const Eigen::ArrayXd h = 2 - (b + 2 * alpha * alpha) * u;
    s -= alpha / g * ((2 + q) * v * t - q * (v * t).sum() * u);
    s = s / h - b / (1 + b * (u.square() / h).sum()) * (u * s / h).sum() * u / h;
    t -= alpha * ((2 + q) * v * s - (u * s).sum() * v);

    v_ += (t / std::sqrt(q)).matrix();
    if (v_.norm() < kShortestV) v_ = kShortestV * unit_v_;
    if (v_.norm() > kLongestV) v_ *= kLongestV / v_.norm();
    scales_.array() *= (1 + s).max(kSmallestFactor);
    NormaliseDeterminant();
  }

  // Divides D by the n-th root of det(D) √(1+|v|²) and returns that root.
  double NormaliseDeterminant() {
    const double log_root =
        (scales_.array().log().sum() + std::log1p(v_.squaredNorm()) / 2) / dimension();
    scales_ = BoundedScale(scales_ / std::exp(log_root));
    return std::exp(log_root);
  }

  int population_;  // λ
  Rates rates_;
  Eigen::VectorXd by_rank_;     // ŵ/Σŵ (λ), best first
  Eigen::MatrixXd samples_;     // z of the first candidates (n × λ/2), of the open generation
  Eigen::VectorXd unit_v_;      // v̄, of the open generation
  double stretch_ = 0;          // √(1+|v|²) - 1, of the open generation
  Eigen::VectorXd mean_;        // m
  double sigma_;                // σ
  Eigen::VectorXd v_;           // v
  Eigen::VectorXd scales_;      // D's diagonal
  Eigen::VectorXd path_sigma_;  // p_σ
  Eigen::VectorXd path_covariance_;  // p_c
};

}  // namespace

void CrFmNesOptions::Visit(config::Visitor& v) {
  DistributionOptions::Visit(v);
  v.Require(population % 2 == 0, "population", fmt::format("{} {}", population, kPairsRule));
}

std::unique_ptr<Strategy> MakeCrFmNes(const CrFmNesOptions& options,
                                      const StrategyContext& context) {
  return std::make_unique<CrFmNes>(options, context);
}

}  // namespace saccade::es

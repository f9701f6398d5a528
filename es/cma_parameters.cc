#include "es/cma_parameters.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/api/strategy.h"
#include "core/base/error.h"

namespace saccade::es {
namespace {

constexpr int kSmallestPopulation = 4;
constexpr const char* kPopulationRule = "must be 0 (for 4 + 3 ln n) or at least 4";

bool IsPopulation(int population) { return population == 0 || population >= kSmallestPopulation; }

double EffectiveCount(const Eigen::Ref<const Eigen::VectorXd>& weights) {
  return weights.sum() * weights.sum() / weights.squaredNorm();
}

}  // namespace

CmaParameters MakeCmaParameters(int dimension, int population) {
  SACCADE_CHECK(dimension > 0 && population >= kSmallestPopulation);
  const double n = dimension;
  CmaParameters p;
  p.parents = population / 2;
  p.weights =
      std::log((population + 1) / 2.0) - Eigen::ArrayXd::LinSpaced(population, 1, population).log();
  auto positive = p.weights.head(p.parents);
  auto negative = p.weights.tail(population - p.parents);
  negative = negative.cwiseMin(0);  // that of the middle rank is zero, but for rounding
  p.mu_eff = EffectiveCount(positive);
  const double mu_eff_minus = EffectiveCount(negative);

  p.c_1 = 2 / ((n + 1.3) * (n + 1.3) + p.mu_eff);
  p.c_mu = std::min(1 - p.c_1, 2 * (p.mu_eff - 2 + 1 / p.mu_eff) / ((n + 2) * (n + 2) + p.mu_eff));
  p.c_sigma = (p.mu_eff + 2) / (n + p.mu_eff + 5);
  p.d_sigma = 1 + 2 * std::max(0.0, std::sqrt((p.mu_eff - 1) / (n + 1)) - 1) + p.c_sigma;
  p.c_c = (4 + p.mu_eff / n) / (n + 4 + 2 * p.mu_eff / n);
  p.chi_n = ExpectedNormalLength(dimension);

  const double negative_sum = std::min({1 + p.c_1 / p.c_mu, 1 + 2 * mu_eff_minus / (p.mu_eff + 2),
                                        (1 - p.c_1 - p.c_mu) / (n * p.c_mu)});
  positive /= positive.sum();
  negative *= negative_sum / -negative.sum();
  return p;
}

double ExpectedNormalLength(int dimension) {
  const double n = dimension;
  return std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
}

int PopulationOrDefault(int population, int dimension) {
  if (!IsPopulation(population)) {
    throw InputError(fmt::format("population: {} {}", population, kPopulationRule));
  }
  return population > 0 ? population
                        : kSmallestPopulation + static_cast<int>(3 * std::log(dimension));
}

void DistributionOptions::Visit(config::Visitor& v) {
  v.Field("population", population,
          "candidates per generation; 0 means 4 + 3 ln(number of weights), rounded down",
          config::Rule::Between(0, kMaxPopulation));
  v.Field("sigma", sigma, "standard deviation of each weight at first, in units of the weights",
          config::Rule::Positive());
  v.Require(IsPopulation(population), "population",
            fmt::format("{} {}", population, kPopulationRule));
}

}  // namespace saccade::es

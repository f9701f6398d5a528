// SNES: natural evolution with a Gaussian of diagonal covariance.
//
//   x_k = μ + s z_k (elementwise), z_k ~ N(0, I)
//   u = (max(0, ln(λ/2+1) - ln rank))/Σ - 1/λ, best rank 1
//   μ ← μ + s Σ u_k z_k;   s ← s exp(½ η_s Σ u_k (z_k² - 1)),   η_s = (3 + ln n)/(5 √n)
//
// Tied candidates share the average of their utilities, so a flat fitness moves nothing.
//
// Shapes: μ, s, z (n), u (λ). Units: s in those of the weights. Thread safety, determinism: those
// of Strategy. Cost: O(n λ) per generation; 8 n λ bytes.
// References: Schaul, Glasmachers and Schmidhuber 2011; Wierstra et al. 2014.

#ifndef SACCADE_ES_SNES_H_
#define SACCADE_ES_SNES_H_

#include <memory>

#include "core/api/strategy.h"
#include "es/cma_parameters.h"

namespace saccade::es {

struct SnesOptions : DistributionOptions {
  double sigma_learning_rate = 0;

  void Visit(config::Visitor& v);
};

std::unique_ptr<Strategy> MakeSnes(const SnesOptions& options, const StrategyContext& context);

// ŵ (λ), best first: max(0, ln(λ/2+1) - ln k) divided by the sum. Shared with cr-fm-nes.
Eigen::VectorXd NesWeights(int population);

}  // namespace saccade::es

#endif  // SACCADE_ES_SNES_H_

// Guided ES: perturbations that prefer the subspace of the last gradient estimates.
//
//   p_i = σ ( √(α/n) ε_i + √((1-α)/k) U ε'_i ),   ε_i ∈ ℝⁿ and ε'_i ∈ ℝᵏ standard normal
//   x_i^± = μ ± p_i;   u = shaped fitness;   g = 1/(σ² P) Σ d_i p_i;   μ ← optimiser(μ, g)
//
// U (n × k) is an orthonormal basis of the last k gradient estimates, k = min(`subspace`, number of
// estimates so far); before the first one α = 1.
//
// The covariance of p has trace σ²: a perturbation has length σ whatever n is. Divide by √n before
// comparing with the sigma of openai-es or ars.
//
// Shapes: μ, p, g (n). Units: σ in those of the weights. Thread safety, determinism: those of
// Strategy; ε' comes from Stream::kStrategy. Cost: O(n k) per candidate, O(n k²) per generation.
// Departures: the paper has outside gradients as a guide, here the strategy's own are; its factor β
// is left to the learning rate. Estimates of length 0 are no guide and are not kept.
// Reference: Maheswaranathan et al. 2019, arXiv 1806.10230; Choromanski et al. 2019 (own
// gradients).

#ifndef SACCADE_ES_GUIDED_ES_H_
#define SACCADE_ES_GUIDED_ES_H_

#include <memory>
#include <string>

#include "core/api/strategy.h"
#include "core/config/diagnostics.h"
#include "core/config/visitor.h"
#include "es/gradient_strategy.h"

namespace saccade::es {

struct GuidedEsOptions : GradientOptions {
  GuidedEsOptions() { sigma = 1; }

  double alpha = 0.5;
  int subspace = 10;
  std::string shaping = "centered-ranks";
  config::Place place = {};

  void Visit(config::Visitor& v);
};

// Throws kInput when the subspace has more dimensions than there are weights.
std::unique_ptr<Strategy> MakeGuidedEs(const GuidedEsOptions& options,
                                       const StrategyContext& context);

}  // namespace saccade::es

#endif  // SACCADE_ES_GUIDED_ES_H_

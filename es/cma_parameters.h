// Recombination weights, learning rates and constants of CMA-ES.
//
//   λ = 4 + ⌊3 ln n⌋;  μ = ⌊λ/2⌋;  w'_i = ln((λ+1)/2) - ln i,  i = 1 … λ, best first
//   μ_eff = (Σ_{i≤μ} w')² / Σ_{i≤μ} w'²;   μ_eff⁻ = the same over i > μ
//   c₁ = 2/((n+1.3)² + μ_eff);   c_μ = min(1 - c₁, 2 (μ_eff - 2 + 1/μ_eff)/((n+2)² + μ_eff))
//   c_σ = (μ_eff+2)/(n+μ_eff+5);   d_σ = 1 + 2 max(0, √((μ_eff-1)/(n+1)) - 1) + c_σ
//   c_c = (4 + μ_eff/n)/(n + 4 + 2 μ_eff/n);   χ_n = √n (1 - 1/(4n) + 1/(21n²)) ≈ E|N(0, I)|
//
// Positive weights are divided by their sum, so they add up to 1; negative ones are scaled to the
// absolute sum min(1 + c₁/c_μ, 1 + 2μ_eff⁻/(μ_eff+2), (1-c₁-c_μ)/(n c_μ)), which keeps C positive
// definite.
//
// Reference: Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772, table 1 (2016).

#ifndef SACCADE_ES_CMA_PARAMETERS_H_
#define SACCADE_ES_CMA_PARAMETERS_H_

#include <Eigen/Core>

#include "core/config/visitor.h"

namespace saccade::es {

struct CmaParameters {
  int parents = 0;          // μ
  Eigen::VectorXd weights;  // w (λ), best first; the first μ add up to 1, the others are negative
  double mu_eff = 0;
  double c_1 = 0;
  double c_mu = 0;
  double c_sigma = 0;
  double d_sigma = 0;
  double c_c = 0;
  double chi_n = 0;
};

// For n = `dimension` and λ = `population`, at least 4.
CmaParameters MakeCmaParameters(int dimension, int population);

// χ_n.
double ExpectedNormalLength(int dimension);

// `population`, or 4 + ⌊3 ln n⌋ when it is 0. Throws kInput when it is below 4.
int PopulationOrDefault(int population, int dimension);

// What the strategies with a sampling distribution have in common.
struct DistributionOptions {
  int population = 0;
  double sigma = 0.1;

  void Visit(config::Visitor& v);
};

}  // namespace saccade::es

#endif  // SACCADE_ES_CMA_PARAMETERS_H_

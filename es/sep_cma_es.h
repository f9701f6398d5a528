// CMA-ES with a diagonal covariance: one variance per weight, learnt faster, in linear time.
//
//   x_k = m + σ y_k,  y_k = √c z_k (elementwise),  z_k ~ N(0, I);   sorted best first
//   y_w = Σ_{k≤μ} w_k y_k;   m ← m + σ y_w
//   p_σ, σ, h: es/step_size.h with C^{-1/2} y_w = Σ_{k≤μ} w_k z_k
//   p_c ← (1-c_c) p_c + h √(c_c (2-c_c) μ_eff) y_w
//   c ← (1 + c₁ (1-h) c_c (2-c_c) - c₁ - c_μ) c + c₁ p_c² + c_μ Σ_{k≤μ} w_k y_k²
//
// with the constants of es/cma_parameters.h, c₁ and c_μ times (n+2)/3 (together at most 1).
//
// Ties go to the lower index: candidates are exchangeable, so that is as good as drawing lots, and
// the paths stay those of random selection on a flat fitness.
//
// A population far above n makes c_μ large, and then noise in the returns shrinks the variances: by
// about a factor 1 - c_μ²/μ_eff per generation (log of an average is below the average of logs).
// Stay below n candidates where returns are noisy.
//
// Shapes: m, c, paths (n). Units: σ in those of the weights, c none. Thread safety, determinism:
// those of Strategy. Cost: O(n λ) per generation; 8 n λ bytes.
// Departures: the rates are today's of full CMA-ES with the paper's factor; the paper's own are
// older. Only positive weights are used, as in the paper.
// Reference: Ros and Hansen 2008.

#ifndef SACCADE_ES_SEP_CMA_ES_H_
#define SACCADE_ES_SEP_CMA_ES_H_

#include <memory>

#include "core/api/strategy.h"
#include "es/cma_parameters.h"

namespace saccade::es {

struct SepCmaEsOptions : DistributionOptions {};

std::unique_ptr<Strategy> MakeSepCmaEs(const SepCmaEsOptions& options,
                                       const StrategyContext& context);

}  // namespace saccade::es

#endif  // SACCADE_ES_SEP_CMA_ES_H_

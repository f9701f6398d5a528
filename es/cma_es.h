// CMA-ES: learns the full covariance of the steps that succeed.
//
//   x_k = m + σ y_k,  y_k = B D z_k,  z_k ~ N(0, I),  C = B D² Bᵀ;   sorted best first
//   y_w = Σ_{k≤μ} w_k y_k;   m ← m + σ y_w;   p_σ, σ, h: es/step_size.h
//   p_c ← (1-c_c) p_c + h √(c_c (2-c_c) μ_eff) y_w
//   w°_k = w_k if w_k ≥ 0, else w_k n / |C^{-1/2} y_k|²
//   C ← (1 + c₁ (1-h) c_c (2-c_c) - c₁ - c_μ Σ w_k) C + c₁ p_c p_cᵀ + c_μ Σ_k w°_k y_k y_kᵀ
//
// with the constants of es/cma_parameters.h. C is decomposed every 1/(10 n (c₁ + c_μ)) generations;
// in between, samples come from the last decomposition, and so does C^{-1/2}: C^{-1/2} y_k = B z_k,
// which needs no inverse. Eigenvalues below 1e-14 of the largest are raised to that.
//
// Ties go to the lower index (see es/sep_cma_es.h).
//
// Shapes: m, paths (n); B, C (n × n). Units: σ in those of the weights, C none. Thread safety,
// determinism: those of Strategy. Cost: O(n² λ) per generation, O(n³) per decomposition, 16 n² +
// 16 n λ bytes; refused beyond kMaxCmaEsDimension.
// Departures: none known from the tutorial's 2016 version, apart from the floor of the eigenvalues,
// and that C and p_c are rescaled when the largest leaves [1e-100, 1e100] (es/scale.h).
// Reference: Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772.

#ifndef SACCADE_ES_CMA_ES_H_
#define SACCADE_ES_CMA_ES_H_

#include <memory>

#include "core/api/strategy.h"
#include "es/cma_parameters.h"

namespace saccade::es {

inline constexpr int kMaxCmaEsDimension = 1000;

struct CmaEsOptions : DistributionOptions {};

// Throws kInput beyond kMaxCmaEsDimension weights.
std::unique_ptr<Strategy> MakeCmaEs(const CmaEsOptions& options, const StrategyContext& context);

}  // namespace saccade::es

#endif  // SACCADE_ES_CMA_ES_H_

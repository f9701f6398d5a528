// CR-FM-NES: natural evolution with the covariance σ² D (I + v vᵀ) D, in linear time.
//
//   x_k = m + σ D y_k,   y_k = z_k + (√(1+|v|²) - 1) v̄ (v̄ᵀ z_k),   v̄ = v/|v|;   z mirrored
//   ŵ_k = max(0, ln(λ/2+1) - ln k), best first;   w_rank = ŵ/Σŵ - 1/λ;   μ_eff = 1/Σ (ŵ/Σŵ)²
//   p_σ ← (1-c_σ) p_σ + √(c_σ (2-c_σ) μ_eff) Σ w_rank z
//   moving = (|p_σ| ≥ χ_n)
//   w = ŵ exp(a |z|) normalised to sum 1, minus 1/λ, if moving; else w_rank
//   η_σ = 1 if moving;  tanh((0.024λ + 0.7n + 20)/(n + 12)) if |p_σ| ≥ 0.1 χ_n;
//         2 tanh((0.025λ + 0.75n + 10)/(n + 4)) otherwise
//   m ← m + Δ, Δ = Σ w (x - m);   p_c ← (1-c_c) p_c + √(c_c (2-c_c) μ_eff) Δ/σ
//   (v, D) ← natural gradient step with the weights e = (η_B w_1 … η_B w_λ, c₁ if moving else 0) on
//            the columns y_1 … y_λ, D⁻¹ p_c; then D is divided so that det D √(1+|v|²) = 1
//   σ ← σ exp(η_σ/2 G), G = mean over j of Σ_k w_k (z_kj² - 1), unless moving and G < 0
//
//   a = h min(1, √(λ/n)), (1+h²) exp(h²/2)/0.24 = 10 + n;   c₁ = max(0, (n-5)/6) c₁ of CMA-ES
//   c_σ, c_c, χ_n as in es/cma_parameters.h;   η_B = tanh((min(0.02λ, 3 ln n) + 5)/(0.23n + 25))
//
// The natural gradient (VD-CMA; products and squares elementwise), with q = |v|², g = 1+q, u = v̄ v̄,
// E = Σ e, and sums over the columns y with c = v̄ᵀ y. It is linear in them, so they are summed
// first:
//
//   T = Σ e (c y - v̄ (c² + g)/2);   S = Σ e (y² - (q/g) c v̄ y - 1)
//   α = min(1, √(q² + (2g - √g)/max u)/(2+q));  b = 2α² - (1-α²) q²/g;  H = 2 - (b + 2α²) u
//   S ← S - (α/g) ((2+q) v̄ T - q (v̄ᵀT) u)
//   S ← S/H - b/(1 + b Σ u²/H) (uᵀ(S/H)) u/H
//   T ← T - α ((2+q) v̄ S - (uᵀS) v̄)
//   v ← v + T/|v|;   D ← D (1 + S)
//
// Tied candidates share the average of their ŵ. The distance weights and the rule against shrinking
// while moving make σ grow under random selection as long as the path is long; that is intended.
//
// Shapes: m, v, D, paths, z (n). Units: σ in those of the weights, v and D none. Thread safety,
// determinism: those of Strategy; v starts from Stream::kStrategy. Cost: O(n λ); 4 n λ bytes.
// Departures from the authors' code: c₁ is not negative for n < 5; the constant in S is -1, that of
// the Fisher score, where the code has +1 (they differ only in the c₁ term); D's factor 1 + S is at
// least 0.1, so that D stays positive; |v| is kept in [1e-8, 1e6].
// Reference: Nomura and Ono 2022, arXiv 2201.11422; Akimoto, Auger and Hansen 2014 (VD-CMA).

#ifndef SACCADE_ES_CR_FM_NES_H_
#define SACCADE_ES_CR_FM_NES_H_

#include <memory>

#include "core/api/strategy.h"
#include "core/config/visitor.h"
#include "es/cma_parameters.h"

namespace saccade::es {

struct CrFmNesOptions : DistributionOptions {
  void Visit(config::Visitor& v);
};

// Throws kInput when the population is odd.
std::unique_ptr<Strategy> MakeCrFmNes(const CrFmNesOptions& options,
                                      const StrategyContext& context);

}  // namespace saccade::es

#endif  // SACCADE_ES_CR_FM_NES_H_

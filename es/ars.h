// Augmented random search: finite differences along random directions, scaled by the spread of the
// returns they saw.
//
//   F_k^± = F(μ ± ν δ_k);   keep the b directions with the largest max(F_k⁺, F_k⁻)
//   g = 1/(b σ_R) Σ_kept (F_k⁺ - F_k⁻) δ_k,   σ_R = population standard deviation of the 2b returns
//   μ ← μ + α g
//
// with ν = `sigma`, α = `optimizer.learning_rate`, b = `top_directions`, and N = population / 2
// directions. The four variants of the paper:
//
//             top_directions   observations of the policy
//     V1      0 (all)          as they are
//     V1-t    b < N            as they are
//     V2      0 (all)          normalised
//     V2-t    b < N            normalised
//
// where normalisation is `observation.normalize` of the run, on unless it says otherwise, and the
// same for every strategy.
//
// When all kept returns are equal, g = 0. Ties at the border of the kept set go to the lower index,
// so exactly b are kept.
//
// Shapes: μ, δ, g (n). Units: ν in those of the weights. Thread safety, determinism: those of
// Strategy. Cost: O(n population).
// Departures: the authors keep more than b directions on ties and divide by σ_R = 0; other
// optimisers and directions than plain ascent along Gaussians are offered.
// Reference: Mania, Guy and Recht 2018, arXiv 1803.07055.

#ifndef SACCADE_ES_ARS_H_
#define SACCADE_ES_ARS_H_

#include <memory>

#include "core/api/strategy.h"
#include "core/config/visitor.h"
#include "es/gradient_strategy.h"

namespace saccade::es {

struct ArsOptions : GradientOptions {
  ArsOptions() {
    sigma = 0.03;
    optimizer.kind = "sgd";
    optimizer.learning_rate = 0.02;
  }

  int top_directions = 0;

  void Visit(config::Visitor& v);
};

std::unique_ptr<Strategy> MakeArs(const ArsOptions& options, const StrategyContext& context);

}  // namespace saccade::es

#endif  // SACCADE_ES_ARS_H_

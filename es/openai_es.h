// OpenAI's evolution strategy: a gradient of the smoothed return from ranks, followed by Adam.
//
//   x_i = μ ± σ ε_i;   u = shaped fitness;   g = (1/P) Σ d_i ε_i   (es/perturbation.h)
//   μ ← optimiser(μ, g)                                            (es/optimizer.h)
//
// g has no factor 1/σ, as in the authors' code: with ranks and Adam it would change nothing. Where
// it matters (sgd with shaping none), learning_rate / σ is the step along the gradient of the
// return.
//
// Shapes: μ, ε, g (n). Units: σ in those of the weights. Thread safety, determinism: those of
// Strategy. Cost: O(n population).
// Departures: forward differences, orthogonal and Hadamard directions, other shapings and
// optimisers, schedules; no action noise and no noise table (the counter-based generator needs
// none).
// Reference: Salimans et al. 2017, arXiv 1703.03864.

#ifndef SACCADE_ES_OPENAI_ES_H_
#define SACCADE_ES_OPENAI_ES_H_

#include <memory>
#include <string>

#include "core/api/strategy.h"
#include "core/config/visitor.h"
#include "es/gradient_strategy.h"

namespace saccade::es {

struct OpenAiEsOptions : GradientOptions {
  std::string shaping = "centered-ranks";

  void Visit(config::Visitor& v);
};

std::unique_ptr<Strategy> MakeOpenAiEs(const OpenAiEsOptions& options,
                                       const StrategyContext& context);

}  // namespace saccade::es

#endif  // SACCADE_ES_OPENAI_ES_H_

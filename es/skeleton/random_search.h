// A strategy of your own, in one small file: (1, λ) random search.
//
//   x_k = μ + σ z_k,  z_k ~ N(0, I),  k = 1 … λ;   μ ← the best x_k
//   σ ← σ · shrink when the best return did not improve
//
// Copy this folder, rename it, and replace the three methods DoAsk, DoCandidate and DoTell. Nothing
// here needs more than core/api, core/base and core/config, so it builds outside of Saccade too.
//
// Shapes: μ, z (n). Units: σ in those of the weights. Thread safety, determinism: those of
// Strategy. Cost: O(n) per candidate. Reference: Rechenberg 1973.

#ifndef SACCADE_ES_SKELETON_RANDOM_SEARCH_H_
#define SACCADE_ES_SKELETON_RANDOM_SEARCH_H_

#include "core/api/registry.h"

namespace saccade::es {

// 1. What a user may set, with its defaults. The strings are what `saccade describe` prints.
struct RandomSearchOptions {
  int population = 32;
  double sigma = 0.1;
  double shrink = 0.95;

  void Visit(config::Visitor& v);
};

// 2. How the options and what the runtime knows become a strategy. Check here what depends on both
//    (such as the number of weights) and throw InputError.
std::unique_ptr<Strategy> MakeRandomSearch(const RandomSearchOptions& options,
                                           const StrategyContext& context);

// 3. The name under which a configuration finds it. A plug-in calls this from its exported symbol.
void RegisterRandomSearch(Registry& registry);

}  // namespace saccade::es

#endif  // SACCADE_ES_SKELETON_RANDOM_SEARCH_H_

// PGPE: policy gradients with parameter-based exploration, for the mean and for the standard
// deviation of every weight.
//
//   x_i^± = μ ± s ε_i (elementwise);   u = shaped fitness, b = mean of all u
//   g_μ = (1/P) Σ ½ (u_i⁺ - u_i⁻) s ε_i
//   g_s = (1/P) Σ (½ (u_i⁺ + u_i⁻) - b) s (ε_i² - 1)
//   μ ← optimiser(μ, g_μ);   s ← clip(s + η_s g_s, (1-c) s, (1+c) s)
//
// with s = radius/√n at first, η_s = `sigma_learning_rate` and c = `sigma_max_change`.
//
// How to choose: with ClipUp, max_speed is how far the mean may go in a generation; a radius of 15
// times that, and a learning rate of half of it, are the authors' rules, and the defaults keep
// them.
//
// Shapes: μ, s, ε (n). Units: radius and s in those of the weights. Thread safety, determinism:
// those of Strategy. Cost: O(n population).
// Departures: other directions and shapings; the population is fixed.
// References: Sehnke et al. 2010; Toklu, Liskowski and Srivastava 2020, arXiv 2008.02387.

#ifndef SACCADE_ES_PGPE_H_
#define SACCADE_ES_PGPE_H_

#include <memory>
#include <string>

#include "core/api/strategy.h"
#include "core/config/visitor.h"
#include "es/optimizer.h"
#include "es/perturbation.h"

namespace saccade::es {

struct PgpeOptions {
  PgpeOptions() {
    optimizer.kind = "clipup";
    optimizer.learning_rate = 0.033;
  }

  int population = 64;
  double radius = 1;
  double sigma_learning_rate = 0.1;
  double sigma_max_change = 0.2;
  PerturbationOptions perturbation;
  std::string shaping = "centered-ranks";
  OptimizerOptions optimizer;

  void Visit(config::Visitor& v);
};

std::unique_ptr<Strategy> MakePgpe(const PgpeOptions& options, const StrategyContext& context);

}  // namespace saccade::es

#endif  // SACCADE_ES_PGPE_H_

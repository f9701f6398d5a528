// First-order optimisers that climb an estimated gradient g of the fitness, x ← x + Δ.
//
//   sgd        Δ = α g
//   momentum   v ← m v + (1-m) g;                      Δ = α v
//   adam       p ← β₁ p + (1-β₁) g;  q ← β₂ q + (1-β₂) g²;  t ← t + 1
//              Δ = α (p/(1-β₁ᵗ)) / (√(q/(1-β₂ᵗ)) + ε)
//   clipup     v ← m v + α g/|g|;  if |v| > v_max: v ← v v_max/|v|;  Δ = v
//
// before which g ← g - l2 x, and x ← (1 - α weight_decay) x. The schedule scales α and v_max.
// ClipUp with g = 0 only lets v fade: there is no direction.
//
// L2 enters the gradient and is therefore rescaled by adam and clipup, as in OpenAI's code;
// weight_decay is decoupled from it and shrinks the weights by the same factor whatever the
// gradient. Both are off by default.
//
// Shapes: x, g (n). Units: α in weights per generation for adam and clipup, in weights per unit of
// g otherwise. Thread safety: one thread. Determinism: elementwise, and norms over whole vectors.
// Cost: O(n), no more than two vectors of state.
// Departures: `momentum` averages (the factor 1-m), so that α keeps its meaning when m changes.
// References: Kingma and Ba 2015; Toklu, Liskowski and Srivastava 2020 (ClipUp); Salimans et al.
// 2017 (l2); Loshchilov and Hutter 2019 (decoupled decay).

#ifndef SACCADE_ES_OPTIMIZER_H_
#define SACCADE_ES_OPTIMIZER_H_

#include <string>

#include <Eigen/Core>

#include "core/base/tensor.h"
#include "core/config/visitor.h"
#include "es/schedule.h"

namespace saccade::es {

struct OptimizerOptions {
  std::string kind = "adam";
  double learning_rate = 0.02;
  double momentum = 0.9;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double max_speed = 0;
  double l2 = 0;
  double weight_decay = 0;
  ScheduleOptions schedule;

  void Visit(config::Visitor& v);
};

class Optimizer {
 public:
  Optimizer(const OptimizerOptions& options, int dimension);

  // Moves `x` (n) uphill along `gradient` (n). `generation` counts from 0 and sets the schedule.
  void Step(const Eigen::VectorXd& gradient, int generation, Eigen::VectorXd& x);

  // Under names that begin with "optimizer/".
  void Save(TensorMap& state) const;

  // An optimiser with these options and the saved state; throws kInput when they do not fit.
  Optimizer Loaded(const TensorMap& state) const;

 private:
  Eigen::VectorXd Change(const Eigen::VectorXd& gradient, double factor);
  Eigen::VectorXd AdamChange(const Eigen::VectorXd& gradient, double learning_rate);
  Eigen::VectorXd ClipUpChange(const Eigen::VectorXd& gradient, double factor);

  OptimizerOptions options_;
  Eigen::VectorXd first_;   // v, or p of adam
  Eigen::VectorXd second_;  // q of adam
  double steps_ = 0;        // t of adam
};

}  // namespace saccade::es

#endif  // SACCADE_ES_OPTIMIZER_H_

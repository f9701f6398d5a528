#include "es/optimizer.h"

#include <cmath>

#include "core/base/error.h"
#include "es/state.h"

namespace saccade::es {

using config::Rule;

void OptimizerOptions::Visit(config::Visitor& v) {
  v.Field("kind", kind, "how the gradient becomes a step",
          Rule::OneOf({"sgd", "momentum", "adam", "clipup"}));
  v.Field(
      "learning_rate", learning_rate,
      "step size: weights per generation with adam (each weight) and clipup (norm of the step), "
      "weights per unit of gradient with sgd and momentum",
      Rule::Positive());
  v.Field("momentum", momentum, "share of the velocity kept per generation (momentum, clipup)",
          Rule::HalfOpen(0, 1));
  v.Field("beta1", beta1, "share of the mean gradient kept per generation (adam)",
          Rule::HalfOpen(0, 1));
  v.Field("beta2", beta2, "share of the mean squared gradient kept per generation (adam)",
          Rule::HalfOpen(0, 1));
  v.Field("epsilon", epsilon, "added to the root of the mean squared gradient (adam)",
          Rule::Positive());
  v.Field("max_speed", max_speed,
          "largest norm of a step in weights per generation (clipup); 0 means 2 × learning_rate",
          Rule::AtLeast(0));
  v.Field("l2", l2, "the gradient is reduced by l2 × weights, as in OpenAI's code",
          Rule::AtLeast(0));
  v.Field("weight_decay", weight_decay,
          "weights shrink by learning_rate × weight_decay per generation, apart from the gradient",
          Rule::AtLeast(0));
  v.Group("schedule", schedule, "how learning_rate and max_speed change over the generations");
}

Optimizer::Optimizer(const OptimizerOptions& options, int dimension) : options_(options) {
  if (options.kind != "sgd") first_.setZero(dimension);
  if (options.kind == "adam") second_.setZero(dimension);
}

void Optimizer::Step(const Eigen::VectorXd& gradient, int generation, Eigen::VectorXd& x) {
  const double factor = options_.schedule.Factor(generation);
  const Eigen::VectorXd change = Change(gradient - options_.l2 * x, factor);
  x = (1 - factor * options_.learning_rate * options_.weight_decay) * x + change;
}

Eigen::VectorXd Optimizer::Change(const Eigen::VectorXd& gradient, double factor) {
  const double learning_rate = factor * options_.learning_rate;
  if (options_.kind == "sgd") return learning_rate * gradient;
  if (options_.kind == "adam") return AdamChange(gradient, learning_rate);
  if (options_.kind == "clipup") return ClipUpChange(gradient, factor);
  SACCADE_CHECK(options_.kind == "momentum");
  first_ = options_.momentum * first_ + (1 - options_.momentum) * gradient;
  return learning_rate * first_;
}

Eigen::VectorXd Optimizer::AdamChange(const Eigen::VectorXd& gradient, double learning_rate) {
  const double beta1 = options_.beta1;
  const double beta2 = options_.beta2;
  first_ = beta1 * first_ + (1 - beta1) * gradient;
  second_ = beta2 * second_ + (1 - beta2) * gradient.cwiseAbs2();
  steps_ += 1;
  const double first_scale = 1 / (1 - std::pow(beta1, steps_));
  const double second_scale = 1 / (1 - std::pow(beta2, steps_));
  return learning_rate * first_scale * first_.array() /
         ((second_scale * second_.array()).sqrt() + options_.epsilon);
}

Eigen::VectorXd Optimizer::ClipUpChange(const Eigen::VectorXd& gradient, double factor) {
  const double max_speed = options_.max_speed > 0 ? options_.max_speed : 2 * options_.learning_rate;
  first_ *= options_.momentum;
  const double norm = gradient.stableNorm();
  if (norm > 0) first_ += factor * options_.learning_rate * (gradient / norm);
  const double speed = first_.norm();
  if (speed > factor * max_speed) first_ *= factor * max_speed / speed;
  return first_;
}

void Optimizer::Save(TensorMap& state) const {
  if (first_.size() > 0) Put(state, "optimizer/" + options_.kind + "/first", first_);
  if (second_.size() > 0) Put(state, "optimizer/" + options_.kind + "/second", second_);
  Put(state, "optimizer/steps", steps_);
}

Optimizer Optimizer::Loaded(const TensorMap& state) const {
  const std::string prefix = "optimizer/" + options_.kind;
  Optimizer loaded = *this;
  loaded.steps_ = GetScalar(state, "optimizer/steps");
  const int first_size = static_cast<int>(first_.size());
  const int second_size = static_cast<int>(second_.size());
  if (first_size > 0) loaded.first_ = GetVector(state, prefix + "/first", first_size);
  if (second_size > 0) loaded.second_ = GetVector(state, prefix + "/second", second_size);
  return loaded;
}

}  // namespace saccade::es

#include "es/gradient_strategy.h"

#include <utility>

#include "es/state.h"

namespace saccade::es {

void GradientOptions::VisitCommon(config::Visitor& v, const char* sigma_doc) {
  VisitPerturbation(v, population, perturbation);
  v.Field("sigma", sigma, sigma_doc, config::Rule::Positive());
  v.Group("sigma_schedule", sigma_schedule, "how sigma changes over the generations");
  v.Group("optimizer", optimizer, "how the mean follows the estimated gradient");
}

GradientStrategy::GradientStrategy(std::string_view name, const GradientOptions& options,
                                   const StrategyContext& context)
    : Strategy(context),
      name_(name),
      sigma_(options.sigma),
      sigma_schedule_(options.sigma_schedule),
      mean_(context.start),
      perturbation_(options.perturbation, dimension(), options.population, seed()),
      optimizer_(options.optimizer, dimension()) {}

int GradientStrategy::DoAsk() {
  perturbation_.Prepare(generation());
  return perturbation_.candidates();
}

void GradientStrategy::DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const {
  perturbation_.Candidate(index, mean_, sigma(), out);
}

void GradientStrategy::DoTell(const Eigen::VectorXd& fitness) {
  optimizer_.Step(Gradient(fitness), generation(), mean_);
}

void GradientStrategy::DoSave(TensorMap& state) const {
  Put(state, "mean", mean_);
  optimizer_.Save(state);
}

void GradientStrategy::DoLoad(const TensorMap& state) {
  Eigen::VectorXd mean = GetVector(state, "mean", dimension());
  optimizer_ = optimizer_.Loaded(state);
  mean_ = std::move(mean);
}

}  // namespace saccade::es

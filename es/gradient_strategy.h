// What the strategies share that perturb their mean by a common σ and then climb a gradient
// estimate.
//
//   x_i = μ + σ_t s_i ε_i        (es/perturbation.h; s_i = ±1, or 0 for the centre)
//   μ ← optimiser(μ, g(fitness))   (es/optimizer.h)
//
// A strategy says what g is. Shapes: μ, ε, g (n). Units: σ in those of the weights. Thread safety,
// determinism: those of Strategy. Cost: O(n population).

#ifndef SACCADE_ES_GRADIENT_STRATEGY_H_
#define SACCADE_ES_GRADIENT_STRATEGY_H_

#include <string_view>

#include "core/api/strategy.h"
#include "core/config/visitor.h"
#include "es/optimizer.h"
#include "es/perturbation.h"
#include "es/schedule.h"

namespace saccade::es {

struct GradientOptions {
  int population = 64;
  double sigma = 0.05;
  ScheduleOptions sigma_schedule;
  PerturbationOptions perturbation;
  OptimizerOptions optimizer;

  // `sigma_doc` says what sigma is the size of.
  void VisitCommon(config::Visitor& v, const char* sigma_doc);
};

class GradientStrategy : public Strategy {
 public:
  // Throws kInput when the population cannot be laid out.
  GradientStrategy(std::string_view name, const GradientOptions& options,
                   const StrategyContext& context);

  bool mirrored() const override { return perturbation_.antithetic(); }
  std::string_view name() const override { return name_; }
  const Eigen::VectorXd& mean() const override { return mean_; }
  double sigma() const override { return sigma_ * sigma_schedule_.Factor(generation()); }

 protected:
  // g (n) for the fitness of the open generation.
  virtual Eigen::VectorXd Gradient(const Eigen::VectorXd& fitness) = 0;

  const Perturbation& perturbation() const { return perturbation_; }

  int DoAsk() override;
  void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override;
  void DoTell(const Eigen::VectorXd& fitness) final;
  void DoSave(TensorMap& state) const override;
  void DoLoad(const TensorMap& state) override;

 private:
  std::string_view name_;
  double sigma_;
  ScheduleOptions sigma_schedule_;
  Eigen::VectorXd mean_;  // μ
  Perturbation perturbation_;
  Optimizer optimizer_;
};

}  // namespace saccade::es

#endif  // SACCADE_ES_GRADIENT_STRATEGY_H_

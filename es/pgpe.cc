#include "es/pgpe.h"

#include <cmath>
#include <utility>

#include "es/scale.h"
#include "es/shaping.h"
#include "es/state.h"

namespace saccade::es {
namespace {

class Pgpe final : public Strategy {
 public:
  Pgpe(const PgpeOptions& options, const StrategyContext& context)
      : Strategy(context),
        options_(options),
        mean_(context.start),
        deviation_(Eigen::VectorXd::Constant(dimension(), options.radius / std::sqrt(dimension()))),
        perturbation_(options.perturbation, dimension(), options.population, seed()),
        optimizer_(options.optimizer, dimension()) {
    options.perturbation.CheckPairs();
  }

  bool mirrored() const override { return true; }
  std::string_view name() const override { return "pgpe"; }
  const Eigen::VectorXd& mean() const override { return mean_; }
  double sigma() const override { return std::sqrt(deviation_.squaredNorm() / dimension()); }

 protected:
  int DoAsk() override {
    perturbation_.Prepare(generation());
    return perturbation_.candidates();
  }

  void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    perturbation_.Direction(perturbation_.DirectionOf(index), out);
    out = mean_ + perturbation_.SignOf(index) * deviation_.cwiseProduct(out);
  }

  void DoTell(const Eigen::VectorXd& fitness) override {
    const Eigen::VectorXd utilities = Shape(options_.shaping, fitness);
    // The mean's gradient is taken at the old s: that is what the candidates were drawn with.
    const Eigen::VectorXd mean_gradient = deviation_.cwiseProduct(perturbation_.Slope(utilities));
    UpdateDeviation(utilities);
    optimizer_.Step(mean_gradient, generation(), mean_);
  }

  void DoSave(TensorMap& state) const override {
    Put(state, "mean", mean_);
    Put(state, "deviation", deviation_);
    optimizer_.Save(state);
  }

  void DoLoad(const TensorMap& state) override {
    Eigen::VectorXd mean = GetVector(state, "mean", dimension());
    Eigen::VectorXd deviation = GetPositiveVector(state, "deviation", dimension());
    optimizer_ = optimizer_.Loaded(state);
    mean_ = std::move(mean);
    deviation_ = std::move(deviation);
  }

 private:
  void UpdateDeviation(const Eigen::VectorXd& utilities) {
    const int count = perturbation_.count();
    const double baseline = utilities.mean();
    Eigen::VectorXd slope = Eigen::VectorXd::Zero(dimension());  // g_s / s
    Eigen::VectorXd direction(dimension());
    for (int i = 0; i < count; ++i) {
      perturbation_.Direction(i, direction);
      const double advantage = (utilities[2 * i] + utilities[2 * i + 1]) / 2 - baseline;
      slope.array() += advantage / count * (direction.array().square() - 1);
    }
    const double limit = options_.sigma_max_change;
    deviation_.array() *= 1 + (options_.sigma_learning_rate * slope.array()).max(-limit).min(limit);
    deviation_ = BoundedScale(deviation_);
  }

  PgpeOptions options_;
  Eigen::VectorXd mean_;       // μ
  Eigen::VectorXd deviation_;  // s
  Perturbation perturbation_;
  Optimizer optimizer_;
};

}  // namespace

void PgpeOptions::Visit(config::Visitor& v) {
  VisitPerturbation(v, population, perturbation);
  v.Field("radius", radius,
          "length of the first perturbations, in units of the weights: sigma of each weight is "
          "radius / √n",
          config::Rule::Positive());
  v.Field("sigma_learning_rate", sigma_learning_rate,
          "relative change of a standard deviation per unit of its gradient; 0 keeps them",
          config::Rule::AtLeast(0));
  v.Field("sigma_max_change", sigma_max_change,
          "largest relative change of a standard deviation per generation",
          config::Rule::HalfOpen(0, 1));
  v.Field("shaping", shaping, "what the update sees of the returns", ShapingRule());
  v.Group("optimizer", optimizer, "how the mean follows the estimated gradient");
  perturbation.RequirePairs(v);
}

std::unique_ptr<Strategy> MakePgpe(const PgpeOptions& options, const StrategyContext& context) {
  return std::make_unique<Pgpe>(options, context);
}

}  // namespace saccade::es

#include "es/snes.h"

#include <cmath>
#include <utility>

#include "es/directions.h"
#include "es/scale.h"
#include "es/shaping.h"
#include "es/state.h"

namespace saccade::es {
namespace {

class Snes final : public Strategy {
 public:
  Snes(const SnesOptions& options, const StrategyContext& context)
      : Strategy(context),
        by_rank_(NesWeights(PopulationOrDefault(options.population, dimension()))),
        sigma_learning_rate_(options.sigma_learning_rate > 0
                                 ? options.sigma_learning_rate
                                 : (3 + std::log(dimension())) / (5 * std::sqrt(dimension()))),
        samples_(dimension(), by_rank_.size()),
        mean_(context.start),
        deviation_(Eigen::VectorXd::Constant(dimension(), options.sigma)) {
    by_rank_.array() -= 1.0 / static_cast<double>(by_rank_.size());
  }

  bool mirrored() const override { return false; }
  std::string_view name() const override { return "snes"; }
  const Eigen::VectorXd& mean() const override { return mean_; }
  double sigma() const override { return std::sqrt(deviation_.squaredNorm() / dimension()); }

 protected:
  int DoAsk() override {
    DrawGaussians(seed(), generation(), samples_);
    return static_cast<int>(samples_.cols());
  }

  void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    out = mean_ + deviation_.cwiseProduct(samples_.col(index));
  }

  void DoTell(const Eigen::VectorXd& fitness) override {
    const Eigen::VectorXd utilities = ShareByRank(fitness, by_rank_);
    Eigen::VectorXd squares = Eigen::VectorXd::Zero(dimension());
    for (int k = 0; k < utilities.size(); ++k) {
      squares.array() += utilities[k] * (samples_.col(k).array().square() - 1);
    }
    mean_ += deviation_.cwiseProduct(samples_ * utilities);
    deviation_.array() *= (sigma_learning_rate_ / 2 * squares.array()).exp();
    deviation_ = BoundedScale(deviation_);
  }

  void DoSave(TensorMap& state) const override {
    Put(state, "mean", mean_);
    Put(state, "deviation", deviation_);
  }

  void DoLoad(const TensorMap& state) override {
    Eigen::VectorXd mean = GetVector(state, "mean", dimension());
    deviation_ = GetPositiveVector(state, "deviation", dimension());
    mean_ = std::move(mean);
  }

 private:
  Eigen::VectorXd by_rank_;     // u (λ), best first
  double sigma_learning_rate_;  // η_s
  Eigen::MatrixXd samples_;     // z (n × λ), of the open generation
  Eigen::VectorXd mean_;        // μ
  Eigen::VectorXd deviation_;   // s
};

}  // namespace

void SnesOptions::Visit(config::Visitor& v) {
  DistributionOptions::Visit(v);
  v.Field("sigma_learning_rate", sigma_learning_rate,
          "relative change of a standard deviation per unit of its natural gradient; 0 means "
          "(3 + ln n) / (5 √n) for n weights",
          config::Rule::AtLeast(0));
}

std::unique_ptr<Strategy> MakeSnes(const SnesOptions& options, const StrategyContext& context) {
  return std::make_unique<Snes>(options, context);
}

Eigen::VectorXd NesWeights(int population) {
  const Eigen::ArrayXd ranks = Eigen::ArrayXd::LinSpaced(population, 1, population);
  const Eigen::VectorXd weights = (std::log(population / 2.0 + 1) - ranks.log()).max(0);
  return weights / weights.sum();
}

}  // namespace saccade::es

#include "es/sep_cma_es.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "es/directions.h"
#include "es/scale.h"
#include "es/shaping.h"
#include "es/state.h"
#include "es/step_size.h"

namespace saccade::es {
namespace {

CmaParameters SeparableParameters(int dimension, int population) {
  CmaParameters p = MakeCmaParameters(dimension, population);
  const double faster = (dimension + 2) / 3.0;  // n variances instead of n²/2 entries
  p.c_1 = std::min(1.0, p.c_1 * faster);
  p.c_mu = std::min(1 - p.c_1, p.c_mu * faster);
  return p;
}

class SepCmaEs final : public Strategy {
 public:
  SepCmaEs(const SepCmaEsOptions& options, const StrategyContext& context)
      : Strategy(context),
        parameters_(
            SeparableParameters(dimension(), PopulationOrDefault(options.population, dimension()))),
        samples_(dimension(), parameters_.weights.size()),
        mean_(context.start),
        step_size_(options.sigma, dimension()),
        variances_(Eigen::VectorXd::Ones(dimension())),
        path_(Eigen::VectorXd::Zero(dimension())) {}

  bool mirrored() const override { return false; }
  std::string_view name() const override { return "sep-cma-es"; }
  const Eigen::VectorXd& mean() const override { return mean_; }
  double sigma() const override { return step_size_.sigma() * std::sqrt(variances_.mean()); }

 protected:
  int DoAsk() override {
    DrawGaussians(seed(), generation(), samples_);
    deviations_ = variances_.cwiseSqrt();
    return static_cast<int>(samples_.cols());
  }

  void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    out = mean_ + step_size_.sigma() * deviations_.cwiseProduct(samples_.col(index));
  }

  void DoTell(const Eigen::VectorXd& fitness) override {
    const CmaParameters& p = parameters_;
    const std::vector<int> order = BestFirst(fitness);
    Eigen::VectorXd whitened = Eigen::VectorXd::Zero(dimension());  // Σ w z
    Eigen::VectorXd squares = Eigen::VectorXd::Zero(dimension());   // Σ w z²
    for (int k = 0; k < p.parents; ++k) {
      const auto z = samples_.col(order[k]);
      whitened += p.weights[k] * z;
      squares += p.weights[k] * z.cwiseAbs2();
    }
    const Eigen::VectorXd step = deviations_.cwiseProduct(whitened);  // y_w
    mean_ += step_size_.sigma() * step;
    const bool h = step_size_.Update(p, whitened, generation());
    UpdatePath(h, step);
    UpdateVariances(h, squares);
  }

  void DoSave(TensorMap& state) const override {
    Put(state, "mean", mean_);
    Put(state, "variances", variances_);
    Put(state, "path_covariance", path_);
    step_size_.Save(state);
  }

  void DoLoad(const TensorMap& state) override {
    Eigen::VectorXd mean = GetVector(state, "mean", dimension());
    Eigen::VectorXd variances = GetPositiveVector(state, "variances", dimension());
    Eigen::VectorXd path = GetVector(state, "path_covariance", dimension());
    step_size_ = step_size_.Loaded(state);
    mean_ = std::move(mean);
    variances_ = std::move(variances);
    path_ = std::move(path);
  }

 private:
  void UpdatePath(bool h, const Eigen::VectorXd& step) {
    const double c_c = parameters_.c_c;
    path_ *= 1 - c_c;
    if (h) path_ += std::sqrt(c_c * (2 - c_c) * parameters_.mu_eff) * step;
  }

  void UpdateVariances(bool h, const Eigen::VectorXd& squares) {
    const CmaParameters& p = parameters_;
    // Without the path's share of the variance, the old one keeps it.
    const double missing = h ? 0 : p.c_1 * p.c_c * (2 - p.c_c);
    const double keep = 1 + missing - p.c_1 - p.c_mu;
    variances_ =
        variances_.array() * (keep + p.c_mu * squares.array()) + p.c_1 * path_.array().square();
    variances_ = BoundedScale(variances_);
  }

  CmaParameters parameters_;
  Eigen::MatrixXd samples_;     // z (n × λ), of the open generation
  Eigen::VectorXd deviations_;  // √c, of the open generation
  Eigen::VectorXd mean_;        // m
  StepSize step_size_;          // σ, p_σ
  Eigen::VectorXd variances_;   // c
  Eigen::VectorXd path_;        // p_c
};

}  // namespace

std::unique_ptr<Strategy> MakeSepCmaEs(const SepCmaEsOptions& options,
                                       const StrategyContext& context) {
  return std::make_unique<SepCmaEs>(options, context);
}

}  // namespace saccade::es

#include "es/cma_es.h"

#include <cmath>
#include <utility>

#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include "core/base/error.h"
#include "es/directions.h"
#include "es/scale.h"
#include "es/shaping.h"
#include "es/state.h"
#include "es/step_size.h"

namespace saccade::es {
namespace {

constexpr double kSmallestEigenvalueRatio = 1e-14;

class CmaEs final : public Strategy {
 public:
  CmaEs(const CmaEsOptions& options, const StrategyContext& context)
      : Strategy(context),
        parameters_(
            MakeCmaParameters(dimension(), PopulationOrDefault(options.population, dimension()))),
        samples_(dimension(), parameters_.weights.size()),
        mean_(context.start),
        step_size_(options.sigma, dimension()),
        covariance_(Eigen::MatrixXd::Identity(dimension(), dimension())),
        path_(Eigen::VectorXd::Zero(dimension())),
        basis_(Eigen::MatrixXd::Identity(dimension(), dimension())),
        axes_(Eigen::VectorXd::Ones(dimension())) {}

  bool mirrored() const override { return false; }
  std::string_view name() const override { return "cma-es"; }
  const Eigen::VectorXd& mean() const override { return mean_; }
  double sigma() const override {
    return step_size_.sigma() * std::sqrt(covariance_.trace() / dimension());
  }

 protected:
  int DoAsk() override {
    DrawGaussians(seed(), generation(), samples_);
    steps_.noalias() = basis_ * (axes_.asDiagonal() * samples_).eval();
    return static_cast<int>(samples_.cols());
  }

  void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    out = mean_ + step_size_.sigma() * steps_.col(index);
  }

  void DoTell(const Eigen::VectorXd& fitness) override {
    const CmaParameters& p = parameters_;
    const std::vector<int> order = BestFirst(fitness);
    Eigen::VectorXd rotated = Eigen::VectorXd::Zero(dimension());  // Σ w z = Bᵀ C^{-1/2} y_w
    Eigen::VectorXd step = Eigen::VectorXd::Zero(dimension());     // y_w
    for (int k = 0; k < p.parents; ++k) {
      rotated += p.weights[k] * samples_.col(order[k]);
      step += p.weights[k] * steps_.col(order[k]);
    }
    mean_ += step_size_.sigma() * step;
    const bool h = step_size_.Update(p, basis_ * rotated, generation());
    UpdatePath(h, step);
    UpdateCovariance(h, order);
    const int next_generation = generation() + 1;
    if (next_generation - decomposed_at_ >= DecompositionInterval()) Decompose(next_generation);
  }

  void DoSave(TensorMap& state) const override {
    Put(state, "mean", mean_);
    PutMatrix(state, "covariance", covariance_);
    Put(state, "path_covariance", path_);
    PutMatrix(state, "basis", basis_);
    Put(state, "axes", axes_);
    Put(state, "decomposed_at", decomposed_at_);
    step_size_.Save(state);
  }

  void DoLoad(const TensorMap& state) override {
    const int n = dimension();
    Eigen::VectorXd mean = GetVector(state, "mean", n);
    Eigen::MatrixXd covariance = GetMatrix(state, "covariance", n, n);
    Eigen::VectorXd path = GetVector(state, "path_covariance", n);
    Eigen::MatrixXd basis = GetMatrix(state, "basis", n, n);
    Eigen::VectorXd axes = GetPositiveVector(state, "axes", n);
    const double decomposed_at = GetScalar(state, "decomposed_at");
    step_size_ = step_size_.Loaded(state);
    mean_ = std::move(mean);
    covariance_ = std::move(covariance);
    path_ = std::move(path);
    basis_ = std::move(basis);
    axes_ = std::move(axes);
    decomposed_at_ = decomposed_at;
  }

 private:
  double DecompositionInterval() const {
    return 1 / (10 * dimension() * (parameters_.c_1 + parameters_.c_mu));
  }

  void Decompose(int for_generation) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance_);
    if (solver.info() != Eigen::Success) {
      throw InputError(
          "the covariance matrix has numbers that are none; go on from an earlier "
          "checkpoint, or choose a smaller sigma");
    }
    const double largest = solver.eigenvalues().maxCoeff();
    const double smallest = kSmallestEigenvalueRatio * largest;
    basis_ = solver.eigenvectors();
    axes_ = solver.eigenvalues().cwiseMax(smallest).cwiseSqrt();
    decomposed_at_ = for_generation;
    // Rounding makes a matrix of a larger condition indefinite, which it would never get over.
    if (solver.eigenvalues().minCoeff() < smallest) {
      covariance_ = basis_ * axes_.cwiseAbs2().asDiagonal() * basis_.transpose();
    }
    const double bounded = BoundedScale(largest);
    if (bounded != largest) Rescale(bounded / largest);
  }

  // C ← factor C, and everything that is measured in its units.
  void Rescale(double factor) {
    covariance_ *= factor;
    path_ *= std::sqrt(factor);
    axes_ *= std::sqrt(factor);
  }

  void UpdatePath(bool h, const Eigen::VectorXd& step) {
    const double c_c = parameters_.c_c;
    path_ *= 1 - c_c;
    if (h) path_ += std::sqrt(c_c * (2 - c_c) * parameters_.mu_eff) * step;
  }

  void UpdateCovariance(bool h, const std::vector<int>& order) {
    const CmaParameters& p = parameters_;
    // Without the path's share of the variance, the old one keeps it.
    const double missing = h ? 0 : p.c_1 * p.c_c * (2 - p.c_c);
    covariance_ *= 1 + missing - p.c_1 - p.c_mu * p.weights.sum();
    auto lower = covariance_.selfadjointView<Eigen::Lower>();
    lower.rankUpdate(path_, p.c_1);
    lower.rankUpdate(WeightedSteps(order, 0, p.parents), p.c_mu);
    lower.rankUpdate(WeightedSteps(order, p.parents, static_cast<int>(order.size())), -p.c_mu);
    covariance_.triangularView<Eigen::StrictlyUpper>() = covariance_.transpose();
  }

  // The columns √|w°_k| y_k for the ranks k in [begin, end).
  Eigen::MatrixXd WeightedSteps(const std::vector<int>& order, int begin, int end) const {
    Eigen::MatrixXd columns(dimension(), end - begin);
    for (int k = begin; k < end; ++k) {
      const double weight = parameters_.weights[k];
      // A negative weight takes away what a sample of average length would have brought.
      const double scale = weight >= 0 ? 1 : dimension() / samples_.col(order[k]).squaredNorm();
      columns.col(k - begin) = std::sqrt(std::abs(weight) * scale) * steps_.col(order[k]);
    }
    return columns;
  }

  CmaParameters parameters_;
  Eigen::MatrixXd samples_;     // z (n × λ), of the open generation
  Eigen::MatrixXd steps_;       // y (n × λ), of the open generation
  Eigen::VectorXd mean_;        // m
  StepSize step_size_;          // σ, p_σ
  Eigen::MatrixXd covariance_;  // C (n × n)
  Eigen::VectorXd path_;        // p_c
  Eigen::MatrixXd basis_;       // B (n × n), of the last decomposition
  Eigen::VectorXd axes_;        // D's diagonal
  double decomposed_at_ = 0;    // the generation that the last decomposition was for
};

}  // namespace

std::unique_ptr<Strategy> MakeCmaEs(const CmaEsOptions& options, const StrategyContext& context) {
  const Eigen::Index n = context.start.size();
  if (n > kMaxCmaEsDimension) {
    throw InputError(
        fmt::format("cma-es: {} weights would need a {} × {} covariance matrix, too slow to "
                    "decompose; it serves up to {} weights. Use cr-fm-nes, sep-cma-es or snes",
                    n, n, n, kMaxCmaEsDimension));
  }
  return std::make_unique<CmaEs>(options, context);
}

}  // namespace saccade::es

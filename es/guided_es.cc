#include "es/guided_es.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/QR>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/rng.h"
#include "es/shaping.h"
#include "es/state.h"

namespace saccade::es {
namespace {

class GuidedEs final : public GradientStrategy {
 public:
  GuidedEs(const GuidedEsOptions& options, const StrategyContext& context)
      : GradientStrategy("guided-es", options, context),
        alpha_(options.alpha),
        subspace_(options.subspace),
        shaping_(options.shaping),
        gradients_(dimension(), 0) {
    if (subspace_ > dimension()) {
      config::Diagnostics diagnostics;
      options.place.Report(
          diagnostics, "subspace",
          fmt::format("{} must not exceed the number of weights, {}", subspace_, dimension()));
      diagnostics.ThrowIfAny();
    }
  }

  // The length of a perturbation is σ.
  double sigma() const override { return Length() / std::sqrt(dimension()); }

 protected:
  int DoAsk() override {
    const int candidates = GradientStrategy::DoAsk();
    basis_ = OrthonormalBasis(gradients_);
    guided_.resize(gradients_.cols(), perturbation().count());
    for (int i = 0; i < guided_.cols(); ++i) {
      RandomStream random(seed(), Stream::kStrategy, static_cast<std::uint32_t>(generation()),
                          static_cast<std::uint32_t>(i));
      for (double& z : guided_.col(i)) z = random.Normal();
    }
    return candidates;
  }

  void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    const int direction = perturbation().DirectionOf(index);
    perturbation().Direction(direction, out);
    out = mean() + perturbation().SignOf(index) * Length() * Mix(out, guided_.col(direction));
  }

  Eigen::VectorXd Gradient(const Eigen::VectorXd& fitness) override {
    // Mix is linear: the sum over the perturbations is Mix of the sums over ε and over ε'.
    const Eigen::VectorXd weights =
        perturbation().Differences(Shape(shaping_, fitness)) / perturbation().count();
    Eigen::VectorXd gradient = Mix(perturbation().Combine(weights), guided_ * weights) / Length();
    Remember(gradient);
    return gradient;
  }

  void DoSave(TensorMap& state) const override {
    GradientStrategy::DoSave(state);
    PutMatrix(state, "gradients", gradients_);
  }

  void DoLoad(const TensorMap& state) override {
    Eigen::MatrixXd gradients = GetMatrix(state, "gradients", dimension(), -1);
    if (gradients.cols() > subspace_) {
      throw InputError(fmt::format("the saved state has {} gradients, but subspace is {}",
                                   gradients.cols(), subspace_));
    }
    GradientStrategy::DoLoad(state);
    gradients_ = std::move(gradients);
  }

 private:
  double Length() const { return GradientStrategy::sigma(); }

  static Eigen::MatrixXd OrthonormalBasis(const Eigen::MatrixXd& columns) {
    if (columns.cols() == 0) return columns;
    return Eigen::HouseholderQR<Eigen::MatrixXd>(columns).householderQ() *
           Eigen::MatrixXd::Identity(columns.rows(), columns.cols());
  }

  // √(α/n) ε + √((1-α)/k) U ε'  (n)
  Eigen::VectorXd Mix(const Eigen::VectorXd& free, const Eigen::VectorXd& guided) const {
    if (basis_.cols() == 0) return free / std::sqrt(dimension());
    const double guided_scale = std::sqrt((1 - alpha_) / static_cast<double>(basis_.cols()));
    return std::sqrt(alpha_ / dimension()) * free + guided_scale * (basis_ * guided);
  }

  // Keeps the last `subspace_` gradients, newest last, at unit length: only their span matters.
  void Remember(const Eigen::VectorXd& gradient) {
    const double norm = gradient.stableNorm();
    if (subspace_ == 0 || norm == 0) return;
    const Eigen::Index kept = std::min<Eigen::Index>(gradients_.cols(), subspace_ - 1);
    Eigen::MatrixXd gradients(dimension(), kept + 1);
    gradients << gradients_.rightCols(kept), gradient / norm;
    gradients_ = std::move(gradients);
  }

  double alpha_;
  int subspace_;
  std::string shaping_;
  Eigen::MatrixXd gradients_;  // (n × k)
  Eigen::MatrixXd basis_;      // U (n × k), of the open generation
  Eigen::MatrixXd guided_;     // ε' (k × P), of the open generation
};

}  // namespace

void GuidedEsOptions::Visit(config::Visitor& v) {
  v.Remember(place);
  VisitCommon(v,
              "length of a perturbation, in units of the weights (each weight moves by about "
              "sigma / √n)");
  v.Field("alpha", alpha,
          "share of the perturbation's variance in all directions; the rest is in the subspace of "
          "past gradients. 1 ignores them",
          {.low = 0, .high = 1, .low_open = true});
  v.Field("subspace", subspace, "past gradient estimates that guide the search; 0 for none",
          config::Rule::AtLeast(0));
  v.Field("shaping", shaping, "what the update sees of the returns", ShapingRule());
}

std::unique_ptr<Strategy> MakeGuidedEs(const GuidedEsOptions& options,
                                       const StrategyContext& context) {
  return std::make_unique<GuidedEs>(options, context);
}

}  // namespace saccade::es

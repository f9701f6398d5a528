// Cumulative step-size adaptation: σ grows while successive steps point the same way.
//
//   p_σ ← (1-c_σ) p_σ + √(c_σ (2-c_σ) μ_eff) C^{-1/2} y_w
//   σ ← σ exp((c_σ/d_σ) (|p_σ|/χ_n - 1))
//   h = 1 if |p_σ| / √(1 - (1-c_σ)^{2(g+1)}) < (1.4 + 2/(n+1)) χ_n, else 0
//
// C^{-1/2} y_w is standard normal under random selection, then |p_σ| is about χ_n and σ has no
// drift.
//
// Shapes: p_σ (n). Units: σ in those of the weights. Thread safety: one thread. Cost: O(n).
// Reference: Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772.

#ifndef SACCADE_ES_STEP_SIZE_H_
#define SACCADE_ES_STEP_SIZE_H_

#include <Eigen/Core>

#include "core/base/tensor.h"
#include "es/cma_parameters.h"

namespace saccade::es {

class StepSize {
 public:
  StepSize(double sigma, int dimension) : sigma_(sigma), path_(Eigen::VectorXd::Zero(dimension)) {}

  double sigma() const { return sigma_; }

  // `whitened` = C^{-1/2} y_w (n). `generation` counts from 0. Returns h: whether the path is short
  // enough for the covariance to learn from the step.
  bool Update(const CmaParameters& parameters, const Eigen::VectorXd& whitened, int generation);

  void Save(TensorMap& state) const;  // "sigma" and "path_sigma"
  StepSize Loaded(const TensorMap& state) const;

 private:
  double sigma_;
  Eigen::VectorXd path_;  // p_σ
};

}  // namespace saccade::es

#endif  // SACCADE_ES_STEP_SIZE_H_

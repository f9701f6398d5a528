#include "es/step_size.h"

#include <cmath>

#include "es/scale.h"
#include "es/state.h"

namespace saccade::es {

bool StepSize::Update(const CmaParameters& p, const Eigen::VectorXd& whitened, int generation) {
  const double keep = 1 - p.c_sigma;
  path_ = keep * path_ + std::sqrt(p.c_sigma * (2 - p.c_sigma) * p.mu_eff) * whitened;
  const double length = path_.norm();
  sigma_ = BoundedScale(sigma_ * std::exp(p.c_sigma / p.d_sigma * (length / p.chi_n - 1)));
  // The path starts at zero; its length is judged as if it had always been there.
  const double grown = std::sqrt(1 - std::pow(keep, 2 * (generation + 1.0)));
  const double n = static_cast<double>(path_.size());
  return length / grown < (1.4 + 2 / (n + 1)) * p.chi_n;
}

void StepSize::Save(TensorMap& state) const {
  Put(state, "sigma", sigma_);
  Put(state, "path_sigma", path_);
}

StepSize StepSize::Loaded(const TensorMap& state) const {
  const int dimension = static_cast<int>(path_.size());
  StepSize loaded(GetPositive(state, "sigma"), dimension);
  loaded.path_ = GetVector(state, "path_sigma", dimension);
  return loaded;
}

}  // namespace saccade::es

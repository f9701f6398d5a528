#include "core/api/strategy.h"

#include <cmath>
#include <limits>

#include "core/base/error.h"

namespace saccade {

int Strategy::Ask() {
  SACCADE_CHECK(asked_ == 0);
  asked_ = DoAsk();
  SACCADE_CHECK(asked_ > 0);
  return asked_;
}

void Strategy::Candidate(int index, std::span<double> out) const {
  SACCADE_CHECK(index >= 0 && index < asked_);
  SACCADE_CHECK(static_cast<int>(out.size()) == dimension_);
  DoCandidate(index, Eigen::Map<Eigen::VectorXd>(out.data(), dimension_));
}

void Strategy::Tell(std::span<const double> fitness) {
  SACCADE_CHECK(asked_ > 0 && static_cast<int>(fitness.size()) == asked_);
  Eigen::VectorXd values(asked_);
  bool any_finite = false;
  for (int i = 0; i < asked_; ++i) {
    const double value = fitness[static_cast<std::size_t>(i)];
    // An infinite return cannot be shaped or averaged; it is a failure like NaN.
    values[i] = std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
    any_finite = any_finite || std::isfinite(value);
  }
  if (any_finite) DoTell(values);
  asked_ = 0;
  ++generation_;
}

TensorMap Strategy::Save() const {
  SACCADE_CHECK(asked_ == 0);
  TensorMap state;
  state["generation"] = Tensor::Scalar<std::int64_t>(generation_);
  DoSave(state);
  return state;
}

void Strategy::Load(const TensorMap& state) {
  SACCADE_CHECK(asked_ == 0);
  DoLoad(state);
  generation_ = static_cast<int>(Require(state, "generation", 1).Values<std::int64_t>()[0]);
}

}  // namespace saccade

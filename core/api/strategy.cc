#include "core/api/strategy.h"

#include <cmath>
#include <limits>
#include <string>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {
namespace {

Tensor TextTensor(std::string_view text) {
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  return Tensor::From<std::uint8_t>(bytes);
}

std::string ReadText(const TensorMap& state, const std::string& key) {
  const std::vector<std::uint8_t> bytes = Require<std::uint8_t>(state, key);
  return {bytes.begin(), bytes.end()};
}

std::int64_t ReadInteger(const TensorMap& state, const std::string& key) {
  return Require<std::int64_t>(state, key, 1)[0];
}

template <class Function>
auto Guarded(const Strategy& strategy, const Function& function) {
  return CallAs([&] { return fmt::format("strategy {}", strategy.name()); }, function);
}

}  // namespace

void Strategy::RequireWholeMean() const {
  const auto size = Guarded(*this, [&] { return mean().size(); });
  if (size == dimension_) return;
  throw InputError(
      fmt::format("strategy {}: its mean has {} numbers for {} weights", name(), size, dimension_));
}

int Strategy::Ask() {
  SACCADE_CHECK(asked_ == 0);
  RequireWholeMean();
  const int count = Guarded(*this, [&] { return DoAsk(); });
  if (count < 1) {
    throw InputError(fmt::format("strategy {}: asks for {} candidates; it must have at least one",
                                 name(), count));
  }
  asked_ = count;
  return count;
}

void Strategy::Candidate(int index, std::span<double> out) const {
  SACCADE_CHECK(index >= 0 && index < asked_);
  SACCADE_CHECK(static_cast<int>(out.size()) == dimension_);
  Guarded(*this, [&] { DoCandidate(index, Eigen::Map<Eigen::VectorXd>(out.data(), dimension_)); });
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
  if (any_finite) Guarded(*this, [&] { DoTell(values); });
  asked_ = 0;
  ++generation_;
  RequireWholeMean();
}

TensorMap Strategy::Save() const {
  SACCADE_CHECK(asked_ == 0);
  TensorMap state;
  state["strategy"] = TextTensor(name());
  state["dimension"] = Tensor::Scalar<std::int64_t>(dimension_);
  state["generation"] = Tensor::Scalar<std::int64_t>(generation_);
  Guarded(*this, [&] { DoSave(state); });
  return state;
}

void Strategy::Load(const TensorMap& state) {
  SACCADE_CHECK(asked_ == 0);
  const std::string saved_name = ReadText(state, "strategy");
  const std::int64_t saved_dimension = ReadInteger(state, "dimension");
  if (saved_name != name() || saved_dimension != dimension_) {
    throw InputError(
        fmt::format("the saved state is of strategy '{}' with {} weights, but this run has '{}' "
                    "with {}; resume with the configuration that made it",
                    saved_name, saved_dimension, name(), dimension_));
  }
  const std::int64_t saved_generation = ReadInteger(state, "generation");
  if (saved_generation < 0 || saved_generation > std::numeric_limits<int>::max()) {
    throw InputError(
        fmt::format("the saved state is of generation {}, which cannot be", saved_generation));
  }
  Guarded(*this, [&] { DoLoad(state); });
  RequireWholeMean();
  generation_ = static_cast<int>(saved_generation);
}

}  // namespace saccade

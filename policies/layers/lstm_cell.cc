#include "policies/layers/lstm_cell.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {

void LstmSpec::Initialize(RandomStream& random, double deviation, std::span<float> weights) const {
  gates.Initialize(random, deviation, weights);
  const int forget_bias = gates.bias->offset + units();
  std::ranges::fill(weights.subspan(forget_bias, units()), 1.0f);
}

LstmSpec AddLstm(const std::string& name, int inputs, int units, ParamLayout& layout) {
  if (units > kMaxWeights / 4 - inputs) {
    throw InputError(
        fmt::format("layer '{}' has {} units, and 4 × {} × ({} inputs + {} units) weights "
                    "are more than "
                    "the {} that a policy has at most",
                    name, units, units, inputs, units, kMaxWeights));
  }
  return {AddDense(name, inputs + units, 4 * units, /*bias=*/true, layout)};
}

LstmCell::LstmCell(const LstmSpec& spec)
    : gates_(spec.gates),
      input_(Eigen::VectorXf::Zero(spec.gates.inputs())),
      z_(Eigen::VectorXf::Zero(spec.gates.outputs())),
      cell_(Eigen::VectorXf::Zero(spec.units())),
      hidden_(Eigen::VectorXf::Zero(spec.units())) {}

void LstmCell::Reset() {
  cell_.setZero();
  hidden_.setZero();
}

void LstmCell::Step(std::span<const float> x) {
  const Eigen::Index units = cell_.size();
  SACCADE_CHECK(static_cast<Eigen::Index>(x.size()) + units == input_.size());
  std::ranges::copy(x, input_.data());
  input_.tail(units) = hidden_;
  gates_.Apply(SpanOf(input_), SpanOf(z_));
  Sigmoid(z_.head(2 * units));  // i and f
  Tanh(z_.segment(2 * units, units));
  Sigmoid(z_.tail(units));
  const auto input_gate = z_.head(units).array();
  const auto forget_gate = z_.segment(units, units).array();
  const auto candidate = z_.segment(2 * units, units).array();
  const auto output_gate = z_.tail(units).array();
  cell_.array() = forget_gate * cell_.array() + input_gate * candidate;
  hidden_.array() = output_gate * cell_.array().tanh();
}

}  // namespace saccade

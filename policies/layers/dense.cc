#include "policies/layers/dense.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {
namespace {

Eigen::Map<const Eigen::MatrixXf> View(const ParamBlock& block, std::span<const float> weights) {
  return {weights.data() + block.offset, block.rows, block.cols};
}

constexpr int kPacket = Eigen::internal::packet_traits<float>::size;

int WholePackets(int rows) { return (rows + kPacket - 1) / kPacket * kPacket; }

// y = b + W x for few outputs, which stay in registers. (Eigen's product is made for large matrices
// and prepares itself for as long as this takes.)
template <int kPackets>
void ApplyFew(const Eigen::MatrixXf& weight, const Eigen::VectorXf& bias, std::span<const float> x,
              Eigen::VectorXf& y) {
  using Rows = Eigen::Matrix<float, kPackets * kPacket, 1>;
  using AlignedRows = Eigen::Map<const Rows, Eigen::AlignedMax>;
  Rows sum = Rows::Zero();
  const float* column = weight.data();
  for (const float value : x) {
    sum += value * AlignedRows(column);
    column += sum.size();
  }
  y = AlignedRows(bias.data()) + sum;
}

}  // namespace

void DenseSpec::Initialize(RandomStream& random, double deviation, std::span<float> weights) const {
  const double scale = deviation / std::sqrt(inputs());
  for (float& w : weights.subspan(weight.offset, weight.size())) {
    w = static_cast<float>(scale * random.Normal());
  }
  if (bias) std::ranges::fill(weights.subspan(bias->offset, bias->size()), 0.0f);
}

DenseSpec AddDense(const std::string& name, int inputs, int outputs, bool bias,
                   ParamLayout& layout) {
  const std::int64_t size = std::int64_t{outputs} * inputs + (bias ? outputs : 0);
  if (layout.size() + size > kMaxWeights) {
    throw InputError(
        fmt::format("layer '{}' needs {} inputs × {} outputs{} = {} weights, after {} before it; a "
                    "policy has at most {}: use smaller layers or smaller images",
                    name, inputs, outputs, bias ? fmt::format(" + {} biases", outputs) : "", size,
                    layout.size(), kMaxWeights));
  }
  DenseSpec spec;
  spec.weight = layout.Add(name + "/weight", outputs, inputs);
  if (bias) spec.bias = layout.Add(name + "/bias", outputs, 1);
  return spec;
}

Dense::Dense(const DenseSpec& spec)
    : spec_(spec),
      weight_(Eigen::MatrixXf::Zero(WholePackets(spec.outputs()), spec.inputs())),
      bias_(Eigen::VectorXf::Zero(weight_.rows())),
      y_(bias_) {}

void Dense::Bind(std::span<const float> weights) {
  weight_.topRows(outputs()) = View(spec_.weight, weights);
  if (spec_.bias) bias_.head(outputs()) = View(*spec_.bias, weights);
}

void Dense::Apply(std::span<const float> x, std::span<float> y) {
  SACCADE_CHECK(x.size() == static_cast<std::size_t>(spec_.inputs()));
  SACCADE_CHECK(y.size() == static_cast<std::size_t>(outputs()));
  switch (weight_.rows() / kPacket) {
    case 1:
      ApplyFew<1>(weight_, bias_, x, y_);
      break;
    case 2:
      ApplyFew<2>(weight_, bias_, x, y_);
      break;
    default:
      y_ = bias_;
      y_.noalias() += weight_ * Eigen::Map<const Eigen::VectorXf>(x.data(), spec_.inputs());
  }
  std::copy_n(y_.data(), y.size(), y.data());
}

void DenseStackSpec::Initialize(RandomStream& random, double deviation,
                                std::span<float> weights) const {
  for (const DenseSpec& layer : layers) layer.Initialize(random, deviation, weights);
}

DenseStackSpec AddDenseStack(const std::string& name, int inputs, const std::vector<int>& sizes,
                             Activation activation, bool bias, ParamLayout& layout) {
  DenseStackSpec spec;
  spec.activation = activation;
  spec.outputs = inputs;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    spec.layers.push_back(
        AddDense(fmt::format("{}{}", name, i), spec.outputs, sizes[i], bias, layout));
    spec.outputs = sizes[i];
  }
  return spec;
}

DenseStack::DenseStack(const DenseStackSpec& spec) : activation_(spec.activation) {
  for (const DenseSpec& layer : spec.layers) {
    layers_.emplace_back(layer);
    outputs_.emplace_back(Eigen::VectorXf::Zero(layer.outputs()));
  }
}

void DenseStack::Bind(std::span<const float> weights) {
  for (Dense& layer : layers_) layer.Bind(weights);
}

std::span<const float> DenseStack::Apply(std::span<const float> x) {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    Eigen::VectorXf& y = outputs_[i];
    layers_[i].Apply(x, SpanOf(y));
    activation_(y);
    x = SpanOf(y);
  }
  return x;
}

}  // namespace saccade

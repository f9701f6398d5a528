#include "policies/layers/dense.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <new>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {
namespace {

Eigen::Map<const Eigen::MatrixXf> View(const ParamBlock& block, std::span<const float> weights) {
  return {weights.data() + block.offset, block.rows, block.cols};
}

int WholePackets(int rows) {
  constexpr int kPacket = Eigen::internal::packet_traits<float>::size;
  return (rows + kPacket - 1) / kPacket * kPacket;
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

Eigen::Map<const Eigen::VectorXf> DenseStack::Apply(Eigen::Map<const Eigen::VectorXf> x) {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    Eigen::VectorXf& y = outputs_[i];
    layers_[i].Apply(x, y);
    activation_(y);
    new (&x) Eigen::Map<const Eigen::VectorXf>(y.data(), y.size());  // how Eigen moves a Map on
  }
  return x;
}

}  // namespace saccade

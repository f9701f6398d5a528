// Fully connected layers: where their weights lie (spec) and what applies them (workspace).
//
//   y = W x + b,   W (outputs × inputs), b (outputs), column-major in single precision
//
// A spec belongs to a policy: it is const and shared. A Dense or DenseStack belongs to one runner;
// Bind copies its blocks out of the flat weights into aligned matrices, and Apply allocates
// nothing. Cost of Apply: outputs × inputs multiplications, with the outputs rounded up to whole
// SIMD packets. Deterministic: every output is summed over the inputs in an order that depends on
// the sizes only.

#ifndef SACCADE_POLICIES_LAYERS_DENSE_H_
#define SACCADE_POLICIES_LAYERS_DENSE_H_

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "core/api/param_layout.h"
#include "core/base/rng.h"
#include "policies/layers/activation.h"

namespace saccade {

// Eigen's vectors as what layers take and give.
inline std::span<const float> SpanOf(const Eigen::VectorXf& v) {
  return {v.data(), static_cast<std::size_t>(v.size())};
}
inline std::span<float> SpanOf(Eigen::VectorXf& v) {
  return {v.data(), static_cast<std::size_t>(v.size())};
}

// What a policy may have at most: 1 GiB of weights in each worker slot.
inline constexpr int kMaxWeights = 1 << 28;

struct DenseSpec {
  ParamBlock weight;               // "NAME/weight", outputs × inputs
  std::optional<ParamBlock> bias;  // "NAME/bias", outputs × 1

  int inputs() const { return weight.cols; }
  int outputs() const { return weight.rows; }

  // W ~ N(0, deviation² / inputs) and b = 0: inputs of unit variance give outputs of variance
  // deviation².
  void Initialize(RandomStream& random, double deviation, std::span<float> weights) const;
};

// Appends a layer to `layout`. Throws kInput, showing the product, when the weights become more
// than kMaxWeights.
DenseSpec AddDense(const std::string& name, int inputs, int outputs, bool bias,
                   ParamLayout& layout);

class Dense {
 public:
  explicit Dense(const DenseSpec& spec);

  void Bind(std::span<const float> weights);

  // From `x` (inputs) to `y` (outputs), which must not overlap.
  void Apply(std::span<const float> x, std::span<float> y);

  int outputs() const { return spec_.outputs(); }

 private:
  DenseSpec spec_;
  // With rows of zeros below, so that no output is left over from the packets: for the few actions
  // of a robot, the rest takes longer than all packets.
  Eigen::MatrixXf weight_;
  Eigen::VectorXf bias_;  // zero when the spec has none
  Eigen::VectorXf y_;
};

// A chain of layers, each followed by the same activation. Without layers it is the identity.
struct DenseStackSpec {
  std::vector<DenseSpec> layers;
  Activation activation = nullptr;  // set when there are layers
  int outputs = 0;

  void Initialize(RandomStream& random, double deviation, std::span<float> weights) const;
};

// Layers "NAME0", "NAME1", … of the given sizes.
DenseStackSpec AddDenseStack(const std::string& name, int inputs, const std::vector<int>& sizes,
                             Activation activation, bool bias, ParamLayout& layout);

class DenseStack {
 public:
  explicit DenseStack(const DenseStackSpec& spec);

  void Bind(std::span<const float> weights);

  // The output (outputs), in memory of the stack or, without layers, in that of `x` (inputs).
  std::span<const float> Apply(std::span<const float> x);

 private:
  Activation activation_;
  std::vector<Dense> layers_;
  std::vector<Eigen::VectorXf> outputs_;
};

}  // namespace saccade

#endif  // SACCADE_POLICIES_LAYERS_DENSE_H_

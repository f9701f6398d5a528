// A multi-layer perceptron.
//
//   x₀ = input (state, then pixels; policies/layers/input.h)
//   xₖ₊₁ = φ(Wₖ xₖ + bₖ)          "layerK/weight" (hidden[K] × ·), "layerK/bias"
//   a = V x_L + d                  "output/weight" (nu × ·), "output/bias"
//
// Weights: Σ over layers of outputs × (inputs + 1), without the + 1 if `bias` is false.
// Start: Wₖ ~ N(0, initial_scale² / inputs), V ~ N(0, initial_output_scale² / inputs), biases 0. A
// small V starts the search at actions near 0 with the hidden layers already diverse. 1 keeps the
// variance of tanh and its like at about 1; √2 does for relu and its like.
// Act allocates nothing and is deterministic.

#ifndef SACCADE_POLICIES_MLP_MLP_H_
#define SACCADE_POLICIES_MLP_MLP_H_

#include <memory>
#include <string>
#include <vector>

#include "core/api/policy.h"
#include "core/config/visitor.h"
#include "policies/layers/activation.h"
#include "policies/layers/input.h"

namespace saccade {

struct MlpOptions {
  std::vector<int> hidden = {64, 64};
  std::string activation = "tanh";
  bool bias = true;
  double initial_scale = 1;
  double initial_output_scale = 0.01;
  InputOptions input = {};

  void Visit(config::Visitor& v) {
    v.Field("hidden", hidden, "units of each hidden layer, from the input on; [] is linear",
            config::Rule::AtLeast(1));
    v.Field("activation", activation, "nonlinearity after each hidden layer",
            config::Rule::OneOf(ActivationNames()));
    v.Field("bias", bias, "whether layers add a constant");
    v.Field("initial_scale", initial_scale,
            "standard deviation of a hidden unit's first weights, times the root of its inputs",
            config::Rule::Between(0, 1e6));
    v.Field("initial_output_scale", initial_output_scale,
            "the same for the output layer; 0 starts at action 0", config::Rule::Between(0, 1e6));
    input.Visit(v);
  }
};

std::unique_ptr<Policy> MakeMlp(const MlpOptions& options, const PolicyContext& context);

}  // namespace saccade

#endif  // SACCADE_POLICIES_MLP_MLP_H_

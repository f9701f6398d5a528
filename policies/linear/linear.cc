#include "policies/linear/linear.h"

#include "policies/mlp/mlp.h"

namespace saccade {

std::unique_ptr<Policy> MakeLinear(const LinearOptions& options, const PolicyContext& context) {
  MlpOptions mlp;
  mlp.hidden = {};
  mlp.bias = options.bias;
  mlp.initial_output_scale = 0;
  mlp.input = options.input;
  return MakeMlp(mlp, context);
}

}  // namespace saccade

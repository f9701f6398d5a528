#include "policies/register.h"

#include "policies/linear/linear.h"
#include "policies/lstm/lstm.h"
#include "policies/mlp/mlp.h"

namespace saccade {

void RegisterPolicies(Registry& registry) {
  PolicyCatalogue& policies = registry.policies();
  policies.Add("linear", "a matrix from observations to actions", MakeLinear);
  policies.Add("mlp", "a multi-layer perceptron", MakeMlp);
  policies.Add("lstm", "a long short-term memory with an optional dense encoder", MakeLstm);
}

}  // namespace saccade

// Checks that a policy keeps the contract of core/api/policy.h.
//
// Shows two runners the same observations, s ~ N(0, I) and uniform random bytes, under weights
// w ~ N(0, ¼ I), over episodes of 20 steps.
//
// Thread safety: uses two threads of its own for one rule. Determinism: the findings are a function
// of the policy and the options. Cost: a few hundred calls of Act.

#ifndef SACCADE_CORE_RUNTIME_CONTRACT_POLICY_CONTRACT_H_
#define SACCADE_CORE_RUNTIME_CONTRACT_POLICY_CONTRACT_H_

#include <vector>

#include "core/api/policy.h"
#include "core/runtime/contract/finding.h"

namespace saccade::contract {

// One finding per rule. `context` is what the policy was made for.
std::vector<Finding> CheckPolicy(const Policy& policy, const PolicyContext& context,
                                 const Options& options);

}  // namespace saccade::contract

#endif  // SACCADE_CORE_RUNTIME_CONTRACT_POLICY_CONTRACT_H_

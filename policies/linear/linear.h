// A linear policy: a = V x + d.
//
// The multi-layer perceptron without hidden layers, starting at zero: "output/weight" (nu × inputs)
// and, with a bias, "output/bias" (nu). With normalised states this is the policy of augmented
// random search (Mania, Guy & Recht, 2018), which has no bias.

#ifndef SACCADE_POLICIES_LINEAR_LINEAR_H_
#define SACCADE_POLICIES_LINEAR_LINEAR_H_

#include <memory>

#include "core/api/policy.h"
#include "core/config/visitor.h"
#include "policies/layers/input.h"

namespace saccade {

struct LinearOptions {
  bool bias = true;
  InputOptions input = {};

  void Visit(config::Visitor& v) {
    v.Field("bias", bias, "whether the action has a constant part");
    input.Visit(v);
  }
};

std::unique_ptr<Policy> MakeLinear(const LinearOptions& options, const PolicyContext& context);

}  // namespace saccade

#endif  // SACCADE_POLICIES_LINEAR_LINEAR_H_

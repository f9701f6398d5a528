// Checks everything that a configuration names, and that it fits together.

#ifndef SACCADE_CORE_RUNTIME_CONTRACT_EXPERIMENT_CONTRACT_H_
#define SACCADE_CORE_RUNTIME_CONTRACT_EXPERIMENT_CONTRACT_H_

#include <functional>
#include <string>
#include <vector>

#include "core/runtime/contract/finding.h"
#include "core/runtime/experiment.h"

namespace saccade::contract {

struct Section {
  std::string title;  // "policy mlp"
  std::vector<Finding> findings;
};

// The environment, the policy, the strategy, and, when none of them breaks a rule, the three
// together; `report` gets each section as soon as it is checked.
void CheckExperiment(const Experiment& experiment, const Options& options,
                     const std::function<void(const Section&)>& report);

// The last section alone: episodes of the strategy's candidates run as in training, whole episodes
// allocate nothing after the first one, and two threads give what one gives.
std::vector<Finding> CheckTogether(const Experiment& experiment, const Options& options);

}  // namespace saccade::contract

#endif  // SACCADE_CORE_RUNTIME_CONTRACT_EXPERIMENT_CONTRACT_H_

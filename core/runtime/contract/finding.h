// What a check of a contract found: one finding per rule.

#ifndef SACCADE_CORE_RUNTIME_CONTRACT_FINDING_H_
#define SACCADE_CORE_RUNTIME_CONTRACT_FINDING_H_

#include <cstdint>
#include <string>
#include <vector>

namespace saccade::contract {

enum class Verdict {
  kHolds,
  kBroken,      // the detail says where, what, and what to do
  kNotChecked,  // the detail says why: a capability is missing, or a rule before it is broken
};

struct Finding {
  std::string rule;  // "Step allocates nothing"
  Verdict verdict = Verdict::kHolds;
  std::string detail;  // empty when the rule holds

  bool operator==(const Finding&) const = default;
};

struct Options {
  std::uint64_t seed = 0;  // of episodes, actions and weights
  int episodes = 3;        // that are run from beginning to end
  int longest = 20'000;    // steps after which an episode is cut all the same
};

// The number of rules that are broken.
int CountBroken(const std::vector<Finding>& findings);

}  // namespace saccade::contract

#endif  // SACCADE_CORE_RUNTIME_CONTRACT_FINDING_H_

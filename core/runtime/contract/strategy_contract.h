// Checks that a strategy keeps the contract of core/api/strategy.h.
//
// Drives it for a few generations with f(x) = -Σ (x - 1)² and with failures. Candidates are drawn
// one at a time, so the memory is that of a few vectors whatever the population.
//
// Thread safety: uses two threads of its own for one rule. Determinism: the findings are a function
// of the strategy. Cost: about twenty generations without episodes.

#ifndef SACCADE_CORE_RUNTIME_CONTRACT_STRATEGY_CONTRACT_H_
#define SACCADE_CORE_RUNTIME_CONTRACT_STRATEGY_CONTRACT_H_

#include <functional>
#include <memory>
#include <vector>

#include "core/api/strategy.h"
#include "core/runtime/contract/finding.h"

namespace saccade::contract {

// One finding per rule. `make` makes the strategy at its start, with the same context each time.
std::vector<Finding> CheckStrategy(const std::function<std::unique_ptr<Strategy>()>& make);

}  // namespace saccade::contract

#endif  // SACCADE_CORE_RUNTIME_CONTRACT_STRATEGY_CONTRACT_H_

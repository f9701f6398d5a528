// Checks that an environment keeps the contract of core/api/env.h.
//
// Runs some dozens of episodes with uniform random actions, drawn as a function of (seed, episode,
// step): most of them cut after 100 steps, `Options::episodes` of them to their end. Finds the
// first place where each rule is broken; keeping the contract on these episodes is no proof.
//
// A rule of the contract that no environment can break is not here: Env::Step itself makes an
// action that is not a number diverge, counts the steps and sets `truncated` (tests/contract).
//
// Thread safety: uses two threads of its own for one rule. Determinism: the findings are a function
// of the environment and the options. Cost: memory for the observed states of whole episodes.

#ifndef SACCADE_CORE_RUNTIME_CONTRACT_ENV_CONTRACT_H_
#define SACCADE_CORE_RUNTIME_CONTRACT_ENV_CONTRACT_H_

#include <vector>

#include "core/api/env.h"
#include "core/runtime/contract/finding.h"

namespace saccade::contract {

// One finding per rule, in the order of the header. Throws kEnvironment when the machine cannot run
// the environment (no GL, no memory).
std::vector<Finding> CheckEnv(const EnvBlueprint& blueprint, const Options& options);

// Whether a step may allocate all the same: a renderer draws what is observed, whose driver does.
// Asked of an Env at its first observation.
bool DrawsWithRenderer(const EnvBlueprint& blueprint);

}  // namespace saccade::contract

#endif  // SACCADE_CORE_RUNTIME_CONTRACT_ENV_CONTRACT_H_

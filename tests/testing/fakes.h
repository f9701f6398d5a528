// A tiny environment and a tiny strategy whose behaviour is known in closed form.

#ifndef SACCADE_TESTS_TESTING_FAKES_H_
#define SACCADE_TESTS_TESTING_FAKES_H_

#include <cstdint>

#include "core/api/registry.h"

namespace saccade::fakes {

// "fake-env": x ∈ ℝ³ starts at N(0, I); a step adds the action (∈ [-1, 1]³) and pays -|x|².
// Options: steps (20), fail_at (throws when x₀ > fail_at), diverge_at (diverges likewise), bounded
// (true; whether its actions are).
//
// "fake-es": candidates mean + sigma·ε, mean moves to the best candidate. Options: population (6; 0
// breaks a rule), mirrored (false; only what it says), at_most (1,000,000; refuses more weights),
// sleep (0; seconds that it takes to write a candidate), fits (true; whether memory is enough).
void RegisterFakes(Registry& registry);

// Steps that all fake-envs have done until now.
std::int64_t FakeSteps();

}  // namespace saccade::fakes

#endif  // SACCADE_TESTS_TESTING_FAKES_H_

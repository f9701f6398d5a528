// Steps a model with given controls and does nothing else: the floor under the cost of any
// environment on that model, for benchmarks.

#ifndef SACCADE_ENVS_MUJOCO_BARE_LOOP_H_
#define SACCADE_ENVS_MUJOCO_BARE_LOOP_H_

#include <span>

#include "core/api/env.h"

namespace saccade {

// Simulates on from the present state, with one row of `controls` (T × nu) per control step of
// `substeps` physics steps, in the Control Suite's order.
void RunBareLoop(const Scene& scene, std::span<const double> controls, int substeps);

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_BARE_LOOP_H_

// Steps a model with given controls and does nothing else, as a program in C would: what the cost of
// environments on that model is compared with, in benchmarks.
//
//   for each row u of the controls:  ctrl ← u;  mj_step, n times
//
// From a state that an environment's Reset left, it simulates that environment's episode bit for
// bit: the Control Suite's legacy order cuts the same calculations at another place. Beyond an
// environment it places cameras and lights in every step, as mj_step does (WithoutViews); of the last
// step it does not bring derived quantities up to date.

#ifndef SACCADE_ENVS_MUJOCO_BARE_LOOP_H_
#define SACCADE_ENVS_MUJOCO_BARE_LOOP_H_

#include <memory>
#include <span>

#include "core/api/env.h"

namespace saccade {

// What a bare loop has to know of the environment: the time in seconds, and the number of controls.
double TimeOf(const Scene& scene);
int ControlsOf(const Scene& scene);

// Simulates on from the present state, with one row of `controls` (T × nu) per `substeps` physics
// steps, and `steps` of them in all: an episode may end within a repeated action.
void RunBareLoop(const Scene& scene, std::span<const double> controls, int substeps, int steps);

// A state of a simulation, to be looked at later.
struct StateDeleter {
  void operator()(mjData_* data) const;
};
using StateCopy = std::unique_ptr<mjData_, StateDeleter>;
StateCopy CopyState(const Scene& scene);

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_BARE_LOOP_H_

// Holds every action for several steps and adds up their rewards.
//
// The observation is that of the last step; an episode that ends in between ends at once. An
// episode of n inner steps has ⌈n / repeat⌉ steps. Pixels are drawn once per step, not once per
// inner step.

#ifndef SACCADE_ENVS_WRAPPERS_ACTION_REPEAT_H_
#define SACCADE_ENVS_WRAPPERS_ACTION_REPEAT_H_

#include <memory>

#include "core/api/env.h"

namespace saccade {

std::shared_ptr<const EnvBlueprint> RepeatActions(std::shared_ptr<const EnvBlueprint> inner,
                                                  int repeat);

}  // namespace saccade

#endif  // SACCADE_ENVS_WRAPPERS_ACTION_REPEAT_H_

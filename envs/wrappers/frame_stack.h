// Shows a policy the newest k images instead of one.
//
// Pixels become (height × width × k·channels), oldest image first; at a reset all k are the first
// one.

#ifndef SACCADE_ENVS_WRAPPERS_FRAME_STACK_H_
#define SACCADE_ENVS_WRAPPERS_FRAME_STACK_H_

#include <memory>

#include "core/api/env.h"

namespace saccade {

std::shared_ptr<const EnvBlueprint> StackFrames(std::shared_ptr<const EnvBlueprint> inner,
                                                int count);

}  // namespace saccade

#endif  // SACCADE_ENVS_WRAPPERS_FRAME_STACK_H_

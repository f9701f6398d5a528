// Adds the renderer without OpenGL to a registry, as `raycast`.

#ifndef SACCADE_ENVS_RAYCAST_REGISTER_H_
#define SACCADE_ENVS_RAYCAST_REGISTER_H_

#include "core/api/registry.h"

namespace saccade::raycast {

void RegisterRenderer(Registry& registry);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_REGISTER_H_

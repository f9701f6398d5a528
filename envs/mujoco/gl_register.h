// Adds MuJoCo's own renderer to a registry, as `gl`.

#ifndef SACCADE_ENVS_MUJOCO_GL_REGISTER_H_
#define SACCADE_ENVS_MUJOCO_GL_REGISTER_H_

#include "core/api/registry.h"

namespace saccade {

void RegisterGlRenderer(Registry& registry);

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_GL_REGISTER_H_

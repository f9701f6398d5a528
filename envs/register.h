// Everything that the built-in environments bring: tasks and renderers.

#ifndef SACCADE_ENVS_REGISTER_H_
#define SACCADE_ENVS_REGISTER_H_

#include "core/api/registry.h"

namespace saccade {

void RegisterEnvs(Registry& registry);

}  // namespace saccade

#endif  // SACCADE_ENVS_REGISTER_H_

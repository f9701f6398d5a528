// Adds the environments without physics: lqr-toy.

#ifndef SACCADE_ENVS_TOY_REGISTER_H_
#define SACCADE_ENVS_TOY_REGISTER_H_

#include "core/api/registry.h"

namespace saccade {

void RegisterToy(Registry& registry);

}  // namespace saccade

#endif  // SACCADE_ENVS_TOY_REGISTER_H_

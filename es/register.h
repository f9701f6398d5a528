// Adds every strategy of Saccade to a registry.

#ifndef SACCADE_ES_REGISTER_H_
#define SACCADE_ES_REGISTER_H_

#include "core/api/registry.h"

namespace saccade {

void RegisterStrategies(Registry& registry);

}  // namespace saccade

#endif  // SACCADE_ES_REGISTER_H_

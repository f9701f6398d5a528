// Adds every strategy of Saccade to a registry.

#ifndef SACCADE_ES_REGISTER_H_
#define SACCADE_ES_REGISTER_H_

#include "core/api/registry.h"

namespace saccade::es {

void RegisterStrategies(Registry& registry);

}  // namespace saccade::es

#endif  // SACCADE_ES_REGISTER_H_

// Adds the built-in policies: linear, lstm, mlp.

#ifndef SACCADE_POLICIES_REGISTER_H_
#define SACCADE_POLICIES_REGISTER_H_

#include "core/api/registry.h"

namespace saccade {

void RegisterPolicies(Registry& registry);

}  // namespace saccade

#endif  // SACCADE_POLICIES_REGISTER_H_

// Needs a function that the program does not have.

#include "core/plugin/plugin.h"

namespace saccade {
void NobodyHasThis(Registry& registry);
}  // namespace saccade

SACCADE_PLUGIN("unresolved", "1", saccade::NobodyHasThis)

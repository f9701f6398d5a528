// Needs a function that the program does not have.

#include "core/plugin/plugin.h"

namespace saccade {
void NobodyHasThis(Registry& registry);
}  // namespace saccade

namespace {

void RegisterAll(saccade::Registry& registry) { saccade::NobodyHasThis(registry); }

}  // namespace

SACCADE_PLUGIN("unresolved", "1", RegisterAll)

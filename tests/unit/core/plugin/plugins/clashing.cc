// Brings a policy of a name that is taken.

#include "core/plugin/plugin.h"

namespace {

std::unique_ptr<saccade::Policy> MakeNone(const saccade::NoOptions&,
                                          const saccade::PolicyContext&) {
  return nullptr;
}

void RegisterAll(saccade::Registry& registry) {
  registry.policies().Add("gain", "the same name", MakeNone);
}

}  // namespace

SACCADE_PLUGIN("clashing", "1", RegisterAll)

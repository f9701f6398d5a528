// Adds one entry and then fails. SACCADE_TEST_THROWN is what it throws.

#include <stdexcept>

#include "core/plugin/plugin.h"

namespace {

std::unique_ptr<saccade::Policy> MakeNone(const saccade::NoOptions&,
                                          const saccade::PolicyContext&) {
  return nullptr;
}

void RegisterAll(saccade::Registry& registry) {
  registry.policies().Add("half", "half registered", MakeNone);
  throw SACCADE_TEST_THROWN;
}

}  // namespace

SACCADE_PLUGIN("throwing", "1", RegisterAll)

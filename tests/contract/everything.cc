#include "tests/contract/everything.h"

#include "core/plugin/loader.h"
#include "envs/register.h"
#include "es/register.h"
#include "policies/register.h"

namespace saccade::contract {

const Registry& Everything() {
  static const Registry kRegistry = [] {
    Registry all;
    RegisterEnvs(all);
    RegisterPolicies(all);
    RegisterStrategies(all);
    LoadPlugin(SACCADE_TEST_ENV_SKELETON, all);
    LoadPlugin(SACCADE_TEST_POLICY_SKELETON, all);
    LoadPlugin(SACCADE_TEST_STRATEGY_SKELETON, all);
    return all;
  }();
  return kRegistry;
}

}  // namespace saccade::contract

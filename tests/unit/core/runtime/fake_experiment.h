// A short training of the fakes from YAML, for tests that change some of it.

#ifndef SACCADE_TESTS_UNIT_CORE_RUNTIME_FAKE_EXPERIMENT_H_
#define SACCADE_TESTS_UNIT_CORE_RUNTIME_FAKE_EXPERIMENT_H_

#include <string>
#include <vector>

#include "core/runtime/experiment.h"
#include "policies/register.h"
#include "tests/testing/fakes.h"

namespace saccade::fakes {

inline const Registry& TestRegistry() {
  static const Registry registry = [] {
    Registry r;
    RegisterPolicies(r);
    RegisterFakes(r);
    return r;
  }();
  return registry;
}

// Of what a test registers itself.
struct NoOptions {
  void Visit(config::Visitor&) {}
};

inline constexpr const char* kConfig = R"(
seed: 5
env: {name: fake-env}
policy: {name: linear}
strategy: {name: fake-es}
training: {generations: 6, episodes_per_candidate: 2}
evaluation: {every: 2, episodes: 4}
)";

inline Experiment MakeExperiment(const std::vector<std::string>& overrides = {}) {
  config::Node root = config::ParseYaml(kConfig, "test.yaml");
  for (const std::string& assignment : overrides) config::ApplyOverride(root, assignment);
  return Experiment(TestRegistry(), root);
}

}  // namespace saccade::fakes

#endif  // SACCADE_TESTS_UNIT_CORE_RUNTIME_FAKE_EXPERIMENT_H_

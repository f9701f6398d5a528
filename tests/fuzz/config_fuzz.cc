// A configuration as `saccade train` reads it: the first line is what follows --set (nothing when
// it is empty), the rest is the file.

#include <optional>
#include <string>

#include "core/api/registry.h"
#include "core/runtime/run_config.h"
#include "es/register.h"
#include "policies/register.h"
#include "tests/fuzz/fuzz.h"
#include "tests/testing/fakes.h"

namespace saccade::fuzz {
namespace {

const Registry& TheRegistry() {
  static const Registry registry = [] {
    Registry filled;
    fakes::RegisterFakes(filled);
    RegisterPolicies(filled);
    RegisterStrategies(filled);
    return filled;
  }();
  return registry;
}

// Every option of every part, as YAML.
std::string Resolve(const config::Node& root) {
  RunConfig options;
  config::Diagnostics diagnostics;
  config::Read(root, "", config::VisitOf(options), diagnostics);
  TheRegistry().envs().Read(options.env, "env", diagnostics);
  TheRegistry().policies().Read(options.policy, "policy", diagnostics);
  TheRegistry().strategies().Read(options.strategy, "strategy", diagnostics);
  diagnostics.ThrowIfAny();
  return config::EmitYaml(config::Write(config::VisitOf(options)));
}

}  // namespace

void FuzzConfig(std::string_view bytes) {
  std::optional<std::string> resolved;
  ReadOrRefuse([&] {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    config::Node root = config::ParseYaml(bytes.substr(std::min(end + 1, bytes.size())), "x.yaml");
    if (end > 0) config::ApplyOverride(root, bytes.substr(0, end));
    resolved = Resolve(root);
  });
  // What was written must be readable, by whoever resumes.
  if (resolved) SACCADE_CHECK(Resolve(config::ParseYaml(*resolved, "resolved.yaml")) == *resolved);
}

}  // namespace saccade::fuzz

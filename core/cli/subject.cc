#include "core/cli/subject.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/log.h"

namespace saccade::cli {

namespace fs = std::filesystem;

bool IsRunOrConfig(const Registry& registry, const std::string& subject) {
  std::error_code ignored;
  if (!fs::exists(subject, ignored)) return false;
  if (registry.envs().Find(subject) == nullptr) return true;
  LogWarning(fmt::format("{} is taken for the environment; for what is on disk write ./{}", subject,
                         subject));
  return false;
}

config::Node EnvironmentNode(const std::string& place, const std::string& name,
                             const std::vector<std::string>& overrides) {
  config::Node node = config::Node::Map();
  node.mark = {place, 0, 0};
  node.At("name") = config::Node::Scalar(name, true);
  node.At("name").mark = node.mark;
  for (const std::string& assignment : overrides) {
    if (assignment.starts_with("name=")) {
      throw InputError(fmt::format(
          "--set {}: the environment is {} already; name another in its place", assignment, name));
    }
    config::ApplyOverride(node, assignment);
  }
  return node;
}

std::shared_ptr<const EnvBlueprint> MakeEnvironment(const Registry& registry,
                                                    const std::string& name,
                                                    const std::vector<std::string>& overrides) {
  const bool looks_like_a_path =
      name.find('/') != std::string::npos || fs::path(name).has_extension();
  std::error_code ignored;
  if (registry.envs().Find(name) == nullptr && fs::exists(name, ignored)) {
    throw InputError(fmt::format(
        "{}: is a file or folder; here goes the name of an environment (saccade list envs)", name));
  }
  if (looks_like_a_path && registry.envs().Find(name) == nullptr) {
    throw InputError(
        fmt::format("{}: no such file or folder, and environments (saccade list envs) have other "
                    "names",
                    name));
  }
  config::Diagnostics diagnostics;
  config::Node node = EnvironmentNode("command line", name, overrides);
  const auto factory = registry.ReadEnv(node, "", diagnostics);
  diagnostics.ThrowIfAny();
  auto blueprint = factory->Make({&registry.renderers()});
  CheckSpec(blueprint->spec());
  return blueprint;
}

}  // namespace saccade::cli

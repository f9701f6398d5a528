#include <CLI/CLI.hpp>

#include "core/cli/commands.h"

namespace saccade::cli {

void AddOverrides(CLI::App& command, std::vector<std::string>& overrides, const std::string& help) {
  command.add_option("--set", overrides, help)->type_name("KEY=VALUE")->allow_extra_args(false);
}

void AddThreads(CLI::App& command, int& threads) {
  command.add_option("--threads", threads, "worker threads (default: all cores)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
}

std::shared_ptr<const EnvBlueprint> MakeEnvironment(const Registry& registry,
                                                    const std::string& name,
                                                    const std::vector<std::string>& overrides) {
  config::Node node = config::Node::Map();
  node.mark = {"command line", 0, 0};
  node.At("name") = config::Node::Scalar(name, true);
  node.At("name").mark = node.mark;
  for (const std::string& assignment : overrides) config::ApplyOverride(node, assignment);
  config::Diagnostics diagnostics;
  const auto factory = registry.envs().Read(node, "", diagnostics);
  diagnostics.ThrowIfAny();
  return factory->Make({&registry.renderers(), std::filesystem::current_path()});
}

}  // namespace saccade::cli

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/cli/commands.h"
#include "core/cli/subject.h"
#include "core/runtime/run_config.h"

namespace saccade::cli {
namespace {

void PrintFields(const std::vector<config::FieldDoc>& fields) {
  if (fields.empty()) fmt::print("No options.\n");
  for (const config::FieldDoc& field : fields) {
    fmt::print("  {} = {}    {}{}{}\n      {}\n", field.path, field.default_value, field.type,
               field.rule.empty() ? "" : ", ", field.rule, field.doc);
  }
}

void PrintSpec(const EnvSpec& spec) {
  fmt::print("\nWith these options\n");
  for (const ObservationEntry& entry : spec.observation) {
    fmt::print("  observes {} ({})\n", entry.name, entry.size);
  }
  if (spec.pixels) {
    fmt::print("  observes pixels ({} × {} × {}, 8 bits)\n", spec.pixels->height,
               spec.pixels->width, spec.pixels->channels);
  }
  for (std::size_t i = 0; i < spec.action_low.size(); ++i) {
    fmt::print("  action {} in [{}, {}]\n", i, spec.action_low[i], spec.action_high[i]);
  }
  if (spec.physics_step > 0) fmt::print("  physics step {} s\n", spec.physics_step);
  if (spec.control_step > 0) fmt::print("  control step {} s\n", spec.control_step);
  fmt::print("  at most {} steps an episode\n", spec.max_steps);
  for (const std::string& term : spec.reward_terms) fmt::print("  rewards {}\n", term);
}

// An environment that needs options, such as a model file, says which until it is given some.
void PrintSpaces(const Registry& registry, const std::string& name,
                 const std::vector<std::string>& overrides) {
  std::shared_ptr<const EnvBlueprint> blueprint;
  try {
    blueprint = MakeEnvironment(registry, name, overrides);
  } catch (const Error& error) {
    if (!overrides.empty() || error.kind() != ErrorKind::kInput) throw;
    fmt::print("\nIts spaces depend on options (--set KEY=VALUE)\n  {}\n", error.what());
    return;
  }
  PrintSpec(blueprint->spec());
}

// Prints the entry `name` of `catalogue` if it has one.
template <class Catalogue>
bool Describe(const Catalogue& catalogue, const std::string& name) {
  const auto found = catalogue.entries().find(name);
  if (found == catalogue.entries().end()) return false;
  fmt::print("{} ({}, {})\n{}\n\n", name, catalogue.kind(), found->second.origin,
             found->second.summary);
  const auto factory = catalogue.Find(name);
  PrintFields(config::Describe([&](config::Visitor& v) { factory->Visit(v); }));
  return true;
}

void DescribeConfig() {
  fmt::print(
      "config\nWhat a configuration file says, beside the options of env, policy and strategy\n\n");
  RunConfig defaults;
  PrintFields(config::Describe(config::VisitOf(defaults)));
}

void RefuseOverrides(const std::string& name, const std::vector<std::string>& overrides) {
  if (overrides.empty()) return;
  throw InputError(fmt::format("--set {}: changes what an environment shows; '{}' is none",
                               overrides.front(), name));
}

void DescribeAny(const std::string& name, const std::vector<std::string>& overrides,
                 const Registry& registry) {
  const auto has = [&](const auto& catalogue) { return catalogue.entries().contains(name); };
  if (has(registry.envs())) {
    Describe(registry.envs(), name);
    PrintSpaces(registry, name, overrides);
    return;
  }
  if (name == "config" || has(registry.policies()) || has(registry.strategies()) ||
      has(registry.renderers())) {
    RefuseOverrides(name, overrides);
  }
  if (name == "config") {
    DescribeConfig();
    return;
  }
  if (Describe(registry.policies(), name) || Describe(registry.strategies(), name) ||
      Describe(registry.renderers(), name)) {
    return;
  }
  std::vector<std::string> names = {"config"};
  const auto add = [&](const auto& catalogue) {
    for (const std::string& known : catalogue.Names()) names.push_back(known);
  };
  add(registry.envs());
  add(registry.policies());
  add(registry.strategies());
  add(registry.renderers());
  throw InputError(fmt::format("describe: nothing is called '{}'{}; see saccade list", name,
                               config::DidYouMean(name, names)));
}

}  // namespace

void AddDescribe(CLI::App& app, const Registry& registry) {
  struct Options {
    std::string name;
    std::vector<std::string> overrides;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "describe", "Describe an environment, a policy, a strategy, or the config");
  command->footer(
      "\nExamples:\n  saccade describe cartpole-swingup\n  saccade describe cma-es\n"
      "  saccade describe config");
  command->add_option("NAME", options->name, "a name from saccade list, or config")->required();
  AddOverrides(*command, options->overrides, "with this option of the environment: key=value");
  command->callback([=, &registry] { DescribeAny(options->name, options->overrides, registry); });
}

}  // namespace saccade::cli

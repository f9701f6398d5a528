#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/cli/commands.h"

namespace saccade::cli {
namespace {

template <class Catalogue>
void Print(const char* title, const Catalogue& catalogue) {
  fmt::print("{}\n", title);
  for (const auto& [name, entry] : catalogue.entries()) {
    const std::string origin = entry.origin == kBuiltIn ? "" : fmt::format(" ({})", entry.origin);
    fmt::print("  {:<28} {}{}\n", name, entry.summary, origin);
  }
  fmt::print("\n");
}

void List(const std::string& kind, const Registry& registry) {
  const auto wanted = [&](const char* name) { return kind.empty() || kind == name; };
  if (wanted("envs")) Print("Environments", registry.envs());
  if (wanted("policies")) Print("Policies", registry.policies());
  if (wanted("strategies")) Print("Strategies", registry.strategies());
  if (wanted("renderers")) Print("Renderers", registry.renderers());
}

}  // namespace

void AddList(CLI::App& app, const Registry& registry) {
  auto kind = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("list", "List what a configuration can name");
  command->footer("\nExamples:\n  saccade list\n  saccade list envs");
  command->add_option("KIND", *kind, "envs, policies, strategies or renderers (default: all)")
      ->check(CLI::IsMember({"envs", "policies", "strategies", "renderers"}));
  command->callback([=, &registry] { List(*kind, registry); });
}

}  // namespace saccade::cli

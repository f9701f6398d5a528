#include <charconv>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/cli/commands.h"
#include "core/runtime/run_folder.h"

namespace saccade::cli {
namespace {

namespace fs = std::filesystem;

// CLI11 itself would wrap -1 around and take 2^64 for 2^64 - 1.
std::string CheckSeed(const std::string& text) {
  std::uint64_t seed = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seed);
  if (error == std::errc() && rest == end) return "";
  return fmt::format("'{}' is not a whole number from 0 to 2^64 - 1", text);
}

std::string CheckName(const std::string& text) {
  return text.empty() ? "the name is empty; write one, or leave the option out" : "";
}

}  // namespace

void AddOverrides(CLI::App& command, std::vector<std::string>& overrides, const std::string& help) {
  command.add_option("--set", overrides, help)->type_name("KEY=VALUE")->allow_extra_args(false);
}

void AddThreads(CLI::App& command, int& threads) {
  const bool all = threads == 0;
  CLI::Option* option =
      command
          .add_option("--threads", threads,
                      all ? "worker threads (default: all cores)" : "worker threads")
          ->check(CLI::Range(1, 1024))
          ->type_name("N");
  if (!all) option->capture_default_str();
}

void AddSeed(CLI::App& command, std::uint64_t& seed, const std::string& help) {
  command.add_option("--seed", seed, help)->capture_default_str()->check(CheckSeed)->type_name("S");
}

CLI::Option* AddPath(CLI::App& command, const std::string& names, std::string& path,
                     const std::string& help, const std::string& type) {
  return command.add_option(names, path, help)->check(CheckName)->type_name(type);
}

void PrepareOutput(const fs::path& out, const std::vector<std::string>& others) {
  if (out.empty()) return;
  std::error_code ignored;
  const fs::path file = fs::weakly_canonical(fs::absolute(out), ignored);
  if (fs::is_directory(file, ignored)) {
    throw InputError(fmt::format("{}: is a folder; give the name of a file", out.string()));
  }
  for (const std::string& other : others) {
    if (other.empty() || fs::is_other(out, ignored)) continue;
    if (fs::weakly_canonical(fs::absolute(other), ignored) != file) continue;
    throw InputError(fmt::format(
        "{}: is read or written by this command already; the output needs a name of its own",
        out.string()));
  }
  if (IsFileOfRun(file)) {
    throw InputError(
        fmt::format("{}: belongs to a run; choose another name for the output", out.string()));
  }
  if (out.has_parent_path()) MakeFolder(out.parent_path());
  RequireWritable(out);
}

bool IsOnDisk(const std::string& subject) {
  std::error_code ignored;
  return fs::exists(subject, ignored);
}

std::shared_ptr<const EnvBlueprint> MakeEnvironment(const Registry& registry,
                                                    const std::string& name,
                                                    const std::vector<std::string>& overrides) {
  const bool looks_like_a_path =
      name.find('/') != std::string::npos || fs::path(name).has_extension();
  if (looks_like_a_path && registry.envs().Find(name) == nullptr) {
    throw InputError(
        fmt::format("{}: no such file or folder, and environments (saccade list envs) have other "
                    "names",
                    name));
  }
  config::Node node = config::Node::Map();
  node.mark = {"command line", 0, 0};
  node.At("name") = config::Node::Scalar(name, true);
  node.At("name").mark = node.mark;
  for (const std::string& assignment : overrides) config::ApplyOverride(node, assignment);
  config::Diagnostics diagnostics;
  const auto factory = registry.ReadEnv(node, "", diagnostics);
  diagnostics.ThrowIfAny();
  auto blueprint = factory->Make({&registry.renderers()});
  CheckSpec(blueprint->spec());
  return blueprint;
}

}  // namespace saccade::cli

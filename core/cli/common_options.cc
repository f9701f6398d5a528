#include <charconv>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/cli/commands.h"

namespace saccade::cli {
namespace {

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

void AddEpisode(CLI::App& command, int& episode) {
  command.add_option("--episode", episode, "which episode of the seed")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000'000'000))
      ->type_name("K");
}

void AddSeed(CLI::App& command, std::uint64_t& seed, const std::string& help) {
  command.add_option("--seed", seed, help)->capture_default_str()->check(CheckSeed)->type_name("S");
}

CLI::Option* AddPath(CLI::App& command, const std::string& names, std::string& path,
                     const std::string& help, const std::string& type) {
  return command.add_option(names, path, help)->check(CheckName)->type_name(type);
}

}  // namespace saccade::cli

#include <charconv>
#include <limits>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/cli/commands.h"

namespace saccade::cli {
namespace {

std::string CheckName(const std::string& text) {
  return text.empty() ? "the name is empty; write one, or leave the option out" : "";
}

}  // namespace

CLI::Validator WholeNumber(std::uint64_t least, std::uint64_t most) {
  const std::string end =
      most == std::numeric_limits<std::uint64_t>::max() ? "2^64 - 1" : std::to_string(most);
  const auto check = [=](const std::string& text) {
    std::uint64_t value = 0;
    const char* stop = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), stop, value);
    const bool is_octal = text.size() > 1 && text.front() == '0';  // CLI11 takes 010 for 8
    if (!is_octal && error == std::errc() && rest == stop && least <= value && value <= most) {
      return std::string();
    }
    return fmt::format("'{}' is not a whole number from {} to {}", text, least, end);
  };
  return {check, fmt::format("{} to {}", least, end)};
}

void AddOverrides(CLI::App& command, std::vector<std::string>& overrides, const std::string& help) {
  command.add_option("--set", overrides, help)->type_name("KEY=VALUE")->allow_extra_args(false);
}

void AddThreads(CLI::App& command, int& threads) {
  const bool all = threads == 0;
  CLI::Option* option =
      command
          .add_option("--threads", threads,
                      all ? "worker threads (default: all cores)" : "worker threads")
          ->check(WholeNumber(1, 1024))
          ->type_name("N");
  if (!all) option->capture_default_str();
}

void AddEpisode(CLI::App& command, int& episode) {
  command.add_option("--episode", episode, "which episode of the seed")
      ->capture_default_str()
      ->check(WholeNumber(0, 1'000'000'000))
      ->type_name("K");
}

void AddSeed(CLI::App& command, std::uint64_t& seed, const std::string& help) {
  command.add_option("--seed", seed, help)
      ->capture_default_str()
      ->check(WholeNumber(0, std::numeric_limits<std::uint64_t>::max()))
      ->type_name("S");
}

CLI::Option* AddPath(CLI::App& command, const std::string& names, std::string& path,
                     const std::string& help, const std::string& type) {
  return command.add_option(names, path, help)->check(CheckName)->type_name(type);
}

}  // namespace saccade::cli

// The commands of `saccade`, one file each. Every AddX adds its subcommand, with its options and
// what to do when it is chosen, to the application.

#ifndef SACCADE_CORE_CLI_COMMANDS_H_
#define SACCADE_CORE_CLI_COMMANDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "core/api/registry.h"

namespace saccade::cli {

// The exit code of the command that ran; commands set it when it is not 0.
struct Outcome {
  int exit_code = 0;
};

void AddTrain(CLI::App& app, const Registry& registry, Outcome& outcome);
void AddEval(CLI::App& app, const Registry& registry, Outcome& outcome);
void AddRollout(CLI::App& app, const Registry& registry);
void AddRender(CLI::App& app, const Registry& registry, Outcome& outcome);
void AddView(CLI::App& app, const Registry& registry, Outcome& outcome);
void AddReport(CLI::App& app);
void AddBench(CLI::App& app, const Registry& registry);
void AddCheck(CLI::App& app, const Registry& registry, Outcome& outcome);
void AddCompletion(CLI::App& app, const Registry& registry);
void AddList(CLI::App& app, const Registry& registry);
void AddDescribe(CLI::App& app, const Registry& registry);

// What an option takes: decimal digits alone. CLI11 itself reads octal and hexadecimal numbers, wraps
// -1 around in a seed, takes 2^64 for 2^64 - 1, and calls 1.5 out of range.
CLI::Validator WholeNumber(std::uint64_t least, std::uint64_t most);

// Options that several commands share.
void AddOverrides(CLI::App& command, std::vector<std::string>& overrides, const std::string& help);
void AddThreads(CLI::App& command, int& threads);
void AddEpisode(CLI::App& command, int& episode);
void AddSeed(CLI::App& command, std::uint64_t& seed, const std::string& help);

// A file or folder, of which `type` says which: "OUT.npz". An empty name, which an unset variable
// of the shell would leave, is refused.
CLI::Option* AddPath(CLI::App& command, const std::string& names, std::string& path,
                     const std::string& help, const std::string& type);

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_COMMANDS_H_

// The commands of `saccade`, one file each. Every AddX adds its subcommand, with its options and
// what to do when it is chosen, to the application.

#ifndef SACCADE_CORE_CLI_COMMANDS_H_
#define SACCADE_CORE_CLI_COMMANDS_H_

#include <cstdint>
#include <filesystem>
#include <memory>
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
void AddEval(CLI::App& app, const Registry& registry);
void AddRollout(CLI::App& app, const Registry& registry);
void AddRender(CLI::App& app, const Registry& registry, Outcome& outcome);
void AddReport(CLI::App& app);
void AddBench(CLI::App& app, const Registry& registry);
void AddCheck(CLI::App& app, const Registry& registry, Outcome& outcome);
void AddCompletion(CLI::App& app, const Registry& registry);
void AddList(CLI::App& app, const Registry& registry);
void AddDescribe(CLI::App& app, const Registry& registry);

// Options that several commands share.
void AddOverrides(CLI::App& command, std::vector<std::string>& overrides, const std::string& help);
void AddThreads(CLI::App& command, int& threads);
void AddSeed(CLI::App& command, std::uint64_t& seed, const std::string& help);

// A file or folder, of which `type` says which: "OUT.npz". An empty name, which an unset variable
// of the shell would leave, is refused.
CLI::Option* AddPath(CLI::App& command, const std::string& names, std::string& path,
                     const std::string& help, const std::string& type);

// Before the work whose result goes into the file `out` (nothing if it is empty): makes its folder.
// Throws kInput when it would take the place of one of `others`, which the command reads or writes
// too, or of a file of a run; kEnvironment when it cannot be written.
void PrepareOutput(const std::filesystem::path& out, const std::vector<std::string>& others = {});

// What a command takes as "RUN|ENV": environments are names, runs and configurations are on disk.
bool IsOnDisk(const std::string& subject);

// The environment `name` with `overrides` (key=value) of its options.
std::shared_ptr<const EnvBlueprint> MakeEnvironment(const Registry& registry,
                                                    const std::string& name,
                                                    const std::vector<std::string>& overrides);

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_COMMANDS_H_

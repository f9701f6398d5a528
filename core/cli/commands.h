// The commands of `saccade`, one file each. Every function adds its subcommand, with its options and
// what to do when it is chosen, to the application.

#ifndef SACCADE_CORE_CLI_COMMANDS_H_
#define SACCADE_CORE_CLI_COMMANDS_H_

#include <CLI/App.hpp>

#include "core/api/registry.h"

namespace saccade::cli {

// The exit code of the command that ran; commands set it when it is not 0.
struct Outcome {
  int exit_code = 0;
};

void AddTrain(CLI::App& app, const Registry& registry, Outcome& outcome);

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_COMMANDS_H_

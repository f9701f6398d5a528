// Where the result of a command goes.

#ifndef SACCADE_CORE_CLI_OUTPUT_H_
#define SACCADE_CORE_CLI_OUTPUT_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace saccade::cli {

// Before the work whose result goes into the file `out` (nothing if it is empty): makes its folder.
// Throws kInput when it would take the place of one of `others`, which the command reads or writes
// too, of a file of a run, or of one that is there, of a kind that commands read (a model, a
// configuration) and not of the kind `ending` (".json") that is written; kEnvironment when it cannot
// be written.
void PrepareOutput(const std::filesystem::path& out, std::string_view ending,
                   const std::vector<std::string>& others = {});

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_OUTPUT_H_

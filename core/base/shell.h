// Text that a person may copy into a shell.

#ifndef SACCADE_CORE_BASE_SHELL_H_
#define SACCADE_CORE_BASE_SHELL_H_

#include <string>
#include <vector>

namespace saccade {

// `text` as one word of a command, in quotes where a shell would read it otherwise.
std::string ShellWord(const std::string& text);

// The same of a file's name, which no command takes for an option: "./-x".
std::string ShellPath(const std::string& path);

// The beginning of a command of ours: "saccade --plugin my_env.so".
std::string SaccadeCommand(const std::vector<std::string>& plugins);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_SHELL_H_

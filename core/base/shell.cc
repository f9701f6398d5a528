#include "core/base/shell.h"

namespace saccade {

std::string ShellWord(const std::string& text) {
  constexpr const char* kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=+,@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string ShellPath(const std::string& path) {
  return ShellWord(path.starts_with('-') ? "./" + path : path);
}

std::string SaccadeCommand(const std::vector<std::string>& plugins) {
  std::string command = "saccade";
  for (const std::string& file : plugins) command += " --plugin " + ShellPath(file);
  return command;
}

}  // namespace saccade

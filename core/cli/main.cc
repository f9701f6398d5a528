// saccade: the one binary. Composition root: the only place that knows every catalogue.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/build_info.h"
#include "core/base/error.h"
#include "core/cli/commands.h"
#include "core/plugin/loader.h"
#include "envs/mujoco/model.h"
#include "envs/register.h"
#include "es/register.h"
#include "policies/register.h"

namespace saccade::cli {
namespace {

constexpr int kInputExitCode = 2;
constexpr int kEnvironmentExitCode = 3;

Registry MakeRegistry() {
  Registry registry;
  RegisterEnvs(registry);
  RegisterPolicies(registry);
  RegisterStrategies(registry);
  return registry;
}

int Fail(int exit_code, const std::string& message) {
  std::fflush(stdout);  // what was said before comes before, in a file too
  std::fputs(fmt::format("saccade: {}\n", message).c_str(), stderr);
  return exit_code;
}

// Without these the first file that is opened would be taken for the standard output.
void OpenStandardFiles() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != descriptor) {
      throw EnvironmentError("/dev/null: cannot open: the standard files are closed");
    }
  }
}

// What was printed and cannot be written must not look like success.
void FlushOutput() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  throw EnvironmentError(
      fmt::format("standard output: cannot write: {}; some of what was to be "
                  "printed is lost",
                  errno != 0 ? std::strerror(errno) : "an earlier write failed"));
}

// CLI11 would only say that a command is missing.
void RefuseUnknownCommand(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;  // nothing, or an option first
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return;
  throw InputError(fmt::format("unknown command '{}'{}; see saccade --help", argv[1],
                               config::DidYouMean(argv[1], names)));
}

// It has to be loaded before the commands are told what there is.
void RefuseLatePlugin(int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  for (int i = 2; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument != "--plugin" && !argument.starts_with("--plugin=")) continue;
    throw InputError(
        fmt::format("--plugin stands before the command: saccade --plugin FILE.so {}", argv[1]));
  }
}

// The first option of a command line that `command` does not have, with the nearest that it has; or
// nothing.
std::string DescribeUnknownOption(const CLI::App& command) {
  for (const std::string& word : command.remaining()) {
    if (!word.starts_with("--")) continue;
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    const std::string name = word.substr(0, word.find('='));
    return fmt::format("unknown option '{}'{}", name, config::DidYouMean(name, names));
  }
  return "";
}

// One line that names the command whose help tells more.
std::string UsageMessage(const CLI::App* app, const CLI::Error& error) {
  const auto chosen = app->get_subcommands();
  const CLI::App& command = chosen.empty() ? *app : *chosen.front();
  const std::string unknown = DescribeUnknownOption(command);
  return fmt::format("saccade: {}; see saccade{} --help\n",
                     unknown.empty() ? error.what() : unknown,
                     chosen.empty() ? "" : " " + command.get_name());
}

constexpr const char* kExamples = R"(
Examples:
  saccade train configs/quickstart.yaml
  saccade eval runs/quickstart
  saccade report runs/quickstart
  saccade describe cartpole-swingup)";

int Main(int argc, char** argv) {
  CLI::App app(
      "Saccade trains robot controllers with evolution strategies, from pixels or states, in "
      "parallel MuJoCo environments.",
      "saccade");
  app.footer(kExamples);
  app.set_version_flag("--version", BuildSummary());
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  app.failure_message(UsageMessage);

  Registry registry = MakeRegistry();
  app.add_option_function<std::vector<std::string>>(
         "--plugin",
         [&registry](const std::vector<std::string>& files) {
           for (const std::string& file : files) LoadPlugin(file, registry);
         },
         "load environments, policies or strategies from a shared library (before the command)")
      ->type_name("FILE.so")
      ->allow_extra_args(false)
      ->trigger_on_parse();
  Outcome outcome;
  AddTrain(app, registry, outcome);
  AddEval(app, registry, outcome);
  AddRender(app, registry, outcome);
  AddRollout(app, registry);
  AddView(app, registry, outcome);
  AddReport(app);
  AddBench(app, registry);
  AddCheck(app, registry, outcome);
  AddList(app, registry);
  AddDescribe(app, registry);
  AddCompletion(app, registry);

  RefuseUnknownCommand(app, argc, argv);
  RefuseLatePlugin(argc, argv);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help and version are "errors" of code 0; everything else is bad input.
    outcome.exit_code = app.exit(error) == 0 ? 0 : kInputExitCode;
  }
  // Whatever else went wrong, or was interrupted as by a terminal that has gone, says more.
  if (outcome.exit_code == 0) FlushOutput();
  return outcome.exit_code;
}

}  // namespace
}  // namespace saccade::cli

int main(int argc, char** argv) {
  namespace cli = saccade::cli;
  // A limit on the size of files is then an error that names the file.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    cli::OpenStandardFiles();
    saccade::InitializeMujoco();  // another library than the headers' would show as wrong numbers
    return cli::Main(argc, argv);
  } catch (const saccade::Error& error) {
    return cli::Fail(error.exit_code(), error.what());
  } catch (const std::bad_alloc&) {
    return cli::Fail(cli::kEnvironmentExitCode,
                     "out of memory; use fewer threads or smaller sizes");
  } catch (const std::system_error& error) {
    return cli::Fail(cli::kEnvironmentExitCode,
                     fmt::format("the system says no: {}", error.what()));
  } catch (const std::exception& error) {
    return cli::Fail(1, fmt::format("internal error: {}; please report it", error.what()));
  }
}

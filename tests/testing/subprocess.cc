#include "tests/testing/subprocess.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "core/base/file.h"

namespace saccade::testing_tools {
namespace {

namespace fs = std::filesystem;

fs::path TemporaryName() {
  static std::atomic<int> count = 0;
  return fs::temp_directory_path() /
         ("saccade_subprocess_" + std::to_string(::getpid()) + "_" + std::to_string(++count));
}

void Redirect(const fs::path& file, int descriptor) {
  const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (opened < 0 || ::dup2(opened, descriptor) < 0) ::_exit(127);
}

// What the test was started with (nohup, or & in a script, ignores some) is not the program's.
void TakeSignalsAsInATerminal() {
  for (const int signal : {SIGHUP, SIGINT, SIGPIPE, SIGTERM}) ::signal(signal, SIG_DFL);
}

}  // namespace

Subprocess::Subprocess(const std::vector<std::string>& arguments, const fs::path& folder)
    : folder_(folder), out_(TemporaryName()), err_(TemporaryName()) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  // Here, because a child that is killed at once has not come to it.
  WriteFileAtomically(out_, "");
  WriteFileAtomically(err_, "");
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ == 0) {
    if (::chdir(folder.c_str()) != 0) ::_exit(127);
    TakeSignalsAsInATerminal();
    Redirect("/dev/null", STDIN_FILENO);
    Redirect(out_, STDOUT_FILENO);
    Redirect(err_, STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
}

Subprocess::~Subprocess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  fs::remove(out_);
  fs::remove(err_);
}

void Subprocess::Signal(int signal) const { ::kill(pid_, signal); }

Finished Subprocess::Wait() {
  int status = 0;
  rusage usage{};
  ::wait4(pid_, &status, 0, &usage);
  pid_ = -1;
  const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return {signal == 0 ? WEXITSTATUS(status) : 128 + signal, ReadFile(out_), ReadFile(err_),
          std::int64_t{usage.ru_maxrss} * 1024, signal};
}

// Leaves the ended program to be waited for.
bool Subprocess::HasEnded() const {
  siginfo_t info{};
  ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
  return info.si_pid == pid_;
}

std::string Subprocess::ErrorsSoFar() const { return ReadFile(err_); }

void Subprocess::WaitForFile(const fs::path& file, std::chrono::milliseconds timeout) {
  const auto limit = std::chrono::steady_clock::now() + timeout;
  bool ended = false;
  while (!ended && std::chrono::steady_clock::now() < limit) {
    ended = HasEnded();  // before the look at the file, which may be its last deed
    if (fs::exists(folder_ / file)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  Signal(SIGKILL);  // nothing to one that has ended
  const Finished run = Wait();
  throw std::runtime_error(
      file.string() + ": not there " +
      (ended ? "when the program ended with exit code " + std::to_string(run.exit_code)
             : "after " + std::to_string(timeout.count()) + " ms") +
      "; it said:\n" + run.out + run.err);
}

Finished Run(const std::vector<std::string>& arguments, const fs::path& folder) {
  return Subprocess(arguments, folder).Wait();
}

}  // namespace saccade::testing_tools

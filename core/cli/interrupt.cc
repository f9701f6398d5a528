#include "core/cli/interrupt.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace saccade::cli {
namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not take a lock");

constexpr char kHeard[] = "\nStopping at the next safe place; once more stops at once.\n";

// Checkpoints are replaced atomically, so that leaving at once loses nothing that was saved.
void HandleSignal(int signal) {
  if (interrupted.exchange(true)) ::_exit(kInterruptedExitCode);
  const int error = errno;
  if (signal != SIGHUP && ::write(STDERR_FILENO, kHeard, sizeof kHeard - 1) < 0) {
    // Nobody can be told.
  }
  errno = error;
}

// One output after the other finds that nobody reads any more; that is one request, not many.
void HandleBrokenPipe(int) { interrupted = true; }

bool IsIgnored(int signal) {
  struct sigaction now {};
  ::sigaction(signal, nullptr, &now);
  return now.sa_handler == SIG_IGN;
}

void Install(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

const std::atomic<bool>& CatchInterrupts() {
  // Who started the process may have had one ignored: nohup that the terminal goes, a script that
  // runs it with & a Ctrl-C that is meant for others.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!IsIgnored(signal)) Install(signal, HandleSignal);
  }
  if (!IsIgnored(SIGPIPE)) Install(SIGPIPE, HandleBrokenPipe);
  return interrupted;
}

}  // namespace saccade::cli

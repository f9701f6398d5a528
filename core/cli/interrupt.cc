#include "core/cli/interrupt.h"

#include <unistd.h>

#include <csignal>

namespace saccade::cli {
namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not take a lock");

// Checkpoints are replaced atomically, so that leaving at once loses nothing that was saved.
void HandleSignal(int) {
  if (interrupted.exchange(true)) ::_exit(kInterruptedExitCode);
}

}  // namespace

const std::atomic<bool>& CatchInterrupts() {
  struct sigaction action {};
  action.sa_handler = HandleSignal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  return interrupted;
}

}  // namespace saccade::cli

// Ctrl-C (and SIGTERM): the first one asks politely, the second one ends the process at once.

#ifndef SACCADE_CORE_CLI_INTERRUPT_H_
#define SACCADE_CORE_CLI_INTERRUPT_H_

#include <atomic>

namespace saccade::cli {

inline constexpr int kInterruptedExitCode = 130;

// Installs the handlers and returns the flag that the first signal sets.
const std::atomic<bool>& CatchInterrupts();

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_INTERRUPT_H_

// Ctrl-C (and SIGTERM, and SIGHUP of a terminal that is gone): the first one asks politely, the
// second one ends the process at once. That nobody reads the output any more (SIGPIPE) asks
// politely too. A signal that was ignored when the process started stays so.

#ifndef SACCADE_CORE_CLI_INTERRUPT_H_
#define SACCADE_CORE_CLI_INTERRUPT_H_

#include <atomic>

namespace saccade::cli {

inline constexpr int kInterruptedExitCode = 130;

// Installs the handlers and returns the flag that the first signal sets.
const std::atomic<bool>& CatchInterrupts();

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_INTERRUPT_H_

// A line of standard output that is redrawn, where that is a terminal that can. Elsewhere it is
// nowhere. Warnings come between its versions.
//
// Thread safety: every function may be called from any thread. Who finds the line in use does not
// wait for the terminal: what it would have shown is left out.

#ifndef SACCADE_CORE_CLI_STATUS_LINE_H_
#define SACCADE_CORE_CLI_STATUS_LINE_H_

#include <mutex>
#include <string>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace saccade::cli {

class StatusLine {
 public:
  StatusLine();
  ~StatusLine();  // leaves the last version where it is
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  // Of the terminal, now; 0 where no line can be redrawn.
  static int Columns();

  // Shows as much of `text` as fits; what comes within a tenth of a second of the version before is
  // left out, unless it is the last one.
  void Draw(const std::string& text, bool is_last);
  void Clear();

 private:
  void Leave();  // for others to write

  std::mutex mutex_;  // of what follows
  bool is_drawn_ = false;
  Clock::time_point last_drawn_{};
  LogSink log_;  // what it was before
};

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_STATUS_LINE_H_

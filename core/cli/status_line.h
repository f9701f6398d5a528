// A line of standard output that is redrawn, where that is a terminal that can. Warnings come
// between its versions.
//
// Thread safety: warnings may come from any thread; everything else from one at a time.

#ifndef SACCADE_CORE_CLI_STATUS_LINE_H_
#define SACCADE_CORE_CLI_STATUS_LINE_H_

#include <atomic>
#include <string>

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

  void Draw(const std::string& text);
  void Clear();

 private:
  void Leave();

  std::atomic<bool> is_drawn_ = false;
  LogSink log_;  // what it was before
};

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_STATUS_LINE_H_

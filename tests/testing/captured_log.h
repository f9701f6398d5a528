// What is said to the log while the object lives, instead of standard error.

#ifndef SACCADE_TESTS_TESTING_CAPTURED_LOG_H_
#define SACCADE_TESTS_TESTING_CAPTURED_LOG_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/base/log.h"

namespace saccade::testing_tools {

class CapturedLog {
 public:
  CapturedLog() : before_(SetLogSink([this](std::string_view s) { lines_.emplace_back(s); })) {}
  ~CapturedLog() { SetLogSink(before_); }
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;

  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::vector<std::string> lines_;
  LogSink before_;
};

}  // namespace saccade::testing_tools

#endif  // SACCADE_TESTS_TESTING_CAPTURED_LOG_H_

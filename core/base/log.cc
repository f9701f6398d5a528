#include "core/base/log.h"

#include <cstdio>
#include <mutex>
#include <set>
#include <utility>

namespace saccade {
namespace {

struct Log {
  std::mutex mutex;
  LogSink sink;
  std::set<std::string> seen;
};

// Never destroyed, so that destructors of static objects can still warn.
Log& TheLog() {
  static Log& log = *new Log;
  return log;
}

void Write(const LogSink& sink, std::string_view text) {
  if (sink) {
    sink(text);
  } else {
    WriteWarning(text);
  }
}

}  // namespace

void WriteWarning(std::string_view text) {
  std::fprintf(stderr, "warning: %.*s\n", static_cast<int>(text.size()), text.data());
}

void LogWarning(std::string_view text) {
  Log& log = TheLog();
  const std::lock_guard lock(log.mutex);
  Write(log.sink, text);
}

void LogWarningOnce(const std::string& key, std::string_view text) {
  Log& log = TheLog();
  const std::lock_guard lock(log.mutex);
  if (log.seen.insert(key).second) Write(log.sink, text);
}

LogSink SetLogSink(LogSink sink) {
  Log& log = TheLog();
  const std::lock_guard lock(log.mutex);
  return std::exchange(log.sink, std::move(sink));
}

}  // namespace saccade

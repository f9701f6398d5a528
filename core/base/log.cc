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

void Write(const LogSink& sink, const std::string& line) {
  if (sink) {
    sink(line);
  } else {
    WriteLogLine(line);
  }
}

void WriteOnce(const std::string& key, const std::string& line) {
  Log& log = TheLog();
  const std::lock_guard lock(log.mutex);
  if (log.seen.insert(key).second) Write(log.sink, line);
}

std::string Warning(std::string_view text) { return "warning: " + std::string(text); }

}  // namespace

void WriteLogLine(std::string_view line) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

void LogWarning(std::string_view text) {
  Log& log = TheLog();
  const std::lock_guard lock(log.mutex);
  Write(log.sink, Warning(text));
}

void LogWarningOnce(const std::string& key, std::string_view text) {
  WriteOnce(key, Warning(text));
}

void LogNoteOnce(const std::string& key, std::string_view text) {
  WriteOnce(key, "note: " + std::string(text));
}

LogSink SetLogSink(LogSink sink) {
  Log& log = TheLog();
  const std::lock_guard lock(log.mutex);
  return std::exchange(log.sink, std::move(sink));
}

}  // namespace saccade

// Lines for the person at the terminal: "warning: …" and "note: …" on stderr.
//
// For what is worth knowing and does not stop the work. What stops it is an Error; what a run
// records is a metric.
//
// Thread safety: all functions may be called from any thread; lines never mix.

#ifndef SACCADE_CORE_BASE_LOG_H_
#define SACCADE_CORE_BASE_LOG_H_

#include <functional>
#include <string>
#include <string_view>

namespace saccade {

// Receives each line, without its end; is called by one thread at a time and must not log.
using LogSink = std::function<void(std::string_view)>;

void LogWarning(std::string_view text);

// Only the first warning of each `key` in the life of the process.
void LogWarningOnce(const std::string& key, std::string_view text);

// The same for what is no reason to worry.
void LogNoteOnce(const std::string& key, std::string_view text);

// How a line is written where there is no sink: to stderr.
void WriteLogLine(std::string_view line);

// Replaces where lines go, for tests and programs with a log of their own; an empty sink stands
// for stderr. Returns the sink that was there.
LogSink SetLogSink(LogSink sink);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_LOG_H_

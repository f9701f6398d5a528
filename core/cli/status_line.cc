#include "core/cli/status_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "core/base/utf8.h"

namespace saccade::cli {
namespace {

constexpr const char* kEraseToTheEnd = "\x1b[K";

void Write(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

// The first `count` characters of UTF-8.
std::string First(const std::string& text, int count) {
  const auto end =
      std::ranges::find_if(text, [&](char c) { return !GoesOnInUtf8(c) && count-- == 0; });
  return {text.begin(), end};
}

}  // namespace

StatusLine::StatusLine() {
  log_ = SetLogSink([this](std::string_view line) {
    const std::lock_guard lock(mutex_);
    Leave();
    WriteLogLine(line);
  });
}

StatusLine::~StatusLine() {
  SetLogSink(log_);
  Leave();
}

int StatusLine::Columns() {
  const char* kind = std::getenv("TERM");
  if (::isatty(STDOUT_FILENO) != 1 || kind == nullptr || std::string_view(kind) == "dumb") return 0;
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

void StatusLine::Draw(const std::string& text, bool is_last) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock) return;
  const auto now = Clock::now();
  if (now - last_drawn_ < std::chrono::milliseconds(100) && !is_last) return;
  last_drawn_ = now;
  const int columns = Columns();
  if (columns == 0) return;
  is_drawn_ = true;
  // The last column stays free: writing into it would start a new line on some terminals.
  Write("\r" + First(text, columns - 1) + kEraseToTheEnd);
}

void StatusLine::Clear() {
  const std::lock_guard lock(mutex_);
  if (is_drawn_) Write(std::string("\r") + kEraseToTheEnd);
  is_drawn_ = false;
}

void StatusLine::Leave() {
  if (is_drawn_) Write("\n");
  is_drawn_ = false;
}

}  // namespace saccade::cli

#include "core/cli/status_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace saccade::cli {
namespace {

constexpr const char* kEraseToTheEnd = "\x1b[K";

void Write(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace

StatusLine::StatusLine() {
  log_ = SetLogSink([this](std::string_view text) {
    Leave();
    WriteWarning(text);
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

void StatusLine::Draw(const std::string& text) {
  is_drawn_ = true;
  Write("\r" + text + kEraseToTheEnd);
}

void StatusLine::Clear() {
  if (is_drawn_.exchange(false)) Write(std::string("\r") + kEraseToTheEnd);
}

void StatusLine::Leave() {
  if (is_drawn_.exchange(false)) Write("\n");
}

}  // namespace saccade::cli

#include "core/base/utf8.h"

namespace saccade {

std::size_t Utf8Length(std::string_view text) {
  const auto in = [&](std::size_t i, int low, int high) {
    const int byte = i < text.size() ? static_cast<unsigned char>(text[i]) : -1;
    return low <= byte && byte <= high;
  };
  const auto tail = [&](std::size_t i) { return in(i, 0x80, 0xBF); };
  if (in(0, 0x00, 0x7F)) return 1;
  if (in(0, 0xC2, 0xDF)) return tail(1) ? 2 : 0;
  if (in(0, 0xE0, 0xEF)) {
    const bool second = in(1, in(0, 0xE0, 0xE0) ? 0xA0 : 0x80, in(0, 0xED, 0xED) ? 0x9F : 0xBF);
    return second && tail(2) ? 3 : 0;
  }
  if (in(0, 0xF0, 0xF4)) {
    const bool second = in(1, in(0, 0xF0, 0xF0) ? 0x90 : 0x80, in(0, 0xF4, 0xF4) ? 0x8F : 0xBF);
    return second && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

std::size_t FindNonUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = Utf8Length(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return text.npos;
}

}  // namespace saccade

// Characters of UTF-8 among bytes.

#ifndef SACCADE_CORE_BASE_UTF8_H_
#define SACCADE_CORE_BASE_UTF8_H_

#include <cstddef>
#include <string_view>

namespace saccade {

// The bytes of the character that `text` begins with, or 0 when it begins with none: overlong forms,
// surrogates and what lies beyond U+10FFFF are none (Unicode 15, table 3-7).
std::size_t Utf8Length(std::string_view text);

// Where the first byte stands that is part of no character, or npos.
std::size_t FindNonUtf8(std::string_view text);

// Whether a byte goes on with a character that began before.
inline bool GoesOnInUtf8(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_UTF8_H_

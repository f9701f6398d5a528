// FNV-1a, 64 bits: a stable name for a text, not a protection against anybody.

#ifndef SACCADE_CORE_BASE_HASH_H_
#define SACCADE_CORE_BASE_HASH_H_

#include <cstdint>
#include <string_view>

namespace saccade {

constexpr std::uint64_t Fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_HASH_H_

// Version of Saccade; the one place, which CMakeLists.txt reads too.

#ifndef SACCADE_CORE_BASE_VERSION_H_
#define SACCADE_CORE_BASE_VERSION_H_

namespace saccade {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_VERSION_H_

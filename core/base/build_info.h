// What this program was built from, for whoever wants to make one of its results again.

#ifndef SACCADE_CORE_BASE_BUILD_INFO_H_
#define SACCADE_CORE_BASE_BUILD_INFO_H_

#include <string>

namespace saccade {

// "saccade 0.1.0 (commit 1a2b3c4d5e6f, gcc 12.2.0, Release, MuJoCo 3.17.0)". The commit ends in
// "-dirty" when tracked files were changed, and is "unknown" when the build knew no repository.
std::string BuildSummary();

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_BUILD_INFO_H_

#include "core/base/build_info.h"

#include <fmt/format.h>

#include "core/base/commit.h"
#include "core/base/version.h"

namespace saccade {
namespace {

std::string Compiler() {
#if defined(__clang__)
  return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("gcc {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

}  // namespace

std::string BuildSummary() {
  return fmt::format("saccade {} (commit {}, {}, {}, MuJoCo {})", kVersion, kCommit, Compiler(),
                     SACCADE_BUILD_TYPE, SACCADE_MUJOCO_VERSION);
}

}  // namespace saccade

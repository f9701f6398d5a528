#include "core/base/build_info.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace saccade {
namespace {

TEST(BuildInfo, NamesTheVersionTheCommitTheCompilerAndTheSimulator) {
  EXPECT_THAT(BuildSummary(),
              testing::MatchesRegex("saccade [0-9.]+ \\(commit ([0-9a-f]+(-dirty)?|unknown), "
                                    "(gcc|clang) [0-9.]+, [A-Za-z]+, MuJoCo [0-9.]+\\)"));
}

}  // namespace
}  // namespace saccade

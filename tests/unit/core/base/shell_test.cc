#include "core/base/shell.h"

#include <gtest/gtest.h>

namespace saccade {
namespace {

TEST(ShellWord, LeavesWhatIsPlain) {
  EXPECT_EQ(ShellWord("runs/quickstart-2"), "runs/quickstart-2");
  EXPECT_EQ(ShellWord("env.wind=0.3"), "env.wind=0.3");
}

TEST(ShellWord, QuotesWhatAShellWouldRead) {
  EXPECT_EQ(ShellWord(""), "''");
  EXPECT_EQ(ShellWord("my runs/a"), "'my runs/a'");
  EXPECT_EQ(ShellWord("$HOME"), "'$HOME'");
  EXPECT_EQ(ShellWord("it's"), R"('it'\''s')");
}

TEST(ShellPath, IsNoOption) {
  EXPECT_EQ(ShellPath("-x"), "./-x");
  EXPECT_EQ(ShellPath("a run/-x"), "'a run/-x'");
  EXPECT_EQ(SaccadeCommand({"-my.so"}), "saccade --plugin ./-my.so");
}

}  // namespace
}  // namespace saccade

#include "core/base/log.h"

#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/captured_log.h"

namespace saccade {
namespace {

using testing::ElementsAre;

class LogTest : public testing::Test {
 protected:
  testing_tools::CapturedLog log_;
};

TEST_F(LogTest, EveryWarningReachesTheSink) {
  LogWarning("one");
  LogWarning("one");
  EXPECT_THAT(log_.lines(), ElementsAre("warning: one", "warning: one"));
}

TEST_F(LogTest, OnceIsOncePerKeyAndProcess) {
  LogWarningOnce("log_test a", "first");
  LogWarningOnce("log_test a", "again, in other words");
  LogNoteOnce("log_test b", "another matter");
  LogNoteOnce("log_test b", "and again");
  EXPECT_THAT(log_.lines(), ElementsAre("warning: first", "note: another matter"));
}

TEST_F(LogTest, ThreadsTakeTurns) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 1000; ++i) LogWarning("line");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(log_.lines(), testing::AllOf(testing::SizeIs(4000), testing::Each("warning: line")));
}

TEST(Log, GoesToStderrByDefault) {
  testing::internal::CaptureStderr();
  LogWarning("the sky is low");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "warning: the sky is low\n");
}

}  // namespace
}  // namespace saccade

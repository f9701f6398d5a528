// How much memory a training holds at most.

#include <gtest/gtest.h>

#include "tests/e2e/cli_fixture.h"

namespace saccade {
namespace {

using testing_tools::Finished;

constexpr std::int64_t kMegabyte = 1'000'000;

class MemoryTest : public testing_tools::CliTest {
 protected:
  std::int64_t PeakOfTraining(const std::string& env, int generations) const {
    const std::string run = env + std::to_string(generations);
    const Finished train =
        Saccade({"train", "c.yaml", "--out", run, "--threads", "2", "--set", "env.name=" + env,
                 "--set", "training.generations=" + std::to_string(generations)});
    EXPECT_EQ(train.exit_code, 0) << train.err;
    return train.peak_memory;
  }
};

TEST_F(MemoryTest, ACheetahOnTwoWorkersStaysBelow250Megabytes) {
  const std::int64_t peak = PeakOfTraining("cheetah-run", 3);
  EXPECT_GT(peak, 5 * kMegabyte);  // it was measured at all
  EXPECT_LT(peak, 250 * kMegabyte);
}

// A generation that kept 5 kB would show; peaks of equal runs differ by a tenth of that.
TEST_F(MemoryTest, ALongerTrainingNeedsNoMore) {
  EXPECT_LT(PeakOfTraining("cartpole-balance", 330),
            PeakOfTraining("cartpole-balance", 30) + kMegabyte);
}

}  // namespace
}  // namespace saccade

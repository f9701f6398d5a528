#include "core/runtime/rollouts.h"

#include <cmath>

#include <gtest/gtest.h>

namespace saccade {
namespace {

EpisodeResult Episode(double total_reward, int length, bool diverged = false) {
  return {.total_reward = total_reward, .length = length, .diverged = diverged, .time = {}};
}

TEST(Summarize, IsOverTheEpisodesThatDidNotDiverge) {
  const EpisodeSummary summary = Summarize(std::vector{
      Episode(1, 10), Episode(1e9, 3, /*diverged=*/true), Episode(2, 20), Episode(6, 36)});
  EXPECT_EQ(summary.episodes, 3);
  EXPECT_EQ(summary.diverged, 1);
  EXPECT_DOUBLE_EQ(summary.mean, 3);
  EXPECT_DOUBLE_EQ(summary.std, std::sqrt(7));  // (4 + 1 + 9) / 2
  EXPECT_DOUBLE_EQ(summary.standard_error, std::sqrt(7.0 / 3));
  EXPECT_EQ(summary.min, 1);
  EXPECT_EQ(summary.max, 6);
  EXPECT_DOUBLE_EQ(summary.mean_length, 22);
}

// Or who diverges in 99 episodes of 100 would win by the one that is left.
TEST(Summarize, ADivergedEpisodeLeavesNoScore) {
  EXPECT_EQ(Summarize(std::vector{Episode(1, 10), Episode(3, 10)}).score(), 2);
  const auto diverged = Summarize(std::vector{Episode(1e9, 10), Episode(0, 3, /*diverged=*/true)});
  EXPECT_EQ(diverged.mean, 1e9);
  EXPECT_TRUE(std::isnan(diverged.score()));
}

TEST(Summarize, OneEpisodeHasNoSpreadAndNoneHasNothing) {
  const EpisodeSummary one = Summarize(std::vector{Episode(5, 7)});
  EXPECT_EQ(one.mean, 5);
  EXPECT_TRUE(std::isnan(one.std));
  EXPECT_TRUE(std::isnan(one.standard_error));
  const EpisodeSummary none = Summarize(std::vector{Episode(5, 7, /*diverged=*/true)});
  EXPECT_EQ(none.diverged, 1);
  for (const double value :
       {none.mean, none.std, none.standard_error, none.min, none.max, none.mean_length}) {
    EXPECT_TRUE(std::isnan(value));
  }
}

}  // namespace
}  // namespace saccade

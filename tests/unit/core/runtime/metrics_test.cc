#include "core/runtime/metrics.h"

#include <cmath>

#include <gtest/gtest.h>

namespace saccade {
namespace {

// The schema is fixed: whoever reads these files finds the same keys in the same order.
TEST(Metrics, ALineHasTheKeysOfTheSchema) {
  GenerationRecord record;
  record.generation = 3;
  record.env_steps = 600;
  record.episodes = 30;
  record.seconds = 1.5;
  record.steps_per_second = 1000;
  record.candidates = 10;
  record.sigma = 0.25;
  record.population = {.episodes = 9,
                       .diverged = 1,
                       .mean = 4,
                       .standard_error = 0.5,
                       .std = 1.5,
                       .min = 2,
                       .max = std::nan(""),
                       .mean_length = 20};
  record.time = {0.5, 0.25, 0.125, 0.0625, 0.0625};
  const std::string begin =
      R"({"generation":3,"env_steps":600,"episodes":30,"seconds":1.5,"steps_per_second":1000.0,)"
      R"("candidates":10,"failed":1,"sigma":0.25,"return_mean":4.0,"return_std":1.5,)"
      R"("return_min":2.0,"return_max":null,"length_mean":20.0,)";
  const std::string end =
      R"("share_physics":0.5,"share_render":0.25,"share_policy":0.125,"share_strategy":0.0625,)"
      R"("share_idle":0.0625})"
      "\n";
  EXPECT_EQ(ToJsonLine(record),
            begin +
                R"("eval_episodes":null,"eval_failed":null,"eval_return_mean":null,)"
                R"("eval_return_se":null,"eval_return_min":null,"eval_return_max":null,)"
                R"("eval_length_mean":null,)" +
                end);
  record.evaluation = record.population;
  EXPECT_EQ(ToJsonLine(record),
            begin +
                R"("eval_episodes":9,"eval_failed":1,"eval_return_mean":4.0,)"
                R"("eval_return_se":0.5,"eval_return_min":2.0,"eval_return_max":null,)"
                R"("eval_length_mean":20.0,)" +
                end);
}

}  // namespace
}  // namespace saccade

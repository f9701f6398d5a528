// An environment from a model and a YAML file is what the two say.

#include "envs/mjcf/mjcf.h"

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/runtime/allocation_counter.h"
#include "tests/unit/envs/mjcf_testing.h"

namespace saccade {
namespace {

using testing::ElementsAre;
using testing_mjcf::MjcfTest;

constexpr const char* kTask = R"(
control_step: 0.01
time_limit: 2
state:
  - {quantity: qpos, of: [elbow]}
  - {name: up, quantity: z_axis, of: [torso]}
reward:
  - {name: height, quantity: position, of: [torso], components: [z], weight: 2}
  - {name: effort, quantity: ctrl, shape: square, weight: -0.1}
  - {name: alive, quantity: constant, weight: 0.5}
termination:
  - {quantity: position, of: [torso], components: [z], lower: 0.5}
)";

TEST_F(MjcfTest, StateAndRewardAreWhatTheFileSays) {
  const auto blueprint = MakeRobot(kTask);
  const EnvSpec& spec = blueprint->spec();
  EXPECT_EQ(spec.name, "mjcf/robot");
  ASSERT_EQ(spec.observation.size(), 2u);
  EXPECT_EQ(spec.observation[0].name, "qpos.elbow");
  EXPECT_EQ(spec.observation[1].name, "up");
  EXPECT_EQ(spec.state_size(), 4);
  EXPECT_THAT(spec.action_low, ElementsAre(-1, -2));
  EXPECT_THAT(spec.reward_terms, ElementsAre("height", "effort", "alive"));
  EXPECT_EQ(spec.max_steps, 200);

  const auto env = blueprint->MakeEnv();
  ObservationStorage storage(spec);
  env->Reset({.seed = 1}, storage.buffer());
  const std::array<double, 2> action = {0.5, -1};
  for (int i = 0; i < 5; ++i) {
    const StepResult result = env->Step(action, storage.buffer());
    const mjData& d = *env->scene().data;
    EXPECT_DOUBLE_EQ(d.time, 0.01 * (i + 1));
    ASSERT_THAT(result.terms, ElementsAre(2 * d.xpos[3 * 1 + 2], -0.1 * (0.25 + 1), 0.5));
    EXPECT_EQ(result.reward, result.terms[0] + result.terms[1] + result.terms[2]);
    EXPECT_THAT(storage.state(),
                ElementsAre(d.qpos[11], d.xmat[9 + 2], d.xmat[9 + 5], d.xmat[9 + 8]));
  }
}

// The robot falls freely from 1 m and reaches 0.5 m at √(2 · 0.5 / 9.81) s, in the 32nd step.
TEST_F(MjcfTest, AnEpisodeEndsWhenAQuantityLeavesItsBounds) {
  const auto end = [&](const std::string& bounds) {
    const auto blueprint = MakeRobot(
        "control_step: 0.01\ntermination: [{quantity: position, of: [torso], components: [z], " +
        bounds + "}]\n");
    const auto env = blueprint->MakeEnv();
    ObservationStorage storage(blueprint->spec());
    env->Reset({.seed = 1}, storage.buffer());
    const std::array<double, 2> action = {0, 0};
    StepResult result;
    while (!result.done()) {
      result = env->Step(action, storage.buffer());
      const bool inside = env->scene().data->xpos[5] >= 0.5;
      EXPECT_EQ(result.terminated, !inside && bounds == "lower: 0.5");
    }
    EXPECT_NE(result.terminated, result.truncated);
    return env->steps();
  };
  EXPECT_EQ(end("lower: 0.5"), 32);
  EXPECT_EQ(end("upper: 2"), 2000);
}

TEST_F(MjcfTest, TheDefaultStateIsPositionsAndVelocities) {
  const auto blueprint = MakeRobot("");
  const EnvSpec& spec = blueprint->spec();
  ASSERT_EQ(spec.observation.size(), 2u);
  EXPECT_EQ(spec.observation[0].name, "qpos");
  EXPECT_EQ(spec.observation[0].size, 12);
  EXPECT_EQ(spec.observation[1].size, 10);
  EXPECT_THAT(spec.reward_terms, ElementsAre());
}

TEST_F(MjcfTest, AStepAllocatesNothingAndNeitherDoesAReset) {
  const auto blueprint =
      MakeRobot(std::string(kTask) + "reset: {keyframe: home, noise: [{qpos: 0.1, qvel: 0.1}]}\n");
  const auto env = blueprint->MakeEnv();
  ObservationStorage storage(blueprint->spec());
  env->Reset({.seed = 1}, storage.buffer());
  const std::array<double, 2> action = {0.5, -1};
  AllocationCounter counter;
  for (int i = 0; i < 10; ++i) env->Step(action, storage.buffer());
  env->Reset({.seed = 2}, storage.buffer());
  EXPECT_EQ(counter.count(), 0);
}

}  // namespace
}  // namespace saccade

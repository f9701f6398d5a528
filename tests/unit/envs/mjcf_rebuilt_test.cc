// The built-in tasks, rebuilt from their model files in YAML: the same rewards from the same states
// under the same actions.

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "envs/mujoco/model.h"
#include "tests/unit/envs/mjcf_testing.h"

namespace saccade {
namespace {

using testing_mjcf::MjcfTest;

class RebuiltTest : public MjcfTest {
 protected:
  void ExpectSameRewards(const std::string& task, const std::string& yaml, double rounding) const {
    const auto original = registry_.envs().Find(task)->Make({&registry_.renderers()});
    const auto rebuilt = Make(yaml);
    ASSERT_EQ(rebuilt->spec().max_steps, original->spec().max_steps);
    ASSERT_EQ(rebuilt->spec().state_size(), original->spec().state_size());
    const auto a = original->MakeEnv();
    const auto b = rebuilt->MakeEnv();
    ObservationStorage seen_a(original->spec());
    ObservationStorage seen_b(rebuilt->spec());
    for (std::uint32_t episode = 0; episode < 3; ++episode) {
      a->Reset({.seed = 3, .stream = Stream::kTest, .index = episode}, seen_a.buffer());
      b->SetState(a->GetState(), seen_b.buffer());
      RandomStream random(4, Stream::kTest, 0, episode);
      std::vector<double> action(original->spec().action_low.size());
      double smallest = 1;
      double largest = 0;
      for (int step = 0; step < 200; ++step) {
        SampleAction(original->spec(), random, action);
        const double reward = a->Step(action, seen_a.buffer()).reward;
        ASSERT_NEAR(b->Step(action, seen_b.buffer()).reward, reward, rounding) << step;
        ASSERT_THAT(seen_b.state(), testing::ElementsAreArray(seen_a.state())) << step;
        smallest = std::min(smallest, reward);
        largest = std::max(largest, reward);
      }
      EXPECT_GT(largest, smallest);
    }
  }
};

TEST_F(RebuiltTest, CheetahRun) {
  ExpectSameRewards("cheetah-run",
                    "name: mjcf\nmodel: " + (ModelFolder() / "cheetah.xml").string() + R"(
control_step: 0.01
time_limit: 10
state:
  - {name: position, quantity: qpos, of: [rootz, rooty, bthigh, bshin, bfoot, fthigh, fshin, ffoot]}
  - {name: velocity, quantity: qvel}
reward:
  - {quantity: sensor, of: [torso_subtreelinvel], components: [x], shape: tolerance,
     lower: 10, upper: .inf, margin: 10, sigmoid: linear, value_at_margin: 0}
)",
                    0);
}

TEST_F(RebuiltTest, WalkerStand) {
  std::string orientations;
  for (const char* body :
       {"torso", "right_thigh", "right_leg", "right_foot", "left_thigh", "left_leg", "left_foot"}) {
    orientations += fmt::format(
        "  - {{quantity: x_axis, of: [{0}], components: [x]}}\n"
        "  - {{quantity: z_axis, of: [{0}], components: [x]}}\n",
        body);
  }
  // (3 standing + (1 + upright) / 2) / 4, summed in another order.
  ExpectSameRewards("walker-stand",
                    "name: mjcf\nmodel: " + (ModelFolder() / "walker.xml").string() + R"(
control_step: 0.025
time_limit: 25
state:
)" + orientations +
                        R"(
  - {name: height, quantity: position, of: [torso], components: [z]}
  - {name: velocity, quantity: qvel}
reward:
  - {name: standing, quantity: position, of: [torso], components: [z], weight: 0.75,
     shape: tolerance, lower: 1.2, upper: .inf, margin: 0.6}
  - {name: upright, quantity: z_axis, of: [torso], components: [z], weight: 0.125}
  - {name: alive, quantity: constant, weight: 0.125}
)",
                    1e-15);
}

}  // namespace
}  // namespace saccade

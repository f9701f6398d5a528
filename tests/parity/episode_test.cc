// States and observations equal the recordings bit for bit, rewards to 1e-14.
//
// Why not to the last bit everywhere: NumPy computes exp and log1p with its own vectorised code,
// which differs from the C library's by up to one unit in the last place.

#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mujoco/mujoco.h>

#include "envs/register.h"
#include "tests/parity/fixture.h"

namespace saccade {
namespace {

// Of rewards, of touch sensors, and of the quadruped's target in its own frame, a product of NumPy's
// that rounds as the recording processor's BLAS did.
constexpr double kRounding = 1e-14;

class EpisodeTest : public testing::TestWithParam<std::string> {
 protected:
  // Repeats the recorded episode `group` and compares row by row.
  void Repeat(const std::string& group) {
    env_->SetState(Start(group), storage_.buffer());
    ExpectTaskQuantities(group);
    ExpectRow(group, 0);
    const auto actions = fixture_.Numbers(group + "/actions");
    const auto rewards = fixture_.Numbers(group + "/rewards");
    const auto size = static_cast<std::size_t>(blueprint_->spec().action_size());
    for (std::size_t t = 0; t < rewards.size() && !HasFailure(); ++t) {
      const std::span<const double> action(actions.data() + t * size, size);
      const StepResult result = env_->Step(action, storage_.buffer());
      EXPECT_NEAR(result.reward, rewards[t], kRounding) << "step " << t;
      EXPECT_FALSE(result.done()) << "step " << t;
      ExpectRow(group, t + 1);
    }
  }

 private:
  TensorMap Start(const std::string& group) const {
    TensorMap state;
    const TensorMap known = env_->GetState();
    for (const std::string& name : fixture_.NamesBelow(group)) {
      // "time" is the whole recording's there, not the start's.
      if (name != "time" && known.contains(name))
        state[name] = fixture_.arrays.at(group + "/" + name);
    }
    EXPECT_TRUE(state.contains("qpos") && state.contains("qvel"));
    return state;
  }

  // The model quantities that the reference writes at a reset and we fix once.
  void ExpectTaskQuantities(const std::string& group) {
    const mjModel& m = *env_->scene().model;
    const bool reacher = GetParam().starts_with("reacher");
    for (const std::string& name : fixture_.NamesBelow(group + "/task")) {
      const std::vector<double> expected = fixture_.Numbers(group + "/task/" + name);
      const double* actual = name == "hinge_damping" ? m.dof_damping + 2
                             : reacher ? (name == "target_pos" ? m.geom_pos : m.geom_size) +
                                             3 * mj_name2id(&m, mjOBJ_GEOM, "target")
                                       : (name == "target_pos" ? m.site_pos : m.site_size) +
                                             3 * mj_name2id(&m, mjOBJ_SITE, "target");
      EXPECT_EQ(std::vector<double>(actual, actual + expected.size()), expected) << name;
    }
  }

  void ExpectRow(const std::string& group, std::size_t row) {
    SCOPED_TRACE(group + ", row " + std::to_string(row));
    const Scene scene = env_->scene();
    EXPECT_EQ(std::vector<double>(scene.data->qpos, scene.data->qpos + scene.model->nq),
              Row(group + "/states_qpos", row));
    EXPECT_EQ(std::vector<double>(scene.data->qvel, scene.data->qvel + scene.model->nv),
              Row(group + "/states_qvel", row));
    EXPECT_EQ(scene.data->time, Row(group + "/time", row).at(0));
    std::size_t offset = 0;
    for (const ObservationEntry& entry : blueprint_->spec().observation) {
      ExpectObservation(entry, offset, Row(group + "/obs/" + entry.name, row));
      offset += static_cast<std::size_t>(entry.size);
    }
  }

  void ExpectObservation(const ObservationEntry& entry, std::size_t offset,
                         const std::vector<double>& expected) {
    ASSERT_EQ(expected.size(), static_cast<std::size_t>(entry.size)) << entry.name;
    const bool rounds = entry.name == "touch" ||
                        (GetParam() == "quadruped-fetch" && entry.name == "target_position");
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const double actual = storage_.state()[offset + i];
      if (rounds) {
        EXPECT_NEAR(actual, expected[i], kRounding) << entry.name << "[" << i << "]";
      } else {
        EXPECT_EQ(actual, expected[i]) << entry.name << "[" << i << "]";
      }
    }
  }

  std::vector<double> Row(const std::string& name, std::size_t row) {
    const Tensor& tensor = fixture_.arrays.at(name);
    const auto rows = static_cast<std::size_t>(tensor.shape().at(0));
    const auto size = static_cast<std::size_t>(tensor.size()) / rows;
    if (!numbers_.contains(name)) numbers_[name] = tensor.Values<double>();
    const double* first = numbers_.at(name).data() + row * size;
    return {first, first + size};
  }

 protected:
  Fixture fixture_{GetParam()};
  std::shared_ptr<const EnvBlueprint> blueprint_ = MakeBlueprint(GetParam());
  std::unique_ptr<Env> env_ = blueprint_->MakeEnv();
  ObservationStorage storage_{blueprint_->spec()};

 private:
  std::map<std::string, std::vector<double>> numbers_;
};

TEST_P(EpisodeTest, SpecIsTheRecordedOne) {
  const EnvSpec& spec = blueprint_->spec();
  EXPECT_EQ(spec.name, GetParam());
  EXPECT_EQ(spec.max_steps, fixture_.Integer("max_steps"));
  EXPECT_EQ(spec.action_low, fixture_.Numbers("action_low"));
  EXPECT_EQ(spec.action_high, fixture_.Numbers("action_high"));
  EXPECT_EQ(spec.physics_step, fixture_.Number("physics_timestep"));
  EXPECT_DOUBLE_EQ(spec.control_step, fixture_.Number("control_timestep"));
  const auto dims = fixture_.arrays.at("obs_dims").Values<std::int64_t>();
  ASSERT_EQ(spec.observation.size(), fixture_.observation_names.size());
  for (std::size_t i = 0; i < dims.size(); ++i) {
    EXPECT_EQ(spec.observation[i].name, fixture_.observation_names[i]);
    EXPECT_EQ(spec.observation[i].size, dims[i]);
  }
}

TEST_P(EpisodeTest, StepsEqualTheRecordedOnes) {
  const std::int64_t episodes = fixture_.Integer("episodes");
  ASSERT_GE(episodes, 3);
  for (std::int64_t e = 0; e < episodes; ++e) Repeat("e" + std::to_string(e));
  // The cheetah's reset simulates and so leaves a warm start, which the next step begins from; no
  // other reset does.
  ASSERT_EQ(!fixture_.NamesBelow("natural").empty(), GetParam() == "cheetah-run");
  if (GetParam() == "cheetah-run") Repeat("natural");
}

// As in the reference, the last step of an episode is cut off, not ended by the task.
TEST_P(EpisodeTest, TimeLimitTruncates) {
  EpisodeKey key{.seed = 1};
  env_->Reset(key, storage_.buffer());
  const std::vector<double> still(static_cast<std::size_t>(blueprint_->spec().action_size()));
  StepResult result;
  while (!result.done()) result = env_->Step(still, storage_.buffer());
  EXPECT_EQ(env_->steps(), fixture_.Integer("max_steps"));
  EXPECT_TRUE(result.truncated);
  EXPECT_FALSE(result.terminated);
}

// A task without a recording would not be tested at all.
TEST(RecordedTasks, AreAllOfTheControlSuites) {
  EXPECT_THAT(
      RecordedTasks(),
      testing::ElementsAre(
          "acrobot-swingup", "acrobot-swingup-sparse", "ball-in-cup-catch", "cartpole-balance",
          "cartpole-balance-sparse", "cartpole-swingup", "cartpole-swingup-sparse", "cheetah-run",
          "finger-spin", "finger-turn-easy", "finger-turn-hard", "hopper-hop", "hopper-stand",
          "humanoid-run", "humanoid-stand", "humanoid-walk", "pendulum-swingup", "point-mass-easy",
          "quadruped-fetch", "quadruped-run", "quadruped-walk", "reacher-easy", "reacher-hard",
          "walker-run", "walker-stand", "walker-walk"));
  Registry registry;
  RegisterEnvs(registry);
  std::vector<std::string> others = registry.envs().Names();
  for (const std::string& task : RecordedTasks()) std::erase(others, task);
  EXPECT_THAT(others, testing::ElementsAre("lqr-toy", "mjcf"));
}

INSTANTIATE_TEST_SUITE_P(Control, EpisodeTest, testing::ValuesIn(RecordedTasks()),
                         [](const testing::TestParamInfo<std::string>& task) {
                           return TestName(task.param);
                         });

}  // namespace
}  // namespace saccade

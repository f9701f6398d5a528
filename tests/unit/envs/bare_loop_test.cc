#include "envs/mujoco/bare_loop.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/api/registry.h"
#include "envs/register.h"

namespace saccade {
namespace {

class BareLoopTest : public testing::TestWithParam<const char*> {
 protected:
  BareLoopTest() {
    RegisterEnvs(registry_);
    config::Node node = config::Node::Map();
    node.At("name") = config::Node::Scalar(GetParam(), true);
    config::Diagnostics diagnostics;
    const auto factory = registry_.envs().Read(node, "", diagnostics);
    diagnostics.ThrowIfAny();
    blueprint_ = factory->Make({&registry_.renderers()});
  }

  Registry registry_;
  std::shared_ptr<const EnvBlueprint> blueprint_;
};

// A ratio to the bare loop is honest only if that loop simulates the very same episode.
TEST_P(BareLoopTest, SimulatesTheEpisodeOfTheEnvironment) {
  const EnvSpec& spec = blueprint_->spec();
  const auto nu = static_cast<std::size_t>(spec.action_size());
  const EpisodeKey key{7, Stream::kBenchmark, 0, 0};
  const auto env = blueprint_->MakeEnv();
  const auto bare = blueprint_->MakeEnv();
  ObservationStorage observation(spec);

  std::vector<double> controls;
  std::vector<double> action(nu);
  RandomStream random(7, Stream::kBenchmark, 1, 0);
  env->Reset(key, observation.buffer());
  for (int step = 0; step < 300; ++step) {
    SampleAction(spec, random, action);
    controls.insert(controls.end(), action.begin(), action.end());
    ASSERT_FALSE(env->Step(action, observation.buffer()).diverged);
  }
  bare->Reset(key, observation.buffer());
  const int substeps = static_cast<int>(std::lround(spec.control_step / spec.physics_step));
  RunBareLoop(bare->scene(), controls, substeps, 300 * substeps);

  const TensorMap expected = env->GetState();
  const TensorMap state = bare->GetState();
  for (const char* name : {"qpos", "qvel", "time", "qacc_warmstart"}) {
    EXPECT_EQ(state.at(name).Values<double>(), expected.at(name).Values<double>()) << name;
  }
}

// One sub-step and several, Euler and RK4, contacts, and a reset that simulates.
INSTANTIATE_TEST_SUITE_P(Tasks, BareLoopTest,
                         testing::Values("cheetah-run", "walker-walk", "cartpole-swingup",
                                         "acrobot-swingup", "humanoid-stand"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace saccade

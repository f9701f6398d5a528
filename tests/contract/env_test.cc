// The contract of core/api/env.h, for every registered environment and for the skeleton.

#include <algorithm>
#include <limits>
#include <string>

#include "core/base/error.h"
#include "core/runtime/contract/env_contract.h"
#include "tests/contract/broken.h"
#include "tests/contract/everything.h"

namespace saccade::contract {
namespace {

// `yaml` is the `env` of a configuration.
std::shared_ptr<const EnvBlueprint> Make(const std::string& yaml) {
  config::Node node = config::ParseYaml(yaml, "test");
  config::Diagnostics diagnostics;
  const auto factory = Everything().envs().Read(node, "env", diagnostics);
  diagnostics.ThrowIfAny();
  return factory->Make({&Everything().renderers()});
}

// Every one with its defaults, and wrapped.
std::vector<std::string> Configurations() {
  std::vector<std::string> yaml;
  for (const std::string& name : Everything().envs().Names()) {
    const std::string robot = ", model: " SACCADE_SOURCE_DIR
                              "/configs/robots/tortoise.xml, reset: {noise: [{qvel: 0.1}]}, "
                              "state: [{quantity: qpos}, {quantity: actuator_force}]";
    yaml.push_back("{name: " + name + (name == "mjcf" ? robot : "") + "}");
  }
  yaml.push_back("{name: walker-walk, action_repeat: 3}");
  yaml.push_back("{name: reacher-easy, action_repeat: 7}");
  yaml.push_back("{name: hopper-hop, action_repeat: 2}");  // touches the floor soon
  const std::string pixels = "pixels: {height: 12, width: 16, frame_stack: 3, channels: ";
  yaml.push_back("{name: cartpole-swingup, observation: pixels, " + pixels + "grey}}");
  yaml.push_back("{name: reacher-hard, observation: both, action_repeat: 2, " + pixels + "rgb}}");
  yaml.push_back("{name: hopper-stand, observation: both, action_repeat: 2, " + pixels +
                 "grey, flatten: true}}");
  yaml.push_back(
      "{name: finger-spin, observation: pixels, "
      "pixels: {height: 12, width: 16, renderer: gl}}");
  return yaml;
}

class EveryEnv : public testing::TestWithParam<std::string> {
 protected:
  static bool Draws() { return GetParam().find("pixels") != std::string::npos; }
};
INSTANTIATE_TEST_SUITE_P(Env, EveryEnv, testing::ValuesIn(Configurations()),
                         [](const auto& param_info) {
                           std::string name;
                           for (const char c : param_info.param.substr(7)) {
                             if (c == '/') break;
                             if (std::isalnum(static_cast<unsigned char>(c))) name += c;
                             if (c == '-') name += '_';
                           }
                           return name;
                         });

TEST_P(EveryEnv, KeepsTheContract) {
  try {
    const auto blueprint = Make(GetParam());
    // Drawing in software takes a thousand times as long as stepping.
    const int longest = Draws() ? 2 : 20'000;
    ExpectKept(CheckEnv(*blueprint, {.seed = 5, .episodes = 2, .longest = longest}));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kEnvironment) throw;
    GTEST_SKIP() << error.what();
  }
}

TEST_P(EveryEnv, AShorterStateIsRefused) {
  try {
    const auto blueprint = Make(GetParam());
    const auto env = blueprint->MakeEnv();
    ObservationStorage observation(blueprint->spec());
    env->Reset({}, observation.buffer());
    std::vector<double> state;
    env->SaveState(state);
    state.pop_back();
    EXPECT_THROW(env->LoadState(state, observation.buffer()), Error);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kEnvironment) throw;
    GTEST_SKIP() << error.what();  // there is no OpenGL
  }
}

// What Env::Step promises on behalf of every environment.
TEST_P(EveryEnv, ANonFiniteActionDivergesWithoutReachingTheSimulation) {
  const auto blueprint = Make(GetParam());
  if (Draws()) GTEST_SKIP() << "the same with states";
  const auto env = blueprint->MakeEnv();
  ObservationStorage observation(blueprint->spec());
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    env->Reset({}, observation.buffer());
    std::vector<double> before;
    env->SaveState(before);
    std::vector<double> action(blueprint->spec().action_low.size(), 0.0);
    action.back() = bad;
    const StepResult result = env->Step(action, observation.buffer());
    EXPECT_TRUE(result.diverged && result.terminated && !result.truncated);
    EXPECT_EQ(result.reward, 0);
    std::vector<double> after;
    env->SaveState(after);
    EXPECT_EQ(env->steps(), 1);
    EXPECT_EQ(std::vector<double>(before.begin() + 1, before.end()),
              std::vector<double>(after.begin() + 1, after.end()));
  }
}

}  // namespace
}  // namespace saccade::contract

// An environment of the user's own, from a model file and YAML: through every command, from any
// folder, and when the model has gone.

#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/npy.h"
#include "core/base/npz.h"
#include "tests/e2e/cli_fixture.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing_tools::CliTest;
using testing_tools::Finished;

constexpr const char* kCart = R"(<mujoco>
  <worldbody>
    <body name="cart">
      <joint name="rail" type="slide" axis="1 0 0"/>
      <geom size=".1"/>
    </body>
  </worldbody>
  <actuator><motor name="push" joint="rail" ctrlrange="-1 1"/></actuator>
</mujoco>
)";

constexpr const char* kCartConfig = R"(env:
  name: mjcf
  model: ../models/cart.xml
  time_limit: 1
  reward: [{name: near, quantity: qpos, shape: tolerance, margin: 1}]
  reset: {noise: [{qpos: 1}]}
policy: {name: linear}
strategy: {name: snes, population: 4, sigma: 0.1}
training: {generations: 2}
evaluation: {every: 2, episodes: 2}
)";

// models/cart.xml and mine/cart.yaml, which names it relative to itself.
class MjcfCliTest : public CliTest {
 protected:
  MjcfCliTest() {
    MakeFolder(folder() / "models");
    MakeFolder(folder() / "mine");
    MakeFolder(folder() / "elsewhere");
    WriteFileAtomically(folder() / "models/cart.xml", kCart);
    WriteFileAtomically(folder() / "mine/cart.yaml", kCartConfig);
  }

  Finished SaccadeIn(const char* subfolder, const std::vector<std::string>& arguments) const {
    return testing_tools::Run(Command(arguments), folder() / subfolder);
  }
};

TEST_F(MjcfCliTest, ARunWorksFromAnyFolder) {
  const Finished train = SaccadeIn("mine", {"train", "cart.yaml", "--out", "run"});
  ASSERT_EQ(train.exit_code, 0) << train.err;
  EXPECT_THAT(train.out, HasSubstr("mjcf/cart: 2 numbers in, 1 actions out, up to 50 steps"));
  EXPECT_THAT(ReadFile(folder() / "mine/run/config.resolved.yaml"),
              HasSubstr((folder() / "models/cart.xml").string()));

  const Finished eval = SaccadeIn("elsewhere", {"eval", "../mine/run", "--episodes", "2"});
  EXPECT_EQ(eval.exit_code, 0) << eval.err;
  EXPECT_EQ(SaccadeIn("/", {"eval", (folder() / "mine/run").string(), "--episodes", "2"}).exit_code,
            0);
  const Finished resume = SaccadeIn(
      "elsewhere", {"train", "--resume", "../mine/run", "--set", "training.generations=3"});
  EXPECT_EQ(resume.exit_code, 0) << resume.err;
  fs::rename(folder() / "mine/run/checkpoints/000003.safetensors", folder() / "elsewhere/c.st");
  EXPECT_EQ(SaccadeIn("elsewhere", {"eval", "c.st", "--episodes", "2"}).exit_code, 0);
  const Finished render = SaccadeIn(
      "elsewhere", {"render", "c.st", "--camera", "-1", "--size", "64x48", "-o", "a.png"});
  EXPECT_EQ(render.exit_code, 0) << render.err;
}

TEST_F(MjcfCliTest, AModelThatHasMovedCanBeNamedAgain) {
  ASSERT_EQ(SaccadeIn("mine", {"train", "cart.yaml", "--out", "run"}).exit_code, 0);
  const std::string before = SaccadeIn("mine", {"eval", "run", "--episodes", "3"}).out;
  fs::rename(folder() / "models/cart.xml", folder() / "elsewhere/cart.xml");
  const std::string gone = (folder() / "models/cart.xml").string() +
                           ": no such model file; put it there, or say where it is: --set "
                           "env.model=FILE\n";
  const Finished eval = SaccadeIn("mine", {"eval", "run"});
  EXPECT_EQ(eval.exit_code, 2);
  EXPECT_THAT(eval.err, AllOf(HasSubstr("env.model: "), HasSubstr(gone)));
  const Finished resume = SaccadeIn("mine", {"train", "--resume", "run"});
  EXPECT_EQ(resume.exit_code, 2);
  EXPECT_THAT(resume.err, AllOf(HasSubstr("config.resolved.yaml:"), HasSubstr(gone)));

  const std::string where = "env.model=../elsewhere/cart.xml";
  EXPECT_EQ(SaccadeIn("mine", {"eval", "run", "--episodes", "3", "--set", where}).out, before);
  EXPECT_EQ(SaccadeIn("mine", {"train", "--resume", "run", "--set", where, "--set",
                               "training.generations=3"})
                .exit_code,
            0);
  EXPECT_EQ(SaccadeIn("/", {"eval", (folder() / "mine/run").string()}).exit_code, 0);
}

TEST_F(MjcfCliTest, AModelAloneCanBeDescribedAndSteppedThrough) {
  const Finished bare = Saccade({"describe", "mjcf"});
  EXPECT_EQ(bare.exit_code, 0) << bare.err;
  EXPECT_THAT(bare.out, AllOf(HasSubstr("reward[].weight = 1"),
                              HasSubstr("model: is missing; write the model file")));
  const Finished described = Saccade({"describe", "mjcf", "--set", "model=models/cart.xml", "--set",
                                      "reward=[{name: near, quantity: qpos, shape: abs}]"});
  EXPECT_EQ(described.exit_code, 0) << described.err;
  EXPECT_THAT(described.out, AllOf(HasSubstr("observes qpos (1)"), HasSubstr("action 0 in [-1, 1]"),
                                   HasSubstr("physics step 0.002 s"), HasSubstr("rewards near")));
  const Finished rollout = Saccade(
      {"rollout", "mjcf", "--set", "model=models/cart.xml", "--steps", "5", "--dump", "out.npz"});
  EXPECT_EQ(rollout.exit_code, 0) << rollout.err;
  EXPECT_EQ(ReadNpz(folder() / "out.npz").at("obs/qvel").shape(),
            (std::vector<std::int64_t>{6, 1}));
  ExpectInputError({"rollout", "mjcf", "--set", "model=cart.xml", "--dump", "out.npz"},
                   "--set model: model: " + (folder() / "cart.xml").string() +
                       ": no such model file; put it there, or say where it is: --set model=FILE");
}

TEST_F(MjcfCliTest, ItsPixelsCanBeTrainedOn) {
  const Finished train =
      SaccadeIn("mine", {"train", "cart.yaml", "--out", "run", "--set", "env.observation=pixels",
                         "--set", "env.pixels={height: 4, width: 6, camera: -1}"});
  ASSERT_EQ(train.exit_code, 0) << train.err;
  EXPECT_THAT(train.out, HasSubstr("mjcf/cart: 4×6×"));
  EXPECT_EQ(SaccadeIn("mine", {"eval", "run", "--episodes", "2"}).exit_code, 0);
}

// MuJoCo finds out when the boxes touch, and says what to write.
TEST_F(MjcfCliTest, AModelWithTooLittleMemoryIsNamed) {
  WriteFileAtomically(folder() / "models/cart.xml", R"(<mujoco>
  <size memory="8K"/>
  <worldbody>
    <body><joint name="rail" type="slide" axis="1 0 0"/><geom type="box" size=".1 .1 .1"/></body>
    <body pos="0 0 .15"><freejoint/><geom type="box" size=".1 .1 .1"/></body>
  </worldbody>
  <actuator><motor name="push" joint="rail" ctrlrange="-1 1"/></actuator>
</mujoco>
)");
  const Finished train = SaccadeIn("mine", {"train", "cart.yaml", "--out", "run"});
  EXPECT_EQ(train.exit_code, 2);
  EXPECT_THAT(train.err, AllOf(HasSubstr("mjcf/cart: MuJoCo: mj_stackAlloc: out of memory"),
                               HasSubstr("increase <size memory=")));
}

TEST_F(MjcfCliTest, WhatCannotBeLearntFromIsSaid) {
  const Finished train =
      SaccadeIn("mine", {"train", "cart.yaml", "--out", "run", "--set", "env.reward=[]"});
  EXPECT_EQ(train.exit_code, 0);
  EXPECT_EQ(train.err,
            "warning: generation 1: every return is 0, and nothing can be learnt from that; is "
            "there a reward, and can the policy reach it?\n");
  const Finished too_much = SaccadeIn("mine", {"train", "cart.yaml", "--out", "run2", "--set",
                                               "env.reward=[{quantity: constant, weight: 1e308}]"});
  EXPECT_THAT(too_much.err, HasSubstr("warning: generation 1: every episode diverged"));
}

TEST_F(MjcfCliTest, APhysicsStepOfNothingIsRefused) {
  std::string model = kCart;
  model.insert(model.find("<worldbody>"), "<option timestep=\"0\"/>");
  WriteFileAtomically(folder() / "models/cart.xml", model);
  EXPECT_THAT(SaccadeIn("mine", {"train", "cart.yaml"}).err,
              HasSubstr("its physics step (option timestep) is 0 s; write one above 0"));
}

// The example that docs/environments.md calls the whole of it, copied out of the page.
TEST_F(MjcfCliTest, TheDocumentedEnvironmentKeepsItsContract) {
  const fs::path source = SACCADE_SOURCE_DIR;
  const std::string page = ReadFile(source / "docs/environments.md");
  const std::size_t heading = page.find("## The whole of it");
  const std::size_t begin = page.find("```yaml\n", heading) + 8;
  Write("whole.yaml", page.substr(begin, page.find("```", begin) - begin) +
                          "policy: {name: linear}\nstrategy: {name: ars}\n");
  fs::copy(source / "configs/robots", folder() / "robots");
  const Finished check = Saccade({"check", "whole.yaml", "--steps", "20"});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
}

// A filtered actuator has a state of its own, and a mocap body is where it is put.
TEST_F(MjcfCliTest, ARolloutStartsFromActivationsAndMocapPoses) {
  WriteFileAtomically(folder() / "lag.xml", R"(<mujoco>
  <option timestep="0.01" gravity="0 0 0"/>
  <worldbody>
    <body name="hand" mocap="true"><geom size=".1" contype="0" conaffinity="0"/></body>
    <body name="cart">
      <joint name="rail" type="slide" axis="1 0 0"/>
      <geom size=".1" mass="2" contype="0" conaffinity="0"/>
    </body>
  </worldbody>
  <actuator><general name="lag" joint="rail" dyntype="filter" dynprm="0.5" ctrlrange="-1 1"/></actuator>
</mujoco>
)");
  const auto row = [](std::initializer_list<double> values) {
    return Tensor::From(std::span<const double>(values.begin(), values.size()));
  };
  const TensorMap init = {{"qpos", row({0})},
                          {"qvel", row({0})},
                          {"act", row({0.6})},
                          {"mocap_pos", row({1, 2, 3})},
                          {"mocap_quat", row({0, 1, 0, 0})}};
  WriteNpz(folder() / "init.npz", init);
  const std::vector<double> still = {0};
  Write("still.npy", EncodeNpy(Tensor::From(std::span<const double>(still), {1, 1})));
  const Finished rollout =
      Saccade({"rollout", "mjcf", "--set", "model=lag.xml", "--set", "control_step=0.01", "--init",
               "init.npz", "--actions", "still.npy", "--dump", "out.npz"});
  ASSERT_EQ(rollout.exit_code, 0) << rollout.err;
  const TensorMap out = ReadNpz(folder() / "out.npz");
  for (const auto& [name, tensor] : init) {
    const std::vector<double> rows = out.at(name).Values<double>();
    const std::vector<double> first = tensor.Values<double>();
    ASSERT_EQ(rows.size(), 2 * first.size()) << name;
    EXPECT_TRUE(std::equal(first.begin(), first.end(), rows.begin())) << name;
  }
  // Euler: force 0.6 on 2 kg for 0.01 s; the activation falls with the time constant 0.5 s.
  EXPECT_NEAR(out.at("qvel").Values<double>()[1], 0.6 / 2 * 0.01, 1e-12);
  EXPECT_NEAR(out.at("act").Values<double>()[1], 0.6 - 0.6 / 0.5 * 0.01, 1e-12);
}

// A model that leaves contacts out for lack of memory is simulated, and not in silence.
TEST_F(MjcfCliTest, WhatMujocoWarnsOfIsSaidOnce) {
  std::string boxes;
  for (int i = 0; i < 6; ++i) {
    boxes += fmt::format(
        R"(<body pos="{} 0 .05"><freejoint/><geom type="box" size=".1 .1 .1"/></body>)", 0.01 * i);
  }
  WriteFileAtomically(
      folder() / "heap.xml",
      R"(<mujoco><size memory="40K"/><worldbody><geom type="plane" size="1 1 1"/>)" + boxes +
          R"(<body pos="0 0 9"><joint name="j" type="slide"/><geom size=".1"/>
  </body></worldbody><actuator><motor joint="j" ctrlrange="-1 1"/></actuator></mujoco>
)");
  // Many simulations, each of which MuJoCo warns of.
  const Finished check = Saccade(
      {"check", "mjcf", "--set", "model=heap.xml", "--set", "time_limit=0.2", "--episodes", "2"});
  EXPECT_THAT(check.err,
              testing::MatchesRegex("warning: MuJoCo: Too many contacts\\. The arena memory is full"
                                    "[^\n]*\nwarning: MuJoCo: Insufficient arena memory for the "
                                    "number of constraints[^\n]*\n"));
}

TEST_F(MjcfCliTest, MistakesAreAllNamedWithTheirPlace) {
  WriteFileAtomically(folder() / "mine/bad.yaml", R"(env:
  name: mjcf
  model: ../models/cart.xml
  reward: [{quantity: velocity, of: [crat]}]
  termination: [{quantity: qpos, of: [rial], upper: 1}]
policy: {name: linear}
strategy: {name: snes, population: 4, sigma: 0.1}
)");
  ExpectInputError({"train", "mine/bad.yaml", "--dry-run"},
                   "mine/bad.yaml:4:37: env.reward[0].of: the model has no body called 'crat'; did "
                   "you mean 'cart'? its names are: world, cart\n"
                   "mine/bad.yaml:5:38: env.termination[0].of: the model has no joint called "
                   "'rial'; did you mean 'rail'? its names are: rail");
}

}  // namespace
}  // namespace saccade

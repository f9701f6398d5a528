// `saccade bench` and its JSON: fields and their meaning, never how fast.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/e2e/cli_fixture.h"

namespace saccade {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_tools::Finished;

class BenchTest : public testing_tools::CliTest {
 protected:
  // The rows of a bench of two rounds.
  json Rows(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "bench");
    arguments.insert(arguments.end(), {"--repeats", "2", "--json", "b.json"});
    const Finished run = Saccade(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    json rows = json::parse(ReadFile(folder() / "b.json"));
    for (const json& row : rows) {
      EXPECT_EQ(row.size(), 5u) << row;
      EXPECT_THAT(run.out, HasSubstr(row.at("name").get<std::string>()));
      EXPECT_GE(row.at("value").get<double>(), 0);
      EXPECT_GE(row.at("ratio").get<double>(), 0);
    }
    return rows;
  }

  static std::vector<std::string> All(const json& rows, const char* field) {
    std::vector<std::string> values;
    for (const json& row : rows) values.push_back(row.at(field));
    return values;
  }
};

TEST_F(BenchTest, RolloutsAreComparedWithTheBareLoop) {
  const json rows = Rows({"--env", "cartpole-swingup", "--env", "cheetah-run"});
  EXPECT_THAT(All(rows, "name"), ElementsAre("cartpole-swingup, linear policy, 1 thread",
                                             "cheetah-run, linear policy, 1 thread"));
  EXPECT_THAT(All(rows, "unit"), ElementsAre("steps/s", "steps/s"));
  EXPECT_THAT(All(rows, "compared_with"), ElementsAre("bare mj_step loop", "bare mj_step loop"));
  EXPECT_GT(rows[0].at("value"), 0);
  EXPECT_GT(rows[0].at("ratio"), 0);
}

TEST_F(BenchTest, EnvironmentsAreMeasuredWithoutAPolicyOnEveryThread) {
  EXPECT_THAT(All(Rows({"envs", "--env", "cartpole-swingup", "--threads", "3"}), "name"),
              ElementsAre("cartpole-swingup, random actions, 3 threads"));
}

TEST_F(BenchTest, TheOverheadIsAPartOfAGeneration) {
  const json rows = Rows({"overhead", "--env", "cartpole-balance", "--threads", "2"});
  EXPECT_THAT(All(rows, "name"),
              ElementsAre("cartpole-balance, strategy and bookkeeping, 2 threads",
                          "cartpole-balance, slots that waited, 2 threads"));
  EXPECT_THAT(All(rows, "unit"), ElementsAre("ms/generation", "ms/generation"));
  for (const json& row : rows) EXPECT_LE(row.at("ratio"), 1);
}

TEST_F(BenchTest, FramesAreComparedWithOpenGl) {
  const Finished first =
      Saccade({"bench", "render", "--env", "cartpole-balance", "--repeats", "1"});
  if (LacksOpenGl(first)) GTEST_SKIP() << first.err;
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const json rows = Rows({"render", "--env", "cartpole-balance", "--size", "32x40", "48x48",
                          "--look", "reference", "fast"});
  std::vector<std::string> names;
  for (const char* variant :
       {"32x40, reference", "32x40, fast", "48x48, reference", "48x48, fast"}) {
    for (int row = 0; row < 2; ++row) {
      names.push_back(fmt::format("cartpole-balance, {}, 1 thread", variant));
    }
  }
  EXPECT_EQ(All(rows, "name"), names);
  EXPECT_THAT(All(rows, "unit"), testing::Each("frames/s"));
  const std::vector<std::string> compared = All(rows, "compared_with");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(compared[i], i % 2 == 0 ? "gl" : "mj_multiRay");
  }
  for (const json& row : rows) EXPECT_GT(row.at("ratio"), 0);
}

TEST_F(BenchTest, AVideoIsComparedWithAPictureThatStays) {
  const json rows = Rows({"video", "--env", "cartpole-balance", "--size", "32x40"});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("name"), "cartpole-balance, 32x40, reference, 1 thread");
  EXPECT_EQ(rows[0].at("compared_with"), "raycast without video");
  EXPECT_GT(rows[0].at("ratio"), 0);
  Write("dark.xml",
        "<mujoco><worldbody><body><joint name='j'/><geom size='1'/></body></worldbody>"
        "<actuator><motor joint='j'/></actuator></mujoco>");
  ExpectInputError({"bench", "video", "--env", "mjcf", "--set", "model=dark.xml"},
                   "--env mjcf model=dark.xml: has no sky");
}

TEST_F(BenchTest, OptionsOfTheEnvironmentAreSet) {
  WriteFileAtomically(folder() / "robot.xml", R"(<mujoco>
    <option timestep="0.01"/>
    <worldbody><body><joint name="hinge"/><geom size=".1"/></body></worldbody>
    <actuator><motor joint="hinge" ctrlrange="-1 1"/></actuator>
  </mujoco>)");
  const std::vector<std::string> robot = {"--env",           "mjcf",          "--set",
                                          "model=robot.xml", "--set",         "control_step=0.05",
                                          "--set",           "time_limit=0.5"};
  EXPECT_THAT(
      All(Rows(robot), "name"),
      ElementsAre(
          "mjcf model=robot.xml control_step=0.05 time_limit=0.5, linear policy, 1 thread"));
  ExpectInputError(
      {"bench", "--env", "lqr-toy", "--set", "name=cartpole-balance"},
      "--set name=cartpole-balance: the environment is lqr-toy already; name another in "
      "its place");
  ExpectInputError(
      {"bench", "--env", "mjcf", "--set", "modl=robot.xml"},
      "--set modl: modl: unknown key; did you mean 'model'?\n"
      "command line: model: is missing; write the model file, such as model: robot.xml");
}

// The one that is free.
TEST_F(BenchTest, AModelWithoutCamerasIsDrawn) {
  WriteFileAtomically(folder() / "robot.xml", R"(<mujoco>
    <worldbody><body><joint name="hinge"/><geom size=".1"/></body></worldbody>
    <actuator><motor joint="hinge" ctrlrange="-1 1"/></actuator>
  </mujoco>)");
  const Finished run = Saccade({"bench", "render", "--env", "mjcf", "--set", "model=robot.xml",
                                "--repeats", "1", "--size", "8x8"});
  if (LacksOpenGl(run)) GTEST_SKIP() << run.err;
  EXPECT_EQ(run.exit_code, 0) << run.err;
}

// The bare loop does not go on where the episode ends within a repeated action, or the ratio were
// 2.
TEST_F(BenchTest, AnEpisodeMayEndWithinAnAction) {
  const json rows = Rows({"envs", "--env", "cartpole-swingup", "--set", "action_repeat=999"});
  EXPECT_LT(rows[0].at("ratio"), 1.5);
}

TEST_F(BenchTest, BadInputIsNamed) {
  WriteFileAtomically(folder() / "wild.xml", R"(<mujoco>
    <worldbody><body><joint name="hinge"/><geom size=".1"/></body></worldbody>
    <actuator><motor joint="hinge" gear="1e12"/></actuator>
  </mujoco>)");
  ExpectInputError({"bench", "envs", "--env", "mjcf", "--set", "model=wild.xml"},
                   "--env mjcf model=wild.xml: diverges after 1 steps, so there is no episode to "
                   "measure; see saccade check");
  ExpectInputError({"bench", "--env", "lqr-toy"},
                   "--env lqr-toy: has no MuJoCo inside, so there is no bare loop to compare it "
                   "with");
  ExpectInputError({"bench", "--env", "cheetah-rn"},
                   "command line: name: unknown environment 'cheetah-rn'; did you mean "
                   "'cheetah-run'?");
  const std::string help = "; see saccade bench --help";
  ExpectInputError({"bench", "render", "--env", "lqr-toy"}, "--env lqr-toy: has nothing to draw");
  ExpectInputError(
      {"bench", "render", "--size", "84"},
      "--size 84: expected two numbers from 1 to 4096 with an x between, such as 64x64");
  ExpectInputError({"bench", "--size", "8x8", "render"},
                   "--size: is for frames only; write the measure first, as in saccade bench "
                   "render --size …");
  ExpectInputError({"bench", "envs", "--look", "fast"},
                   "--look: is for frames only; write the measure first, as in saccade bench "
                   "render --look …");
  ExpectInputError({"bench", "speed"},
                   "WHAT: speed not in {states,envs,overhead,render,video}" + help);
  ExpectInputError({"bench", "--repeats", "0"},
                   "--repeats: '0' is not a whole number from 1 to 100000" + help);
  ExpectInputError({"bench", "--threads", "0"},
                   "--threads: '0' is not a whole number from 1 to 1024" + help);
}

}  // namespace
}  // namespace saccade

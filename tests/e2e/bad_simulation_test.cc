// What goes wrong in other people's code, models and drivers while a run goes on.

#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/bad_input.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_tools::BadInput;
using testing_tools::Finished;

class Hostile : public BadInput {
 protected:
  // Four generations of the hostile plug-in's environment, with `options` of it.
  Finished TrainHostile(const std::string& options, const std::string& policy = "linear") const {
    return Saccade({"--plugin", std::string(SACCADE_TEST_PLUGINS) + "/hostile.so", "train",
                    "c.yaml", "--out", "run", "--threads", "2", "--set",
                    "env={name: hostile, " + options + "}", "--set", "policy.name=" + policy});
  }
};

TEST_F(Hostile, AnEnvironmentThatThrows) {
  const Finished run = TrainHostile("does: throw, generation: 2");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(
      run.err,
      "saccade: candidate 0, episode (seed 3, generation 2, index 0): environment "
      "hostile threw 'out of luck'\n"
      "What was saved until then is whole. To go on:\n  saccade --plugin " SACCADE_TEST_PLUGINS
      "/hostile.so train --resume run\n");
  EXPECT_TRUE(fs::exists(folder() / "run/checkpoints/000002.safetensors"));
}

// Whoever calls it.
TEST_F(Hostile, AnEnvironmentThatThrowsInARollout) {
  const Finished run = Saccade({"--plugin", std::string(SACCADE_TEST_PLUGINS) + "/hostile.so",
                                "rollout", "hostile", "--set", "does=throw", "--dump", "x.npz"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err, "saccade: environment hostile threw 'out of luck'\n");
}

TEST_F(Hostile, AnEnvironmentThatThrowsANumber) {
  const Finished run = TrainHostile("does: throw-number");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err,
            "saccade: candidate 0, episode (seed 3, generation 0, index 0): environment "
            "hostile threw something that is not a std::exception\n");
}

TEST_F(Hostile, AnEnvironmentThatThrowsWhenItIsMade) {
  const Finished run = TrainHostile("does: throw-when-made");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(
      run.err,
      fmt::format(
          "saccade: --set env: env: environment 'hostile' of {}/hostile.so threw 'no such robot'\n",
          SACCADE_TEST_PLUGINS));
}

std::string NothingToLearn(int generation) {
  return fmt::format(
      "warning: generation {}: every episode diverged, and nothing can be learnt from "
      "that; a smaller strategy.sigma or time step may help\n",
      generation);
}

// A diverging simulation is data: the candidates fail, the run goes on, the mean stays a number.
TEST_F(Hostile, WhatIsNoNumberIsAFailureOfItsCandidate) {
  for (const char* does : {"diverge", "nan-reward", "nan-observation"}) {
    fs::remove_all(folder() / "run");
    const Finished run = TrainHostile(fmt::format("does: {}, generation: 1", does));
    EXPECT_EQ(run.exit_code, 0) << does << run.err;
    EXPECT_THAT(run.out, HasSubstr("diverged 4")) << does;
    EXPECT_EQ(run.err, NothingToLearn(2)) << does;
    const std::string metrics = Read("run/metrics.jsonl");
    EXPECT_THAT(metrics, AllOf(HasSubstr("\"failed\":0"), HasSubstr("\"failed\":4"))) << does;
    const Finished eval = Saccade({"--plugin", std::string(SACCADE_TEST_PLUGINS) + "/hostile.so",
                                   "eval", "run", "--episodes", "2"});
    EXPECT_EQ(eval.exit_code, 0) << eval.err;
    EXPECT_THAT(eval.out, Not(HasSubstr("nan"))) << does;  // generation 0: nothing goes wrong
  }
}

// In the table as in the JSON: what it got until then is no return.
TEST_F(Hostile, AnEpisodeThatDivergesHasNoReturn) {
  ASSERT_EQ(TrainHostile("does: diverge, generation: 0").exit_code, 0);
  const Finished eval = Saccade({"--plugin", std::string(SACCADE_TEST_PLUGINS) + "/hostile.so",
                                 "eval", "run", "--episodes", "2", "--csv", "e.csv"});
  ASSERT_EQ(eval.exit_code, 0) << eval.err;
  EXPECT_THAT(Read("e.csv"), AllOf(HasSubstr("\n0,,"), HasSubstr("\n1,,")));
}

TEST_F(Hostile, ActionsThatAreNoNumbers) {
  const Finished run = TrainHostile("does: nothing", "nan");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("diverged 4"));
  EXPECT_EQ(run.err, NothingToLearn(1));
}

TEST_F(Hostile, AnEpisodeThatBeginsWithNoNumber) {
  const Finished run = TrainHostile("does: nan-first-observation");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err,
            "saccade: candidate 0, episode (seed 3, generation 0, index 0): hostile: the first "
            "observation of an episode is not finite: 'x' is [nan]; an episode must begin in a "
            "state that can be observed\n");
}

TEST_F(BadInput, APlugInFromAnotherBuild) {
  const Finished run =
      Saccade({"--plugin", std::string(SACCADE_TEST_PLUGINS) + "/foreign.so", "list"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err,
              AllOf(HasSubstr("foreign.so: was built differently from this program; rebuild it "
                              "against this Saccade, with its compiler\n  the plug-in: "),
                    HasSubstr("\n  this program: saccade ")));
}

TEST_F(BadInput, ABrokenModel) {
  fs::create_directory(folder() / "models");
  Write("models/cartpole.xml", "<mujoco><worldbody><geom size=\"</worldbody>\n");
  const Finished run =
      testing_tools::Run({"/usr/bin/env", "SACCADE_MODELS=" + (folder() / "models").string(),
                          SACCADE_BINARY, "rollout", "cartpole-balance", "--dump", "b.npz"},
                         folder());
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err, "saccade: " + (folder() / "models/cartpole.xml").string() +
                         ": XML parse error 7:\nError=XML_ERROR_PARSING_ATTRIBUTE ErrorID=7 (0x7) "
                         "Line number=1: XMLElement name=geom\n");
}

// The suite's models in a folder of the test's own, one of them changed.
class OtherModels : public BadInput {
 protected:
  // Puts `what` in front of the first `where` of a model.
  void Change(const std::string& file, const std::string& where, const std::string& what) const {
    fs::copy(SACCADE_SUITE_MODELS, folder() / "models", fs::copy_options::recursive);
    std::string text = Read("models/" + file);
    const std::size_t at = text.find(where);
    ASSERT_NE(at, std::string::npos);
    fs::remove(folder() / "models" / file);
    Write("models/" + file, text.insert(at, what));
  }
  Finished Rollout(const std::string& env, const std::string& models) const {
    return testing_tools::Run({"/usr/bin/env", "SACCADE_MODELS=" + models, SACCADE_BINARY,
                               "rollout", env, "--steps", "3", "--dump", "x.npz"},
                              folder());
  }
  std::string models() const { return (folder() / "models").string(); }
};

TEST_F(OtherModels, WithMoreBodiesThanTheTaskObserves) {
  Change("walker.xml", "</worldbody>", "<body><geom size='.1'/></body>");
  const Finished run = Rollout("walker-walk", models());
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err,
            "saccade: " + models() +
                "/walker.xml: cannot be the model of walker-walk: it has nq 9, nv 9, nu 6, na 0, "
                "nbody 9, nsensordata 3, which needs nq 9, nv 9, nu 6, na 0, nbody 8, nsensordata "
                "3; are these the models of dm_control's Control Suite? $SACCADE_MODELS names "
                "their folder; without it, those that scripts/setup has fetched are used\n");
}

// As many of everything, and yet what the task reads in one piece lies apart.
TEST_F(OtherModels, WithSensorsInAnotherOrder) {
  const std::string gyro = "<gyro name=\"imu_gyro\" site=\"torso\"/>";
  const std::string accelerometer = "<accelerometer name=\"imu_accel\" site=\"torso\"/>";
  Change("quadruped.xml", gyro, "");
  std::string text = Read("models/quadruped.xml");
  text.erase(text.find(accelerometer), accelerometer.size());
  Write("models/quadruped.xml", text.insert(text.find(gyro) + gyro.size(), accelerometer));
  const Finished run = Rollout("quadruped-walk", models());
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("the model's sensors are in another order than the suite's; are "
                                 "these the models of dm_control's Control Suite?"));
}

// A heavier cart than the one that the policy has learnt to push.
TEST_F(OtherModels, ThanInTrainingAreSaid) {
  Change("cartpole.xml", "</worldbody>", "<geom size='.1' pos='0 0 9'/>");
  const auto with_models = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"/usr/bin/env", "SACCADE_MODELS=" + models(), SACCADE_BINARY};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return testing_tools::Run(all, folder());
  };
  const std::vector<std::string> eval = {"eval", "run", "--episodes", "1"};
  const std::vector<std::string> resume = {"train", "--resume", "run", "--set",
                                           "training.generations=5"};
  TrainRun();
  const auto warning = HasSubstr(
      ".safetensors: the model of cartpole-balance has changed since this "
      "was saved (its file, $SACCADE_MODELS, or MuJoCo): mujoco ");
  EXPECT_THAT(Saccade(eval).err, Not(warning));
  EXPECT_THAT(with_models(eval).err, warning);
  EXPECT_THAT(with_models(resume).err, warning);
  EXPECT_EQ(Saccade(eval).exit_code, 0);
}

TEST_F(OtherModels, WhereEverythingTouches) {
  Change("ball_in_cup.xml", "</worldbody>", "<geom type='box' size='9 9 9'/>");
  const Finished run = Rollout("ball-in-cup-catch", models());
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("no state without contacts was found in 10000 draws; are these "
                                 "the models of dm_control's Control Suite?"));
}

TEST_F(OtherModels, AreNotThere) {
  const Finished run = Rollout("cartpole-balance", "/nonexistent");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err,
            "saccade: SACCADE_MODELS is '/nonexistent', where there is no cartpole.xml; name the "
            "folder of the Control Suite's models, or unset it\n");
}

// The weights grow by four digits a generation; the last ones that a file can hold stay.
TEST_F(BadInput, ASearchThatLeavesAllBounds) {
  Write("c.yaml",
        "env: {name: cartpole-balance, action_repeat: 10}\n"
        "policy: {name: linear}\n"
        "strategy: {name: openai-es, population: 4, optimizer: {kind: sgd, weight_decay: 5000}}\n"
        "training: {generations: 40}\n"
        "evaluation: {every: 100, episodes: 2}\n");
  const Finished run = Saccade({"train", "c.yaml", "--out", "run"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err,
              HasSubstr(": the search has left all bounds: weights of 'output/weight' are larger "
                        "than single precision holds; start a new run with a lower learning rate, "
                        "sigma or weight decay\nWhat was saved until then is whole. To go on:\n"));
  const Finished eval = Saccade({"eval", "run", "--episodes", "1"});
  EXPECT_EQ(eval.exit_code, 0) << eval.err;
}

TEST_F(BadInput, NoGlDevice) {
  Write("libEGL.so.1", "no library");
  Write("libOSMesa.so.8", "no library");
  const Finished run = testing_tools::Run(
      {"/usr/bin/env", "LD_LIBRARY_PATH=" + folder().string(), SACCADE_BINARY, "render",
       "cartpole-balance", "-o", "x.gif", "--size", "16x16", "--renderer", "gl"},
      folder());
  EXPECT_EQ(run.exit_code, 3) << run.err;
  const std::string folder_name = folder().string();
  EXPECT_EQ(run.err,
            fmt::format("saccade: no OpenGL to draw with. Tried\n"
                        "  egl-device and egl-surfaceless: {0}/libEGL.so.1: file too short\n"
                        "  osmesa: {0}/libOSMesa.so.8: file too short\n"
                        "On Debian, install libegl1 and libgl1-mesa-dri, or libosmesa6\n",
                        folder_name));
}

TEST_F(BadInput, PicturesThatCannotBe) {
  Write("libEGL.so.1", "no library");  // the name is looked at before OpenGL is
  Write("libOSMesa.so.8", "no library");
  const Finished run =
      testing_tools::Run({"/usr/bin/env", "LD_LIBRARY_PATH=" + folder().string(), SACCADE_BINARY,
                          "render", "cartpole-balance", "-o", "x.avi"},
                         folder());
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(
      run.err,
      "saccade: x.avi: which format? The name must end in .mp4, .gif, .npz or .png, or in / for a "
      "folder of PNGs\n");
  ExpectInputError({"render", "cartpole-balance", "--depth", "--segmentation", "-o", "x.gif"},
                   "--depth --segmentation: x.gif shows one of them; leave one out, or write both "
                   "as arrays, with -o FILE.npz");
  ExpectInputError({"render", "cartpole-balance", "--depth", "-o", "x.npz"},
                   "1001 frames of 480 × 640 pixels with 7 bytes each are 2.0 GiB of arrays; at "
                   "most 1 GiB can be kept: ask for smaller frames, fewer of them or fewer arrays");
  ExpectInputError({"render", "cartpole-balance", "--look", "quick", "-o", "x.gif"},
                   "--look:1:1: look: 'quick' is not a choice: must be one of reference, fast");
  ExpectInputError({"rollout", "cartpole-balance", "--frames", "4000x4000", "--dump", "x.npz"},
                   "1001 frames of 4000 × 4000 pixels with 3 bytes each are 44.7 GiB of arrays; at "
                   "most 1 GiB can be kept: ask for smaller frames, fewer of them or fewer arrays");
  ExpectInputError({"render", "cartpole-balance", "--size", "0x0", "-o", "x.gif"},
                   "--size 0x0: expected two numbers from 1 to 4096 with an x between, such as "
                   "64x64");
  ExpectInputError(
      {"render", "cartpole-balance", "--camera", "nope", "-o", "x.gif"},
      "there is no camera 'nope' in the model 'cart-pole'. It has fixed (0), lookatcart "
      "(1), the free camera (-1)");
}

}  // namespace
}  // namespace saccade

// The binary as a user meets it: what it prints, what it leaves behind, how it ends.

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <regex>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/npy.h"
#include "core/base/npz.h"
#include "tests/e2e/cli_fixture.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing_tools::CliTest;
using testing_tools::Finished;
using testing_tools::Subprocess;

TEST_F(CliTest, TrainsEvaluatesAndLeavesARunFolder) {
  const Finished train = Saccade({"train", "c.yaml", "--out", "run", "--threads", "2"});
  ASSERT_EQ(train.exit_code, 0) << train.err;
  EXPECT_THAT(train.out, AllOf(HasSubstr("gen 4/4"), HasSubstr("saccade eval run"),
                               Not(HasSubstr("\r"))));  // no bar where there is no terminal
  for (const char* file : {"config.resolved.yaml", "metrics.jsonl",
                           "checkpoints/000004.safetensors", "checkpoints/best.safetensors"}) {
    EXPECT_TRUE(fs::exists(folder() / "run" / file)) << file;
  }
  EXPECT_EQ(
      std::count_if(fs::directory_iterator(folder() / "run"), fs::directory_iterator(),
                    [](const fs::directory_entry& entry) {
                      return entry.path().filename().string().starts_with("events.out.tfevents.") &&
                             entry.file_size() > 100;
                    }),
      1);
  const Finished eval =
      Saccade({"eval", "run", "--episodes", "3", "--json", "e.json", "--csv", "e.csv"});
  ASSERT_EQ(eval.exit_code, 0) << eval.err;
  EXPECT_THAT(eval.out, HasSubstr("3 episodes of seed 0"));
  EXPECT_THAT(eval.out,
              HasSubstr("      mean  std error        min        max     length  diverged\n"));
  const auto table = nlohmann::json::parse(Read("e.json"));
  EXPECT_THAT(eval.out,
              HasSubstr(fmt::format("{:>10.2f} {:>10.2f} {:>10.2f} {:>10.2f}",
                                    table.at("mean").get<double>(),
                                    table.at("standard_error").get<double>(),
                                    table.at("min").get<double>(), table.at("max").get<double>())));
  EXPECT_THAT(ReadFile(folder() / "e.json"), HasSubstr("\"returns\": ["));
  EXPECT_THAT(ReadFile(folder() / "e.csv"), HasSubstr("episode,return,length"));
}

TEST_F(CliTest, AnArtefactAloneIsEnoughToEvaluate) {
  ASSERT_EQ(Saccade({"train", "c.yaml", "--out", "run"}).exit_code, 0);
  fs::rename(folder() / "run/checkpoints/000004.safetensors", folder() / "alone.safetensors");
  const Finished beside_its_run = Saccade({"eval", "alone.safetensors", "--episodes", "2"});
  fs::remove_all(folder() / "run");
  const Finished alone = Saccade({"eval", "alone.safetensors", "--episodes", "2"});
  EXPECT_EQ(alone.exit_code, 0);
  EXPECT_EQ(alone.out, beside_its_run.out);
  const Finished render = Saccade({"render", "alone.safetensors", "--size", "8x8", "-o", "a.png"});
  EXPECT_EQ(render.exit_code, 0) << render.err;
}

TEST_F(CliTest, OneEpisodeHasNoStandardError) {
  ASSERT_EQ(Saccade({"train", "c.yaml", "--out", "run"}).exit_code, 0);
  const Finished eval = Saccade({"eval", "run", "--episodes", "1", "--json", "e.json"});
  ASSERT_EQ(eval.exit_code, 0) << eval.err;
  EXPECT_THAT(eval.out, HasSubstr("          – "));
  EXPECT_THAT(ReadFile(folder() / "e.json"), HasSubstr("\"standard_error\": null"));
}

TEST_F(CliTest, ARunThatHasOnlyItsBestPolicyIsEvaluatedWithThat) {
  ASSERT_EQ(Saccade({"train", "c.yaml", "--out", "run"}).exit_code, 0);
  fs::remove(folder() / "run/checkpoints/000004.safetensors");
  fs::remove(folder() / "run/checkpoints/000003.safetensors");
  fs::remove(folder() / "run/checkpoints/000002.safetensors");
  const std::vector<std::string> best = {"eval", "run/checkpoints/best.safetensors", "--episodes",
                                         "2"};
  const Finished eval = Saccade({"eval", "run", "--episodes", "2"});
  EXPECT_EQ(eval.exit_code, 0) << eval.err;
  EXPECT_EQ(eval.out, Saccade(best).out);
}

TEST_F(CliTest, EvaluationDoesNotDependOnThreads) {
  ASSERT_EQ(Saccade({"train", "c.yaml", "--out", "run"}).exit_code, 0);
  const auto table = [&](const char* threads) {
    return Saccade({"eval", "run", "--episodes", "5", "--threads", threads}).out;
  };
  EXPECT_EQ(table("1"), table("3"));
}

TEST_F(CliTest, AnEvaluationCanBeInterrupted) {
  ASSERT_EQ(Saccade({"train", "c.yaml", "--out", "run"}).exit_code, 0);
  Subprocess eval(Command({"eval", "run", "--episodes", "100000", "--json", "out/e.json"}),
                  folder());
  eval.WaitForFile("out");
  eval.Signal(SIGTERM);
  const Finished interrupted = eval.Wait();
  EXPECT_EQ(interrupted.exit_code, 130);
  EXPECT_EQ(interrupted.err, "\nStopping at the next safe place; once more stops at once.\n");
  EXPECT_THAT(interrupted.out,
              MatchesRegex("Interrupted after [0-9]+ of 100000 episodes; there is no "
                           "result.\n"));
  EXPECT_FALSE(fs::exists(folder() / "out/e.json"));
}

TEST_F(CliTest, OverridesAreNamedAsTheyAreWritten) {
  ExpectInputError({"train", "c.yaml", "--set", "strtegy.sigma=1"},
                   "--set strtegy.sigma: strtegy: unknown key; did you mean 'strategy'?");
  ExpectInputError({"train", "c.yaml", "--set", "seed=010"},
                   "--set seed: seed: '010' looks like an octal or hexadecimal number; write it in "
                   "decimal without leading zeros");
}

TEST_F(CliTest, DryRunWritesNothing) {
  const Finished run = Saccade({"train", "c.yaml", "--dry-run"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("cartpole-balance: 5 numbers in, 1 actions out"),
                             HasSubstr("common_random_numbers: generation")));
  EXPECT_FALSE(fs::exists(folder() / "runs"));
}

TEST_F(CliTest, ANameAloneIsAGroupWithoutOptions) {
  const Finished run = Saccade({"train", "c.yaml", "--dry-run", "--set", "policy=mlp"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("policy:\n  name: mlp\n  hidden:")));
}

TEST_F(CliTest, TheRenderersOptionsBelongToTheEnvironment) {
  ExpectInputError({"rollout", "cartpole-swingup", "--set", "observation=pixels", "--set",
                    "pixels.renderer={name: gl, shado: false}", "--dump", "a.npz"},
                   "--set pixels.renderer: pixels.renderer.shado: unknown key; did you mean "
                   "'shadows'?");
  ExpectInputError({"render", "cartpole-swingup", "--renderer", "{name: gl, shadows: 3}"},
                   "--renderer:1:21: shadows: '3' is not true or false");
  ExpectInputError({"render", "cartpole-swingup", "--renderer", "gl", "--look", "fast"},
                   "--look fast: is for --renderer raycast, not gl");
  ExpectInputError({"render", "cartpole-swingup", "--renderer", "{name: raycast, look: fast}",
                    "--look", "reference"},
                   "--look reference: is said by --renderer {name: raycast, look: fast} too; leave "
                   "one of them out");
  const Finished run = Saccade({"train", "c.yaml", "--dry-run", "--set", "env.observation=pixels",
                                "--set", "env.pixels.renderer={name: gl, shadows: false}"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  // Those that were not given too, with their defaults.
  EXPECT_THAT(run.out,
              HasSubstr("renderer:\n      name: gl\n      backend: auto\n      shadows: false\n"
                        "      reflections: true\n"));
}

TEST_F(CliTest, EveryShippedConfigurationIsValid) {
  int count = 0;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(SACCADE_SOURCE_DIR) / "configs")) {
    if (entry.path().extension() != ".yaml") continue;
    const Finished run = Saccade({"train", entry.path().string(), "--dry-run"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    // What it resolves to says all, and resolves to itself.
    Write("resolved.yaml", run.out.substr(run.out.find("\n\n") + 2));
    EXPECT_EQ(Saccade({"train", "resolved.yaml", "--dry-run"}).out, run.out);
    ++count;
  }
  EXPECT_GT(count, 0);
}

TEST_F(CliTest, TrainsAPolicyWithMemory) {
  const Finished train =
      Saccade({"train", "c.yaml", "--out", "run", "--set", "policy={name: lstm, hidden: 4}"});
  ASSERT_EQ(train.exit_code, 0) << train.err;
  const Finished resume = Saccade({"train", "--resume", "run", "--set", "training.generations=5"});
  EXPECT_EQ(resume.exit_code, 0) << resume.err;
  EXPECT_EQ(Saccade({"eval", "run", "--episodes", "2"}).exit_code, 0);
}

TEST_F(CliTest, TrainsFromPixelsThatAreNormalised) {
  const auto train = [&](const std::string& out, const std::string& threads) {
    return Saccade({"train", "c.yaml", "--out", out, "--threads", threads, "--set",
                    "env.observation=pixels", "--set", "env.action_repeat=100", "--set",
                    "env.pixels={height: 8, width: 12, flatten: true}"});
  };
  const Finished one = train("one", "1");
  ASSERT_EQ(one.exit_code, 0) << one.err;
  ASSERT_EQ(train("two", "2").exit_code, 0);
  const std::string file = "/checkpoints/000004.safetensors";
  EXPECT_TRUE(Read("one" + file) == Read("two" + file));
  EXPECT_THAT(Read("one" + file),
              HasSubstr("\"observation/mean\":{\"dtype\":\"F64\",\"shape\":[96]"));
  std::smatch share;
  const std::string metrics = Read("one/metrics.jsonl");
  ASSERT_TRUE(std::regex_search(metrics, share, std::regex("\"share_render\":([0-9.e+-]+)")));
  EXPECT_GT(std::stod(share[1]), 0);
  EXPECT_EQ(Saccade({"eval", "two", "--episodes", "2"}).exit_code, 0);
}

TEST_F(CliTest, RolloutDumpsFramesOfEveryState) {
  const Finished rollout =
      Saccade({"rollout", "cartpole-balance", "--steps", "3", "--dump", "a.npz", "--frames",
               "12x16", "--camera", "lookatcart", "--renderer", "{name: gl, samples: 0}"});
  if (LacksOpenGl(rollout)) GTEST_SKIP() << rollout.err;
  ASSERT_EQ(rollout.exit_code, 0) << rollout.err;
  EXPECT_THAT(rollout.err,
              MatchesRegex("warning: MuJoCo draws in software \\(.* \\(software\\): .*\n|"
                           "note: MuJoCo draws with .* \\(hardware\\): .*\n"));
  const TensorMap a = ReadNpz(folder() / "a.npz");
  const auto shape = [&](const char* name) { return a.at(name).shape(); };
  EXPECT_EQ(a.at("frames").type(), DType::kUint8);
  EXPECT_EQ(shape("frames"), (std::vector<std::int64_t>{4, 12, 16, 3}));
  EXPECT_EQ(shape("time"), (std::vector<std::int64_t>{4, 1}));
  for (const char* name : {"reward", "terminated", "truncated"}) {
    EXPECT_EQ(shape(name), (std::vector<std::int64_t>{3})) << name;
  }
}

// Frame t shows state t, through the camera that is given by its number as by its name.
TEST_F(CliTest, AFrameShowsTheStateOfItsRow) {
  const auto dump = [&](const std::string& out, const std::vector<std::string>& more) {
    std::vector<std::string> command = {"rollout", "cartpole-balance", "--dump",
                                        out,       "--frames",         "12x16"};
    command.insert(command.end(), more.begin(), more.end());
    return Saccade(command);
  };
  const Finished rollout = dump("a.npz", {"--steps", "30", "--camera", "lookatcart"});
  ASSERT_EQ(rollout.exit_code, 0) << rollout.err;
  const TensorMap a = ReadNpz(folder() / "a.npz");
  constexpr std::size_t kRow = 20;
  const auto row = [&](const char* name, std::size_t size) {
    const std::vector<double> all = a.at(name).Values<double>();
    return Tensor::From(std::span<const double>(all).subspan(kRow * size, size));
  };
  WriteNpz(folder() / "init.npz", {{"qpos", row("qpos", 2)}, {"qvel", row("qvel", 2)}});
  ASSERT_EQ(dump("b.npz", {"--steps", "1", "--init", "init.npz", "--camera", "1"}).exit_code, 0);
  const auto frames = [&](const char* file) {
    return ReadNpz(folder() / file).at("frames").Values<std::uint8_t>();
  };
  const std::vector<std::uint8_t> all = frames("a.npz");
  const auto frame = [&](std::size_t t) {
    constexpr std::size_t kSize = 12 * 16 * 3;
    return std::vector<std::uint8_t>(all.begin() + static_cast<std::ptrdiff_t>(t * kSize),
                                     all.begin() + static_cast<std::ptrdiff_t>((t + 1) * kSize));
  };
  std::vector<std::uint8_t> again = frames("b.npz");
  again.resize(again.size() / 2);
  EXPECT_EQ(again, frame(kRow));
  EXPECT_NE(frame(0), frame(kRow));
}

TEST_F(CliTest, ACameraWithoutFramesIsAMistake) {
  const Finished run = Saccade({"rollout", "cartpole-balance", "--camera", "0", "--dump", "a.npz"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err, "saccade: --camera requires --frames; see saccade rollout --help\n");
}

TEST_F(CliTest, PlugInsBringNamesOrAReason) {
  const std::string plugins = SACCADE_TEST_PLUGINS;
  EXPECT_THAT(Saccade({"--plugin", plugins + "/good.so", "list"}).out, HasSubstr("good.so)"));
  const Finished refused = Saccade({"--plugin", plugins + "/foreign.so", "list"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("foreign.so"));
  EXPECT_EQ(Saccade({"--plugin", "c.yaml", "list"}).exit_code, 2);
}

TEST_F(CliTest, HelpAndUsage) {
  const Finished help = Saccade({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("Examples:"));
  for (const char* command : {"train", "eval", "render", "rollout", "report", "bench", "check",
                              "list", "describe", "completion"}) {
    EXPECT_THAT(help.out, HasSubstr(command));
    const Finished own = Saccade({command, "--help"});
    EXPECT_EQ(own.exit_code, 0);
    EXPECT_THAT(own.out, HasSubstr("Examples:")) << command;
  }
  EXPECT_EQ(Saccade({}).exit_code, 2);
  ExpectInputError({"list", "--plugin", "p.so"},
                   "--plugin stands before the command: saccade --plugin FILE.so list");
  ExpectInputError({"describe", "cma-es", "--set", "sigma=3"},
                   "--set sigma=3: changes what an environment shows; 'cma-es' is none");
  ExpectInputError({"render", "runs/nope"},
                   "runs/nope: no such file or folder, and environments (saccade list envs) have "
                   "other names");
  ExpectInputError({"eval"}, "RUN is required; see saccade eval --help");
  ExpectInputError(
      {"train", "c.yaml", "--thread", "2"},
      "unknown option '--thread'; did you mean '--threads'?; see saccade train --help");
  ExpectInputError({"trian"}, "unknown command 'trian'; did you mean 'train'?; see saccade --help");
  EXPECT_EQ(Saccade({"eval", "run", "--episodes", "many"}).exit_code, 2);
}

TEST_F(CliTest, AnotherMujocoIsRefusedBeforeAnythingElse) {
  const Finished run = testing_tools::Run(
      {"/usr/bin/env", "LD_LIBRARY_PATH=" SACCADE_OTHER_MUJOCO, SACCADE_BINARY, "list"}, folder());
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, AllOf(HasSubstr("built with the headers of version 3017000"),
                             HasSubstr("the library that it found is 3016000")));
}

TEST_F(CliTest, ListAndDescribeKnowEverything) {
  EXPECT_THAT(Saccade({"list", "envs"}).out, HasSubstr("humanoid-run"));
  EXPECT_THAT(Saccade({"describe", "cartpole-swingup"}).out,
              AllOf(HasSubstr("observes position (3)"), HasSubstr("physics step 0.01 s")));
  EXPECT_THAT(Saccade({"describe", "config"}).out, HasSubstr("training.generations = 100"));
  EXPECT_THAT(Saccade({"list", "policies"}).out,
              AllOf(HasSubstr("linear"), HasSubstr("mlp"), HasSubstr("lstm")));
  EXPECT_THAT(Saccade({"list", "strategies"}).out,
              AllOf(HasSubstr("cma-es"), HasSubstr("openai-es"), HasSubstr("guided-es")));
  EXPECT_THAT(Saccade({"describe", "mlp"}).out,
              AllOf(HasSubstr("hidden = [64, 64]    list of integer, >= 1"),
                    HasSubstr("activation = tanh")));
  ExpectInputError(
      {"describe", "cma-se"},
      "describe: nothing is called 'cma-se'; did you mean 'cma-es'?; see saccade list");
}

TEST_F(CliTest, RolloutStartsFromAGivenStateAndIsReproducible) {
  ASSERT_EQ(
      Saccade({"rollout", "cartpole-swingup", "--steps", "20", "--seed", "4", "--dump", "a.npz"})
          .exit_code,
      0);
  const TensorMap a = ReadNpz(folder() / "a.npz");
  EXPECT_EQ(a.at("qpos").shape(), (std::vector<std::int64_t>{21, 2}));
  EXPECT_EQ(a.at("reward").shape(), (std::vector<std::int64_t>{20}));
  EXPECT_EQ(a.at("obs/position").shape(), (std::vector<std::int64_t>{21, 3}));

  // The same states again, from the first one and the same actions.
  const std::vector<double> qpos = a.at("qpos").Values<double>();
  const std::vector<double> qvel = a.at("qvel").Values<double>();
  WriteNpz(folder() / "init.npz", {{"qpos", Tensor::From(std::span<const double>(qpos).first(2))},
                                   {"qvel", Tensor::From(std::span<const double>(qvel).first(2))}});
  WriteFileAtomically(folder() / "actions.npy", EncodeNpy(a.at("actions")));
  const Finished again = Saccade({"rollout", "cartpole-swingup", "--init", "init.npz", "--actions",
                                  "actions.npy", "--dump", "b.npz"});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  const TensorMap b = ReadNpz(folder() / "b.npz");
  for (const char* name : {"qpos", "qvel", "reward", "obs/position", "obs/velocity"}) {
    EXPECT_EQ(b.at(name).Values<double>(), a.at(name).Values<double>()) << name;
  }
}

}  // namespace
}  // namespace saccade

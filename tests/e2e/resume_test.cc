// A run that is interrupted or killed at any moment goes on as if nothing had happened.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/bad_input.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using ResumeTest = testing_tools::BadInput;
using testing_tools::Finished;
using testing_tools::Subprocess;

TEST_F(ResumeTest, CtrlCSavesAndResumeGoesOn) {
  Subprocess training(
      Command({"train", "c.yaml", "--out", "run", "--set", "training.generations=1000000"}),
      folder());
  training.WaitForFile("run/checkpoints/best.safetensors");
  training.Signal(SIGINT);
  const Finished interrupted = training.Wait();
  EXPECT_EQ(interrupted.exit_code, 130);
  EXPECT_THAT(interrupted.out, HasSubstr("saccade train --resume run"));
  const auto generations = [&] {
    const std::string metrics = ReadFile(folder() / "run/metrics.jsonl");
    return std::count(metrics.begin(), metrics.end(), '\n');
  };
  const auto done = generations();
  const Finished resumed = Saccade(
      {"train", "--resume", "run", "--set", "training.generations=" + std::to_string(done + 2)});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(generations(), done + 2);
}

// A generation of half a minute: the first Ctrl-C waits for it, the second one does not.
TEST_F(ResumeTest, ASecondCtrlCStopsAtOnce) {
  Subprocess training(
      Command({"train", "c.yaml", "--out", "run", "--set", "strategy.population=100", "--set",
               "training.episodes_per_candidate=100", "--set", "env.name=cheetah-run"}),
      folder());
  training.WaitForFile("run/config.resolved.yaml");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // until it has begun
  training.Signal(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  training.Signal(SIGINT);
  EXPECT_EQ(training.Wait().exit_code, 130);
  EXPECT_FALSE(fs::exists(folder() / "run/metrics.jsonl") &&
               !ReadFile(folder() / "run/metrics.jsonl").empty());  // no generation was finished
}

// The generation of the newest checkpoint of `run`.
std::int64_t NewestGeneration(const fs::path& run) {
  std::int64_t newest = 0;
  for (const auto& entry : fs::directory_iterator(run / "checkpoints")) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".safetensors" || name.starts_with("best")) continue;
    newest = std::max<std::int64_t>(newest, std::stoll(name));
  }
  return newest;
}

// Killed at any moment, a run goes on from a checkpoint that lacks at most one generation.
TEST_F(ResumeTest, AKilledRunLosesAtMostOneGeneration) {
  for (int round = 0; round < 5; ++round) {
    fs::remove_all(folder() / "run");
    Subprocess training(
        Command({"train", "c.yaml", "--out", "run", "--set", "training.generations=1000000"}),
        folder());
    training.WaitForFile("run/checkpoints/best.safetensors");
    std::this_thread::sleep_for(std::chrono::milliseconds(37 * round));
    training.Signal(SIGKILL);
    training.Wait();
    const std::string metrics = ReadFile(folder() / "run/metrics.jsonl");
    const auto recorded = std::count(metrics.begin(), metrics.end(), '\n');
    EXPECT_GE(NewestGeneration(folder() / "run"), recorded - 1);
    const Finished resumed = Saccade(
        {"train", "--resume", "run", "--set", "training.generations=" + std::to_string(recorded)});
    ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
    const std::string again = ReadFile(folder() / "run/metrics.jsonl");
    EXPECT_EQ(std::count(again.begin(), again.end(), '\n'), recorded);
  }
}

TEST_F(ResumeTest, ResumingEqualsNeverStopping) {
  ASSERT_EQ(Saccade({"train", "c.yaml", "--out", "whole", "--threads", "2"}).exit_code, 0);
  ASSERT_EQ(
      Saccade({"train", "c.yaml", "--out", "parts", "--set", "training.generations=2"}).exit_code,
      0);
  ASSERT_EQ(
      Saccade({"train", "--resume", "parts", "--set", "training.generations=4", "--threads", "1"})
          .exit_code,
      0);
  const auto eval = [&](const char* run) {
    const Finished done = Saccade({"eval", run, "--episodes", "4", "--csv", "e.csv"});
    EXPECT_EQ(done.exit_code, 0);
    return ReadFile(folder() / "e.csv");
  };
  EXPECT_EQ(eval("whole"), eval("parts"));
}

TEST_F(ResumeTest, ResumeKeepsItsConfiguration) {
  ASSERT_EQ(Saccade({"train", "c.yaml", "--out", "run"}).exit_code, 0);
  const Finished run = Saccade({"train", "--resume", "run", "--set", "strategy.sigma=9"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("a resumed run keeps its configuration"));
}

TEST_F(ResumeTest, ARunWithoutACheckpointBeginsAnew) {
  TrainRun();
  const std::string last = Read("run/checkpoints/000004.safetensors");
  for (int i = 1; i <= 4; ++i) {
    fs::remove(folder() / fmt::format("run/checkpoints/{:06}.safetensors", i));
  }
  ASSERT_EQ(Saccade({"train", "--resume", "run"}).exit_code, 0);
  EXPECT_EQ(Records(), 4);
  EXPECT_TRUE(fs::exists(folder() / "run/checkpoints/000004.safetensors"));
}

TEST_F(ResumeTest, ATerminalThatGoesAway) {
  Subprocess training(
      Command({"train", "c.yaml", "--out", "run", "--set", "training.generations=1000000", "--set",
               "checkpoint.every=1000000", "--set", "evaluation.every=1"}),
      folder());
  training.WaitForFile("run/checkpoints/best.safetensors");
  training.Signal(SIGHUP);
  EXPECT_EQ(training.Wait().exit_code, 130);
  const auto done = Records();
  EXPECT_TRUE(fs::exists(folder() / fmt::format("run/checkpoints/{:06}.safetensors", done)));
}

// Killed at any moment, at another number of threads, with old checkpoints removed: the same last
// checkpoint (but for the seconds that it took), the same best one, one record per generation.
TEST_F(ResumeTest, KilledAgainAndAgainIsTheSameRun) {
  const std::string weights = "evaluation.every=1";
  ASSERT_EQ(Saccade({"train", "c.yaml", "--out", "whole", "--threads", "2", "--set",
                     "training.generations=12", "--set", weights, "--set", "checkpoint.every=3"})
                .exit_code,
            0);
  {
    Subprocess training(
        Command({"train", "c.yaml", "--out", "run", "--threads", "1", "--set",
                 "training.generations=12", "--set", weights, "--set", "checkpoint.every=3"}),
        folder());
    training.WaitForFile("run/checkpoints/best.safetensors");
    training.Signal(SIGKILL);
    training.Wait();
  }
  for (int round = 0; round < 3; ++round) {
    Subprocess training(
        Command({"train", "--resume", "run", "--threads", round % 2 == 0 ? "3" : "1"}), folder());
    std::this_thread::sleep_for(std::chrono::milliseconds(40 + 30 * round));
    training.Signal(SIGKILL);
    training.Wait();
  }
  ASSERT_EQ(Saccade({"train", "--resume", "run"}).exit_code, 0);

  const auto eval = [&](const std::string& file) {
    const Finished run = Saccade({"eval", file, "--episodes", "3", "--csv", "e.csv"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return Read("e.csv");
  };
  for (const char* file : {"000009", "000012", "best"}) {
    const std::string path = std::string("/checkpoints/") + file + ".safetensors";
    EXPECT_EQ(eval("run" + path), eval("whole" + path)) << file;
  }
  // Without what depends on the clock.
  const auto returns = [&](const std::string& run) {
    std::string kept;
    const std::string metrics = Read(run + "/metrics.jsonl");
    for (std::size_t begin = 0, end; (end = metrics.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      const std::string line = metrics.substr(begin, end - begin);
      kept += line.substr(0, line.find(",\"seconds\"")) +
              line.substr(line.find(",\"candidates\""),
                          line.find(",\"share_physics\"") - line.find(",\"candidates\"")) +
              "\n";
    }
    return kept;
  };
  EXPECT_EQ(returns("run"), returns("whole"));
  EXPECT_EQ(Records(), 12);
}

}  // namespace
}  // namespace saccade

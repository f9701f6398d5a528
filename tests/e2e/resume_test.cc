// A run that is interrupted or killed at any moment goes on as if nothing had happened.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/rng.h"
#include "core/base/safetensors.h"
#include "tests/e2e/cli_fixture.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;
using testing_tools::Finished;
using testing_tools::Subprocess;

class ResumeTest : public testing_tools::CliTest {
 protected:
  std::vector<std::string> Train(const std::string& out, const std::vector<std::string>& overrides,
                                 int threads = 2) const {
    return With(overrides, threads, {"train", "c.yaml", "--out", out});
  }
  std::vector<std::string> Resume(const std::vector<std::string>& overrides,
                                  int threads = 2) const {
    return With(overrides, threads, {"train", "--resume", "run"});
  }
  void ExpectDone(const std::vector<std::string>& arguments) const {
    const Finished run = Saccade(arguments);
    ASSERT_EQ(run.exit_code, 0) << run.err;
  }

  // The bytes of a checkpoint without its options, of which a resumed run may change the budget.
  std::string Learnt(const std::string& checkpoint) const {
    SafetensorsFile file = DecodeSafetensors(Read(checkpoint), checkpoint);
    EXPECT_EQ(file.metadata.erase("config"), 1U);
    return EncodeSafetensors(file.tensors, file.metadata);
  }
  // The records of a run without its clock.
  std::string Timeless(const std::string& run) const {
    static const std::regex kClock(R"re(,"(seconds|steps_per_second|share_\w+)":[^,}]*)re");
    return std::regex_replace(Read(run + "/metrics.jsonl"), kClock, "");
  }
  void ExpectSameRun(const std::string& a, const std::string& b, std::int64_t generations) const {
    EXPECT_EQ(Timeless(a), Timeless(b));
    for (const std::string& name : {fmt::format("{:06}", generations), std::string("best")}) {
      const std::string file = "/checkpoints/" + name + ".safetensors";
      EXPECT_TRUE(Learnt(a + file) == Learnt(b + file)) << name;  // bytes say nothing in print
    }
  }

  // The second Ctrl-C ends what the first one has left to its work.
  static void InterruptTwice(Subprocess& training) {
    const std::string heard = "Stopping at the next safe place; once more stops at once.";
    training.Signal(SIGINT);
    for (int i = 0; i < 3000 && training.ErrorsSoFar().find(heard) == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_THAT(training.ErrorsSoFar(), HasSubstr(heard));
    EXPECT_FALSE(training.HasEnded());
    training.Signal(SIGINT);
    const Finished run = training.Wait();
    EXPECT_EQ(run.exit_code, 130);
    EXPECT_EQ(run.signal, 0);
  }

  // Where the newest session went on from.
  void ExpectWentOnFrom(std::int64_t generation) const {
    const std::string sessions = Read("run/sessions.jsonl");
    EXPECT_THAT(sessions.substr(sessions.rfind('\n', sessions.size() - 2) + 1),
                StartsWith(fmt::format("{{\"from_generation\":{},", generation)));
  }

  // The generation of the newest checkpoint of `run`, 0 without one.
  std::int64_t Newest() const {
    std::int64_t newest = 0;
    for (const auto& entry : fs::directory_iterator(folder() / "run/checkpoints")) {
      const std::string name = entry.path().filename().string();
      if (entry.path().extension() != ".safetensors" || name.starts_with("best")) continue;
      newest = std::max<std::int64_t>(newest, std::stoll(name));
    }
    return newest;
  }
  // The first `count` records of the run.
  std::string FirstRecords(std::int64_t count) const {
    if (count == 0) return "";  // there may be no file yet
    const std::string metrics = Read("run/metrics.jsonl");
    std::size_t end = 0;
    for (; count > 0; --count) end = metrics.find('\n', end) + 1;
    return metrics.substr(0, end);
  }

 private:
  static std::vector<std::string> With(const std::vector<std::string>& overrides, int threads,
                                       std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--threads", std::to_string(threads)});
    for (const std::string& assignment : overrides) {
      arguments.insert(arguments.end(), {"--set", assignment});
    }
    return arguments;
  }
};

TEST_F(ResumeTest, CtrlCSavesAndResumeGoesOn) {
  Subprocess training(Command(Train("run", {"training.generations=1000000"})), folder());
  training.WaitForFile("run/checkpoints/best.safetensors");
  training.Signal(SIGINT);
  const Finished interrupted = training.Wait();
  EXPECT_EQ(interrupted.exit_code, 130);
  EXPECT_EQ(interrupted.signal, 0);
  EXPECT_THAT(interrupted.out, HasSubstr("saccade train --resume run"));
  const auto done = Records();
  ExpectDone(Resume({fmt::format("training.generations={}", done + 2)}));
  EXPECT_EQ(Records(), done + 2);
}

// A generation of half a minute: the first Ctrl-C waits for it, the second one does not.
TEST_F(ResumeTest, ASecondCtrlCStopsAtOnce) {
  Subprocess training(
      Command(Train("run", {"strategy.population=100", "training.episodes_per_candidate=100",
                            "env.name=cheetah-run"})),
      folder());
  training.WaitForFile("run/sessions.jsonl");
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // until it has begun
  InterruptTwice(training);
  EXPECT_FALSE(fs::exists(folder() / "run/metrics.jsonl") &&
               !Read("run/metrics.jsonl").empty());  // no generation was finished
}

// The last generation ends with an evaluation of minutes.
TEST_F(ResumeTest, ASecondCtrlCLosesNothingThatWasSaved) {
  Subprocess training(Command(Train("run", {"training.generations=3", "evaluation.every=0",
                                            "evaluation.episodes=100000"})),
                      folder());
  training.WaitForFile("run/checkpoints/000002.safetensors");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // until the last has begun
  InterruptTwice(training);
  EXPECT_EQ(Records(), 2);
  ExpectDone(Train("whole", {"training.generations=3", "evaluation.every=0"}));
  for (const char* file : {"/checkpoints/000001.safetensors", "/checkpoints/000002.safetensors"}) {
    EXPECT_TRUE(Learnt(std::string("run") + file) == Learnt(std::string("whole") + file)) << file;
  }
  ExpectDone(Resume({"training.generations=2"}));  // it is loaded, and there is nothing left to do
}

// A script that runs it with & has it ignore what is typed for others.
TEST_F(ResumeTest, AnIgnoredCtrlCStaysIgnored) {
  const Finished run = testing_tools::Run(
      {"/bin/sh", "-c",
       "trap '' INT; \"$0\" train c.yaml --out run --set training.generations=100 & "
       "i=0; while [ ! -s run/metrics.jsonl ] && [ $((i += 1)) -lt 1000 ]; do sleep 0.01; done; "
       "kill -INT $! && wait $!",
       SACCADE_BINARY},
      folder());
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(Records(), 100);
}

TEST_F(ResumeTest, ResumingEqualsNeverStopping) {
  ExpectDone(Train("whole", {}, 2));
  ExpectDone(Train("run", {"training.generations=2"}, 3));
  ExpectDone(Resume({"training.generations=4"}, 1));
  ExpectWentOnFrom(2);
  ExpectSameRun("run", "whole", 4);
}

// To the byte, so that anyone can compare them with cmp.
TEST_F(ResumeTest, EqualRunsWriteEqualCheckpointsOnAnyNumberOfThreads) {
  const std::vector<std::string> many = {"strategy.population=32", "training.generations=2"};
  ExpectDone(Train("run", many, 1));
  for (const int threads : {2, 3, 7, 16}) {
    const std::string other = fmt::format("threads{}", threads);
    ExpectDone(Train(other, many, threads));
    for (const char* file : {"/checkpoints/000002.safetensors", "/checkpoints/best.safetensors"}) {
      EXPECT_TRUE(Read("run" + std::string(file)) == Read(other + file)) << other << file;
    }
  }
}

TEST_F(ResumeTest, TheClockCountsOn) {
  ExpectDone(Train("run", {"training.generations=2"}));
  Write("run/metrics.jsonl", std::regex_replace(Read("run/metrics.jsonl"),
                                                std::regex("\"seconds\":"), "\"seconds\":7000"));
  ExpectDone(Resume({"training.generations=4"}));
  std::smatch clock;
  const std::string metrics = Read("run/metrics.jsonl");
  const std::string last = metrics.substr(metrics.find("{\"generation\":4,"));
  ASSERT_TRUE(std::regex_search(last, clock, std::regex("\"seconds\":([0-9.e+-]+)"))) << last;
  EXPECT_GT(std::stod(clock[1]), 7000);
}

TEST_F(ResumeTest, ResumeKeepsItsConfiguration) {
  ExpectDone(Train("run", {}));
  // Returns over other episodes could not be compared with the best one until now.
  for (const char* option : {"strategy.sigma=9", "evaluation.episodes=7"}) {
    ExpectInputError(Resume({option, "training.generations=9"}),
                     fmt::format("--set {}: a resumed run keeps its configuration; only "
                                 "training.generations, training.env_steps, "
                                 "training.stop_at_return, evaluation.every, checkpoint.* and the "
                                 "files that env names, such as env.model, may change. Start a new "
                                 "run instead",
                                 option));
  }
}

// Its records are not believed: they are written again.
TEST_F(ResumeTest, ARunWithoutACheckpointBeginsAnew) {
  ExpectDone(Train("whole", {}));
  ExpectDone(Train("run", {"training.generations=1"}));
  ASSERT_TRUE(fs::remove(folder() / "run/checkpoints/000001.safetensors"));
  Write("run/metrics.jsonl", std::regex_replace(Read("run/metrics.jsonl"),
                                                std::regex("\"episodes\":"), "\"episodes\":7"));
  ExpectDone(Resume({"training.generations=4"}));
  ExpectSameRun("run", "whole", 4);
  ExpectWentOnFrom(0);
}

TEST_F(ResumeTest, ARunThatLostItsCheckpointsIsLeftAlone) {
  ExpectDone(Train("run", {}));
  fs::remove_all(folder() / "run/checkpoints");
  const std::string metrics = Read("run/metrics.jsonl");
  ExpectInputError(Resume({"training.generations=9"}),
                   "run: has records of 4 generations and no checkpoint to go on from; put the "
                   "files of checkpoints/ back, or start a new run");
  EXPECT_EQ(Read("run/metrics.jsonl"), metrics);
}

// How often they were written is what the run says, not what it is told now.
TEST_F(ResumeTest, CheckpointsThatWereNeverDueAreNotMissed) {
  ExpectDone(Train("run", {}));
  fs::remove_all(folder() / "run/checkpoints");
  const Finished lost = Saccade(Resume({"training.generations=9", "checkpoint.every=1000"}));
  EXPECT_EQ(lost.exit_code, 2);
  EXPECT_EQ(Records(), 4);
}

TEST_F(ResumeTest, TheConfigurationIsThatOfTheCheckpoint) {
  ExpectDone(Train("run", {}));
  const std::string config = Read("run/config.resolved.yaml");
  Write("run/config.resolved.yaml",
        std::regex_replace(config, std::regex("sigma: 0.1"), "sigma: 0.2"));
  ExpectInputError(Resume({"training.generations=9"}),
                   "run/config.resolved.yaml:28:10: strategy.sigma is 0.2, but "
                   "run/checkpoints/000004.safetensors was trained with 0.1; write that again, or "
                   "start a new run");
  auto dry = Resume({"training.generations=9"});
  dry.emplace_back("--dry-run");
  EXPECT_EQ(Saccade(dry).exit_code, 2);
  Write("run/config.resolved.yaml", config);
  fs::copy(folder() / "run/checkpoints/000003.safetensors",
           folder() / "run/checkpoints/000009.safetensors");
  ExpectInputError(Resume({"training.generations=9"}),
                   "run/checkpoints/000009.safetensors: holds generation 3; call it "
                   "000003.safetensors, or delete it");
  EXPECT_EQ(Records(), 4);
}

// Neither its records nor what it says of itself change.
TEST_F(ResumeTest, AFinishedRunHasNothingToDo) {
  ExpectDone(Train("run", {}));
  const std::string config = Read("run/config.resolved.yaml");
  const std::string sessions = Read("run/sessions.jsonl");
  const Finished again = Saccade(Resume({"training.generations=3"}));
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("Nothing is left to train: training.generations is 3, and 4 "
                                   "are done; a larger one goes on:\n"
                                   "  --set training.generations=…\n"
                                   "Done after 4 generations"));
  EXPECT_EQ(Read("run/config.resolved.yaml"), config);
  EXPECT_EQ(Read("run/sessions.jsonl"), sessions);
  EXPECT_EQ(Records(), 4);
}

// Whether it was solved is asked of the goal that it has now.
TEST_F(ResumeTest, ASolvedRunGoesOnToAHigherGoal) {
  ExpectDone(Train("run", {"training.stop_at_return=-1", "evaluation.every=1"}));
  EXPECT_EQ(Records(), 1);
  EXPECT_THAT(Saccade(Resume({})).out, HasSubstr("training.stop_at_return is -1, and the last "
                                                 "evaluation is there; a larger one goes on"));
  ExpectDone(Resume({"training.stop_at_return=1e9"}));
  EXPECT_EQ(Records(), 4);
}

TEST_F(ResumeTest, ATerminalThatGoesAway) {
  Subprocess training(Command(Train("run", {"training.generations=1000000",
                                            "checkpoint.every=1000000", "evaluation.every=1"})),
                      folder());
  training.WaitForFile("run/checkpoints/best.safetensors");
  training.Signal(SIGHUP);
  EXPECT_EQ(training.Wait().exit_code, 130);
  const auto done = Records();
  EXPECT_TRUE(fs::exists(folder() / fmt::format("run/checkpoints/{:06}.safetensors", done)));
}

// Killed at random moments, a run goes on each time from a checkpoint at most `every` generations
// behind its records, keeps the records until there, and ends as the run that was never killed.
class KilledTest : public ResumeTest, public testing::WithParamInterface<int> {
 protected:
  static std::vector<std::string> Until(std::int64_t generations) {
    return {fmt::format("checkpoint.every={}", GetParam()), "evaluation.every=1",
            fmt::format("training.generations={}", generations)};
  }
  // Begins the run, or goes on with it, and kills it within some ten generations of its own.
  void TrainAndKill(std::uint32_t round) const {
    const auto options = Until(1'000'000);
    const int threads = 1 + static_cast<int>(round % 3);
    fs::remove(folder() / "run/sessions.jsonl");  // comes again when the training begins
    Subprocess training(
        Command(round == 0 ? Train("run", options, threads) : Resume(options, threads)), folder());
    training.WaitForFile("run/sessions.jsonl");
    RandomStream random(1, Stream::kTest, static_cast<std::uint32_t>(GetParam()), round);
    std::this_thread::sleep_for(std::chrono::duration<double>(random.Uniform(0, 0.4)));
    training.Signal(SIGKILL);
    ASSERT_EQ(training.Wait().exit_code, 128 + SIGKILL);
  }
};
// With 3, its records and its best checkpoint may be ahead of what it goes on from.
INSTANTIATE_TEST_SUITE_P(CheckpointEvery, KilledTest, testing::Values(1, 3));

TEST_P(KilledTest, AgainAndAgainIsTheSameRun) {
  std::int64_t done = 0;
  for (std::uint32_t round = 0; round < 6; ++round) {
    SCOPED_TRACE(round);
    ASSERT_NO_FATAL_FAILURE(TrainAndKill(round));
    const std::int64_t recorded = fs::exists(folder() / "run/metrics.jsonl") ? Records() : 0;
    const std::int64_t newest = Newest();
    EXPECT_GE(recorded, done);
    EXPECT_LE(newest, recorded);
    EXPECT_GE(newest, recorded - GetParam());
    const std::string kept = FirstRecords(newest);

    done = recorded + 1;
    ExpectDone(Resume(Until(done)));
    EXPECT_EQ(Records(), done);
    EXPECT_EQ(FirstRecords(newest), kept);
  }
  ExpectDone(Train("whole", Until(done)));
  ExpectSameRun("run", "whole", done);
}

}  // namespace
}  // namespace saccade

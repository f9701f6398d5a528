// Checkpoints and records that are damaged or of another run: the error says what to delete.

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
using testing::EndsWith;
using testing::StartsWith;
using testing_tools::BadInput;
using testing_tools::Finished;

TEST_F(BadInput, TruncatedAndDamagedCheckpoints) {
  TrainRun();
  const std::string newest = "run/checkpoints/000004.safetensors";
  const std::string good = Read(newest);
  Write(newest, good.substr(0, good.size() - 10));
  const std::string truncated = fmt::format(
      "{}: truncated: the header says {} bytes, the file has {}; use an earlier "
      "checkpoint",
      newest, good.size(), good.size() - 10);
  ExpectInputError({"eval", "run"}, truncated);
  ExpectInputError({"train", "--resume", "run"},
                   truncated + "; if it is damaged, delete it, and --resume takes the one before");
  std::string flipped = good;
  flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
  Write(newest, flipped);
  ExpectInputError({"eval", "run"}, newest +
                                        ": checksum differs: the file is damaged; use an "
                                        "earlier checkpoint");
  fs::remove(folder() / newest);
  EXPECT_EQ(Saccade({"train", "--resume", "run"}).exit_code, 0);
  EXPECT_EQ(Records(), 4);
}

// Not that the strategy could not have trained so many: nobody asks it to.
TEST_F(BadInput, AnotherArchitectureIsToldBeforeTheStrategysLimits) {
  ASSERT_EQ(
      Saccade({"train", "c.yaml", "--out", "run", "--set", "strategy={name: cma-es}"}).exit_code,
      0);
  ExpectInputError({"eval", "run", "--set", "env.observation=pixels"},
                   "run/checkpoints/000004.safetensors: holds the weights of another architecture\n"
                   "  in the file: output/weight 1×5, output/bias 1×1\n"
                   "  expected:    output/weight 1×7056, output/bias 1×1");
}

TEST_F(BadInput, ACheckpointOfAnotherArchitecture) {
  TrainRun();
  const std::string message =
      "run/checkpoints/000004.safetensors: holds the weights of another architecture\n"
      "  in the file: output/weight 1×5, output/bias 1×1\n"
      "  expected:    output/weight 6×24, output/bias 6×1";
  ExpectInputError({"eval", "run", "--set", "env.name=walker-walk"}, message);
  std::string resolved = Read("run/config.resolved.yaml");
  resolved.replace(resolved.find("cartpole-balance"), 16, "walker-walk");
  Write("run/config.resolved.yaml", resolved);
  ExpectInputError({"train", "--resume", "run"},
                   "run/config.resolved.yaml:3:9: env.name is walker-walk, but "
                   "run/checkpoints/000004.safetensors was trained with cartpole-balance; write "
                   "that again, or start a new run");
}

TEST_F(BadInput, RecordsThatAreMissingOrNoRecords) {
  TrainRun();
  const std::string metrics = Read("run/metrics.jsonl");
  std::string two = metrics.substr(0, metrics.find('\n', metrics.find('\n') + 1) + 1);
  const std::string key = "\"seconds\":";
  const std::size_t at = two.rfind(key) + key.size();
  two.replace(at, two.find(',', at) - at, "41.6");
  Write("run/metrics.jsonl", two);
  const auto resume = [&](int generations) {
    return Saccade(
        {"train", "--resume", "run", "--set", fmt::format("training.generations={}", generations)});
  };
  const Finished gap = resume(5);
  EXPECT_EQ(gap.exit_code, 0);
  EXPECT_EQ(gap.err,
            "warning: run/metrics.jsonl: has no records of generations 3 to 4; the curve has a gap "
            "there, and the clock goes on from 42 s\n");
  const std::string fifth = Read("run/metrics.jsonl").substr(two.size());
  Write("run/metrics.jsonl", metrics + fifth + std::string(100, '\0') + "\n");  // a power failure
  EXPECT_EQ(resume(6).err, "");
  EXPECT_THAT(Read("run/metrics.jsonl"), StartsWith(metrics + fifth + "{"));
  EXPECT_EQ(Records(), 6);
  Write("run/metrics.jsonl", "noise\n" + metrics);
  EXPECT_THAT(resume(7).err,
              AllOf(StartsWith("saccade: run/metrics.jsonl:1: is not a record of a generation: "),
                    EndsWith("; delete the line\n")));
}

}  // namespace
}  // namespace saccade

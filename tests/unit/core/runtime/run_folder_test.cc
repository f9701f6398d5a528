#include "core/runtime/run_folder.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/build_info.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runtime/metrics.h"
#include "policies/register.h"
#include "tests/testing/fakes.h"
#include "tests/testing/temporary_folder.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

template <class Function>
std::string MessageOf(Function function) {
  try {
    function();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "no error";
}

class RunFolderTest : public testing::Test {
 protected:
  RunFolderTest() {
    RegisterPolicies(registry_);
    fakes::RegisterFakes(registry_);
  }

  // Trains in `root_` and returns the names in checkpoints/, sorted.
  std::vector<std::string> TrainAndList(const std::string& options,
                                        const std::string& env = "{name: fake-env}") {
    const std::string text =
        "env: " + env + "\npolicy: {name: linear}\nstrategy: {name: fake-es}\n" + options;
    const Experiment experiment(registry_, config::ParseYaml(text, "t.yaml"));
    const auto evaluator = MakeEvaluator(1);
    Trainer trainer(experiment, *evaluator);
    const RunFolder folder = RunFolder::Create(root_);
    WriteFileAtomically(folder.config(), experiment.ResolvedYaml());
    MetricsWriter metrics(folder.metrics(), 0);
    CheckpointWriter checkpoints(folder.path());
    trainer.AddObserver(metrics);
    trainer.AddObserver(checkpoints);
    trainer.Run(std::atomic<bool>(false));
    checkpoints.Write(trainer);
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(root_ / "checkpoints")) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  testing_tools::TemporaryFolder temporary_;
  fs::path root_ = temporary_.path() / "run";
  Registry registry_;
};

TEST_F(RunFolderTest, KeepsTheNewestAndTheBest) {
  EXPECT_THAT(TrainAndList("training: {generations: 7}\nevaluation: {every: 2}\n"
                           "checkpoint: {keep: 2}\n"),
              ElementsAre("000006.safetensors", "000007.safetensors", "best.safetensors"));
  EXPECT_EQ(FindCheckpoint(root_).filename(), "000007.safetensors");
}

TEST_F(RunFolderTest, WhatDivergesInSomeEpisodesIsNotTheBest) {
  EXPECT_THAT(TrainAndList("training: {generations: 2}\nevaluation: {every: 1, episodes: 50}\n",
                           "{name: fake-env, diverge_at: 1.5}"),
              ElementsAre("000001.safetensors", "000002.safetensors"));
}

TEST_F(RunFolderTest, WritesTheLastGenerationWhateverTheInterval) {
  EXPECT_THAT(TrainAndList("training: {generations: 7}\nevaluation: {every: 0}\n"
                           "checkpoint: {every: 3, keep: 9}\n"),
              ElementsAre("000003.safetensors", "000006.safetensors", "000007.safetensors",
                          "best.safetensors"));
}

TEST_F(RunFolderTest, WhoeverGoesOnHasAFolderForCheckpoints) {
  TrainAndList("training: {generations: 1}\n");
  fs::remove_all(root_ / "checkpoints");
  RunFolder::OpenForTraining(root_);
  EXPECT_TRUE(fs::is_directory(root_ / "checkpoints"));
}

// A run without it could not be resumed.
TEST_F(RunFolderTest, ARunWhoseConfigurationHasGoneEnds) {
  TrainAndList("training: {generations: 1}\n");
  fs::remove(root_ / "config.resolved.yaml");
  CheckpointWriter checkpoints(root_);
  const Experiment experiment(
      registry_,
      config::ParseYaml("env: {name: fake-env}\npolicy: {name: linear}\nstrategy: {name: fake-es}\n"
                        "training: {generations: 1}\n",
                        "t.yaml"));
  const auto evaluator = MakeEvaluator(1);
  Trainer trainer(experiment, *evaluator);
  trainer.AddObserver(checkpoints);
  EXPECT_THAT(
      [&] { trainer.Run(std::atomic<bool>(false)); },
      testing::ThrowsMessage<Error>(HasSubstr("config.resolved.yaml: has gone while the run "
                                              "was training")));
}

TEST_F(RunFolderTest, EverySessionSaysWhichBuildItWas) {
  const RunFolder folder = RunFolder::Create(root_);
  folder.RecordSession(0, 2, {});
  folder.RecordSession(7, 1, {"/a.so", "/b.so"});
  const std::string build = "\"build\":\"" + BuildSummary() + "\"";
  EXPECT_EQ(ReadFile(root_ / "sessions.jsonl"),
            "{\"from_generation\":0," + build + ",\"plugins\":[],\"threads\":2}\n" +
                "{\"from_generation\":7," + build +
                ",\"plugins\":[\"/a.so\",\"/b.so\"],\"threads\":1}\n");
}

TEST_F(RunFolderTest, ASessionThatWasCutOffIsNotContinued) {
  const RunFolder folder = RunFolder::Create(root_);
  WriteFileAtomically(root_ / "sessions.jsonl", "{\"from_gener");
  folder.RecordSession(7, 1, {"/tmp/\xff.so"});  // no UTF-8, as a file name may be
  const std::string text = ReadFile(root_ / "sessions.jsonl");
  EXPECT_THAT(text, StartsWith("{\"from_gener\n{\"from_generation\":7,"));
}

TEST_F(RunFolderTest, KnowsTheFilesOfARun) {
  { const RunFolder folder = RunFolder::Create(root_); }
  WriteFileAtomically(root_ / "config.resolved.yaml", "");
  for (const char* name : {"config.resolved.yaml", "metrics.jsonl", "sessions.jsonl", ".lock",
                           "events.out.tfevents.7", "checkpoints/best.safetensors"}) {
    EXPECT_TRUE(IsFileOfRun(root_ / name)) << name;
  }
  for (const char* name : {"evaluation.json", "report.html", "videos/a.mp4"}) {
    EXPECT_FALSE(IsFileOfRun(root_ / name)) << name;
  }
  EXPECT_FALSE(IsFileOfRun(temporary_.path() / "elsewhere" / "metrics.jsonl"));
}

TEST_F(RunFolderTest, MetricsReadBackAndCanBeCutBack) {
  TrainAndList("training: {generations: 5}\nevaluation: {every: 2}\n");
  const fs::path file = root_ / "metrics.jsonl";
  const auto records = ReadMetrics(file);
  ASSERT_EQ(records.size(), 5u);
  std::string again;
  for (const GenerationRecord& record : records) again += ToJsonLine(record);
  EXPECT_EQ(again, ReadFile(file));

  AppendFile(file).Append("{\"generation\": 6, \"env");  // killed while writing
  EXPECT_EQ(ReadMetrics(file).size(), 5u);
  EXPECT_EQ(TruncateMetrics(file, 3), records[2].seconds);
  EXPECT_EQ(ReadMetrics(file).size(), 3u);
  EXPECT_EQ(TruncateMetrics(file, 0), 0);
  EXPECT_EQ(ReadFile(file), "");
}

// Or what comes after a wrong number would be dropped.
TEST_F(RunFolderTest, RecordsThatDoNotFollowAreRefused) {
  TrainAndList("training: {generations: 4}\n");
  const fs::path file = root_ / "metrics.jsonl";
  std::string text = ReadFile(file);
  const std::string second = "\"generation\":2,";
  ASSERT_NE(text.find(second), text.npos);
  text.replace(text.find(second), second.size(), "\"generation\":200,");
  WriteFileAtomically(file, text);
  EXPECT_THAT([&] { TruncateMetrics(file, 4); },
              testing::ThrowsMessage<Error>(HasSubstr(
                  "metrics.jsonl:3: the record of generation 3 comes after that of 200; one of the "
                  "two lines is wrong: delete it")));
  EXPECT_EQ(ReadFile(file), text);
}

TEST_F(RunFolderTest, MetricsNameTheLineThatIsNoRecord) {
  fs::create_directories(root_);
  WriteFileAtomically(root_ / "metrics.jsonl", "{}\n");
  EXPECT_THAT(MessageOf([&] { ReadMetrics(root_ / "metrics.jsonl"); }),
              HasSubstr("metrics.jsonl:1: is not a record of a generation"));
}

TEST_F(RunFolderTest, RefusesAFolderInUse) {
  const RunFolder folder = RunFolder::Create(root_);
  EXPECT_THAT(MessageOf([&] { RunFolder::Create(root_); }),  // nothing in it yet
              HasSubstr("another process is training in this folder"));
  WriteFileAtomically(folder.config(), "x");
  EXPECT_EQ(MessageOf([&] { RunFolder::Create(root_); }),
            root_.string() + ": already in use; go on with it (--resume " + root_.string() +
                "), or choose another folder (--out)");
  EXPECT_THAT(MessageOf([&] { RunFolder::OpenForTraining(root_); }),
              HasSubstr("another process is training in this folder"));
}

TEST_F(RunFolderTest, ResumingNeedsARunFolder) {
  fs::create_directories(root_);
  EXPECT_THAT(MessageOf([&] { RunFolder::OpenForTraining(root_); }),
              HasSubstr("is not the folder of a run: it has no config.resolved.yaml"));
  EXPECT_THAT(MessageOf([&] { FindCheckpoint(root_); }),
              HasSubstr("has no checkpoints/*.safetensors"));
  EXPECT_THAT(MessageOf([&] { FindCheckpoint(root_ / "none"); }),
              HasSubstr("no such file or folder"));
  const fs::path config = root_ / "cheetah.yaml";
  WriteFileAtomically(config, "env: {name: cheetah-run}");
  EXPECT_EQ(MessageOf([&] { FindCheckpoint(config); }),
            config.string() +
                ": is a configuration; train it (saccade train) and give the folder "
                "of the run");
}

TEST_F(RunFolderTest, WhatAKilledProcessLeftIsRemovedAndNothingElse) {
  {
    const RunFolder folder = RunFolder::Create(root_);
    WriteFileAtomically(folder.config(), "x");
  }
  WriteFileAtomically(root_ / "checkpoints" / "000001.safetensors.77.tmp", "half");
  WriteFileAtomically(root_ / "notes.tmp", "of the user");
  const RunFolder folder = RunFolder::OpenForTraining(root_);
  EXPECT_FALSE(fs::is_empty(root_ / "checkpoints"));  // a dry run changes nothing
  folder.RemoveUnfinished();
  EXPECT_TRUE(fs::is_empty(root_ / "checkpoints"));
  EXPECT_TRUE(fs::exists(root_ / "notes.tmp"));
}

// Every flipped bit and every truncation of a checkpoint is an error, never another policy.
TEST_F(RunFolderTest, DamagedCheckpointsAreRefused) {
  TrainAndList("training: {generations: 1}\n");
  const fs::path file = FindCheckpoint(root_);
  const std::string good = ReadFile(file);
  const fs::path bad = root_ / "bad.safetensors";
  for (std::size_t i = 0; i < good.size(); i += 37) {
    std::string text = good;
    text[i] = static_cast<char>(text[i] ^ (1 << (i % 8)));
    std::ofstream(bad, std::ios::binary) << text;
    EXPECT_THAT(MessageOf([&] { LoadCheckpoint(bad); }), HasSubstr("bad.safetensors")) << i;
    std::ofstream(bad, std::ios::binary) << good.substr(0, i);
    EXPECT_THAT(MessageOf([&] { LoadCheckpoint(bad); }), HasSubstr("bad.safetensors")) << i;
  }
}

}  // namespace
}  // namespace saccade

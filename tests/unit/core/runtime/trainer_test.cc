#include "core/runtime/trainer.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/runtime/event_observer.h"
#include "tests/testing/temporary_folder.h"
#include "tests/unit/core/runtime/fake_experiment.h"

namespace saccade {
namespace {

using fakes::kConfig;
using fakes::MakeExperiment;
using fakes::NoOptions;
using fakes::TestRegistry;
using testing::HasSubstr;

const std::atomic<bool> kNever = false;

// Everything that a run has learnt, without its clock.
TensorMap Learnt(const Trainer& trainer) {
  const Checkpoint checkpoint = trainer.Save();
  TensorMap all = checkpoint.policy;
  for (const auto& [name, tensor] : checkpoint.observation) all["observation/" + name] = tensor;
  for (const auto& [name, tensor] : checkpoint.strategy) all["strategy/" + name] = tensor;
  all["env_steps"] = checkpoint.trainer.at("env_steps");
  return all;
}

void ExpectSameBytes(const TensorMap& a, const TensorMap& b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [name, tensor] : a) {
    const auto other = b.at(name).bytes();
    EXPECT_TRUE(
        std::equal(tensor.bytes().begin(), tensor.bytes().end(), other.begin(), other.end()))
        << name;
  }
}

TensorMap Train(const Experiment& experiment, int threads) {
  const auto evaluator = MakeEvaluator(threads);
  Trainer trainer(experiment, *evaluator);
  trainer.Run(kNever);
  return Learnt(trainer);
}

struct Records : Observer {
  std::vector<GenerationRecord> list;
  void OnGeneration(const Trainer&, const GenerationRecord& record) override {
    list.push_back(record);
  }
};

TEST(Trainer, ThreadsDoNotChangeWhatIsLearnt) {
  const Experiment experiment = MakeExperiment();
  const TensorMap serial = Train(experiment, 1);
  for (const int threads : {2, 3, 7, 16}) ExpectSameBytes(Train(experiment, threads), serial);
}

TEST(Trainer, AnotherSeedLearnsSomethingElse) {
  const TensorMap one = Train(MakeExperiment(), 1);
  const TensorMap two = Train(MakeExperiment({"seed=6"}), 1);
  const auto a = one.at("output/weight").bytes();
  const auto b = two.at("output/weight").bytes();
  EXPECT_FALSE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
}

TEST(Trainer, EvaluationDoesNotChangeWhatIsLearnt) {
  ExpectSameBytes(Train(MakeExperiment({"evaluation.every=1", "evaluation.episodes=9"}), 2),
                  Train(MakeExperiment({"evaluation.every=0"}), 1));
}

// ARS V1 promises it.
TEST(Trainer, WhatIsNotNormalisedIsSeenAsItIs) {
  ExpectSameBytes(Train(MakeExperiment({"observation={normalize: false, clip: 0.1}"}), 1),
                  Train(MakeExperiment({"observation={normalize: false, clip: 1e6}"}), 1));
}

TEST(Trainer, ResumingEqualsNeverStopping) {
  const Experiment whole = MakeExperiment();
  const Experiment half = MakeExperiment({"training.generations=3"});
  const auto evaluator = MakeEvaluator(3);
  Trainer first(half, *evaluator);
  first.Run(kNever);
  const auto other_evaluator = MakeEvaluator(2);
  Trainer second(whole, *other_evaluator);
  second.Load(first.Save(), "memory");
  EXPECT_EQ(second.generation(), 3);
  second.Run(kNever);
  ExpectSameBytes(Learnt(second), Train(whole, 1));
}

// Keeps what the trainer would have saved after every generation.
struct Saves : Observer {
  std::vector<Checkpoint> list;
  void OnGeneration(const Trainer& trainer, const GenerationRecord&) override {
    list.push_back(trainer.Save());
  }
};

// It happens in a run that goes on later, and not in one that had the larger budget at once.
TEST(Trainer, AnEvaluationBecauseABudgetEndsDecidesNothing) {
  const auto last_evaluation_in_third = [](const char* generations) {
    const Experiment experiment = MakeExperiment({generations});
    const auto evaluator = MakeEvaluator(2);
    Trainer trainer(experiment, *evaluator);
    Saves saves;
    trainer.AddObserver(saves);
    trainer.Run(kNever);
    return Require<double>(saves.list.at(2).trainer, "last_evaluation", 1)[0];
  };
  EXPECT_EQ(last_evaluation_in_third("training.generations=3"),
            last_evaluation_in_third("training.generations=6"));
}

TEST(Trainer, WhatDivergesInSomeEpisodesSolvesNothing) {
  const Experiment experiment =
      MakeExperiment({"env.diverge_at=1.5", "training.stop_at_return=-1e9", "evaluation.every=1",
                      "evaluation.episodes=50"});
  const auto evaluator = MakeEvaluator(2);
  Trainer trainer(experiment, *evaluator);
  Records records;
  trainer.AddObserver(records);
  EXPECT_EQ(trainer.Run(kNever), TrainingEnd::kGenerations);
  const EpisodeSummary& evaluation = *records.list.front().evaluation;
  EXPECT_GT(evaluation.diverged, 0);
  EXPECT_GT(evaluation.episodes, 0);
  EXPECT_GT(evaluation.mean, -1e9);
}

TEST(Trainer, RecordsAddUp) {
  const Experiment experiment = MakeExperiment();
  const auto evaluator = MakeEvaluator(2);
  Trainer trainer(experiment, *evaluator);
  Records records;
  trainer.AddObserver(records);
  EXPECT_EQ(trainer.Run(kNever), TrainingEnd::kGenerations);
  ASSERT_EQ(records.list.size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    const GenerationRecord& record = records.list[i];
    EXPECT_EQ(record.generation, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(record.episodes, static_cast<std::int64_t>(i + 1) * 12);
    EXPECT_EQ(record.env_steps, static_cast<std::int64_t>(i + 1) * 12 * 20);
    EXPECT_EQ(record.evaluation.has_value(), i % 2 == 1);
    const TimeShares& t = record.time;
    EXPECT_NEAR(t.physics + t.render + t.policy + t.strategy + t.idle, 1, 1e-12);
    for (const double share : {t.physics, t.render, t.policy, t.strategy, t.idle}) {
      EXPECT_GE(share, 0);
    }
  }
}

// Plays one task after the other, and keeps the order and the lengths of the episodes.
class RecordingEvaluator : public Evaluator {
 public:
  struct Played {
    std::vector<int> order;
    std::vector<std::int64_t> lengths;  // of the task with this index
  };

  int slots() const override { return 1; }
  void Run(std::span<const int> order, const Task& task) override {
    Played& run = runs.emplace_back();
    run.order.assign(order.begin(), order.end());
    run.lengths.resize(order.size());
    for (const int index : order) {
      const std::int64_t before = fakes::FakeSteps();
      task(0, index);
      run.lengths[static_cast<std::size_t>(index)] = fakes::FakeSteps() - before;
    }
  }
  std::vector<Played> runs;
};

// Episodes that diverge are shorter than the others.
TEST(Trainer, CandidatesThatTookLongStartFirst) {
  const Experiment experiment =
      MakeExperiment({"env.diverge_at=0.5", "training.generations=2", "evaluation.every=0",
                      "training.common_random_numbers=none"});
  RecordingEvaluator evaluator;
  Trainer trainer(experiment, evaluator);
  trainer.Run(kNever);
  ASSERT_EQ(evaluator.runs.size(), 3u);  // two generations and the evaluation
  std::vector<int> order(12);
  std::iota(order.begin(), order.end(), 0);
  EXPECT_EQ(evaluator.runs[0].order, order);  // nothing is known yet
  const auto of_its_candidate = [&](int index) {
    const auto first = static_cast<std::size_t>(index) / 2 * 2;
    return evaluator.runs[0].lengths[first] + evaluator.runs[0].lengths[first + 1];
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return of_its_candidate(a) > of_its_candidate(b); });
  EXPECT_EQ(evaluator.runs[1].order, order);
  EXPECT_NE(evaluator.runs[1].order, evaluator.runs[0].order);
}

TEST(Trainer, WritingCandidatesIsTimeOfTheStrategy) {
  const Experiment experiment = MakeExperiment({"strategy.sleep=0.02", "training.generations=1"});
  const auto evaluator = MakeEvaluator(1);
  Trainer trainer(experiment, *evaluator);
  Records records;
  trainer.AddObserver(records);
  trainer.Run(kNever);
  EXPECT_GT(records.list.at(0).time.strategy, 0.5);
}

TEST(Trainer, StopsForEveryReason) {
  const auto end_of = [](const std::vector<std::string>& overrides, bool stop) {
    const Experiment experiment = MakeExperiment(overrides);
    const auto evaluator = MakeEvaluator(1);
    Trainer trainer(experiment, *evaluator);
    const std::atomic<bool> flag = stop;
    const TrainingEnd end = trainer.Run(flag);
    return std::pair(end, trainer.generation());
  };
  EXPECT_EQ(end_of({}, false), std::pair(TrainingEnd::kGenerations, std::int64_t{6}));
  EXPECT_EQ(end_of({"training.env_steps=241"}, false),
            std::pair(TrainingEnd::kEnvSteps, std::int64_t{2}));
  EXPECT_EQ(end_of({"training.stop_at_return=-1e9"}, false),
            std::pair(TrainingEnd::kSolved, std::int64_t{2}));
  EXPECT_EQ(end_of({}, true), std::pair(TrainingEnd::kInterrupted, std::int64_t{0}));
}

// A policy that does nothing: its returns depend on the starts of the episodes alone.
std::vector<GenerationRecord> TrainBlindly(const std::vector<std::string>& overrides) {
  std::vector<std::string> all = {"policy.bias=false", "observation.clip=1e-300",
                                  "training.generations=2", "training.episodes_per_candidate=1",
                                  "evaluation={every: 1, episodes: 1}"};
  all.insert(all.end(), overrides.begin(), overrides.end());
  const Experiment experiment = MakeExperiment(all);
  const auto evaluator = MakeEvaluator(1);
  Trainer trainer(experiment, *evaluator);
  Records records;
  trainer.AddObserver(records);
  trainer.Run(kNever);
  return records.list;
}

TEST(Trainer, CommonRandomNumbersGiveAllCandidatesTheSameStart) {
  EXPECT_EQ(TrainBlindly({"training.common_random_numbers=generation"})[0].population.std, 0);
  EXPECT_GT(TrainBlindly({"training.common_random_numbers=none"})[0].population.std, 0);
}

TEST(Trainer, CommonRandomNumbersOfAPairAreThoseOfItsTwoCandidates) {
  const auto spread = [](int population, const std::string& mirrored) {
    return TrainBlindly({"training.common_random_numbers=pair", "strategy.mirrored=" + mirrored,
                         "strategy.population=" + std::to_string(population)})[0]
        .population.std;
  };
  EXPECT_EQ(spread(2, "true"), 0);
  EXPECT_GT(spread(4, "true"), 0);
  EXPECT_THAT([&] { spread(2, "false"); },
              testing::ThrowsMessage<Error>(HasSubstr(
                  "training.common_random_numbers: fake-es has no mirrored pairs of candidates; "
                  "write none or generation, or have it make pairs")));
}

TEST(Trainer, StartsChangeBetweenGenerationsAndNeverMeetThoseOfEvaluation) {
  const auto records = TrainBlindly({});
  EXPECT_NE(records[0].population.mean, records[1].population.mean);
  EXPECT_EQ(records[0].evaluation->mean, records[1].evaluation->mean);
  EXPECT_NE(records[0].evaluation->mean, records[0].population.mean);
}

// Two candidates, the mean twice; keeps what it is told of them.
class Listening : public Strategy {
 public:
  explicit Listening(const StrategyContext& context) : Strategy(context), mean_(context.start) {}
  static inline std::vector<double> heard = {};

  std::string_view name() const override { return "listening"; }
  bool mirrored() const override { return false; }
  const Eigen::VectorXd& mean() const override { return mean_; }
  double sigma() const override { return 1; }

 private:
  int DoAsk() override { return 2; }
  void DoCandidate(int, Eigen::Ref<Eigen::VectorXd> out) const override { out = mean_; }
  void DoTell(const Eigen::VectorXd& fitness) override {
    heard.assign(fitness.data(), fitness.data() + fitness.size());
  }
  void DoSave(TensorMap&) const override {}
  void DoLoad(const TensorMap&) override {}

  Eigen::VectorXd mean_;
};

struct Silent : Listening {
  using Listening::Listening;
  double sigma() const override { throw std::runtime_error("no sigma"); }
};

// What a strategy hears of a generation.
template <class Kind>
std::vector<double> Heard(const std::string& shift) {
  Registry registry = TestRegistry();
  registry.strategies().Add<NoOptions>("listening", "listens",
                                       [](const NoOptions&, const StrategyContext& context) {
                                         return std::make_unique<Kind>(context);
                                       });
  config::Node root = config::ParseYaml(kConfig, "test.yaml");
  config::ApplyOverride(root, "strategy.name=listening");
  config::ApplyOverride(root, "training.generations=1");
  config::ApplyOverride(root, "training.reward_shift=" + shift);
  const Experiment experiment(registry, root);
  const auto evaluator = MakeEvaluator(1);
  Trainer trainer(experiment, *evaluator);
  trainer.Run(kNever);
  return Listening::heard;
}

TEST(Trainer, AStrategyThatThrowsIsNamed) {
  EXPECT_THAT([] { Heard<Silent>("0"); },
              testing::ThrowsMessage<Error>("strategy listening threw 'no sigma'"));
}

TEST(Trainer, TheShiftIsTakenOffEveryReward) {
  const std::vector<double> plain = Heard<Listening>("0");
  const std::vector<double> shifted = Heard<Listening>("0.5");
  ASSERT_EQ(shifted.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(shifted[i], plain[i] - 0.5 * 20, 1e-9);
}

TEST(Trainer, EpisodesOfTrainingAreCutAndThoseOfEvaluationAreWhole) {
  const auto records = TrainBlindly({"training.episode_steps=7"});
  EXPECT_EQ(records[0].population.mean_length, 7);
  EXPECT_EQ(records[0].env_steps, 6 * 7);
  EXPECT_EQ(records[0].evaluation->mean_length, 20);
  const auto whole = TrainBlindly({"training.episode_steps=21"});
  EXPECT_EQ(whole[0].population.mean_length, 20);
}

// Whether an event file has the pair of `tag` and `value` (simple_value, field 2, a float).
bool HoldsEvent(const std::string& bytes, const std::string& tag, double value) {
  const auto number = static_cast<float>(value);
  return bytes.find(tag + "\x15" + std::string(reinterpret_cast<const char*>(&number), 4)) !=
         std::string::npos;
}

TEST(EventObserver, WritesTheCurvesOfARun) {
  const testing_tools::TemporaryFolder folder;
  const Experiment experiment = MakeExperiment({"training.generations=2"});
  const auto evaluator = MakeEvaluator(1);
  Trainer trainer(experiment, *evaluator);
  Records records;
  trainer.AddObserver(records);
  {
    EventObserver events(folder.path());
    trainer.AddObserver(events);
    trainer.Run(kNever);
  }
  std::vector<std::filesystem::path> files(std::filesystem::directory_iterator(folder.path()), {});
  ASSERT_EQ(files.size(), 1u);
  EXPECT_THAT(files[0].filename().string(), HasSubstr("tfevents"));
  const std::string bytes = ReadFile(files[0]);
  const GenerationRecord& last = records.list.back();
  const std::pair<const char*, double> expected[] = {
      {"train/return_mean", last.population.mean},
      {"train/return_max", last.population.max},
      {"train/length_mean", 20},
      {"train/failed", 0},
      {"strategy/sigma", last.sigma},
      {"speed/env_steps_per_second", last.steps_per_second},
      {"progress/env_steps", 2 * 12 * 20},
      {"evaluation/return_mean", last.evaluation->mean},
  };
  for (const auto& [tag, value] : expected) EXPECT_TRUE(HoldsEvent(bytes, tag, value)) << tag;
}

TEST(Trainer, DivergedEpisodesAreDataNotErrors) {
  const Experiment experiment = MakeExperiment({"env.diverge_at=-1e9"});
  const auto evaluator = MakeEvaluator(2);
  Trainer trainer(experiment, *evaluator);
  Records records;
  trainer.AddObserver(records);
  trainer.Run(kNever);
  EXPECT_EQ(records.list.back().population.diverged, 12);
  EXPECT_EQ(records.list.back().population.episodes, 0);
}

TEST(Trainer, AnEnvironmentThatThrowsIsNamed) {
  const Experiment experiment = MakeExperiment({"env.fail_at=-1e9"});
  const auto evaluator = MakeEvaluator(2);
  Trainer trainer(experiment, *evaluator);
  try {
    trainer.Run(kNever);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "candidate 0, episode (seed 5, generation 0, index 0): environment fake-env threw "
                 "'the fake "
                 "fails as told'");
  }
}

TEST(Trainer, LoadRefusesAnotherArchitecture) {
  const Experiment linear = MakeExperiment();
  const Experiment mlp = MakeExperiment({"policy.name=mlp"});
  const auto evaluator = MakeEvaluator(1);
  const Trainer first(linear, *evaluator);
  Trainer second(mlp, *evaluator);
  try {
    second.Load(first.Save(), "file");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("file: holds the weights of another architecture\n"
                                        "  in the file: output/weight 3×3"));
  }
}

TEST(Trainer, ACheckpointThatCannotBeReadChangesNothing) {
  const Experiment experiment = MakeExperiment();
  const auto evaluator = MakeEvaluator(1);
  Trainer trainer(experiment, *evaluator);
  trainer.Run(kNever);
  Trainer fresh(experiment, *evaluator);
  const TensorMap before = fresh.Save().trainer;
  for (const char* part : {"m2", "episodes", "dimension"}) {
    Checkpoint damaged = trainer.Save();
    for (TensorMap* map : {&damaged.observation, &damaged.strategy, &damaged.trainer}) {
      map->erase(part);
    }
    EXPECT_THROW(fresh.Load(damaged, "file"), Error) << part;
    EXPECT_EQ(fresh.generation(), 0);
    EXPECT_EQ(Require<std::int64_t>(fresh.Save().trainer, "env_steps"),
              Require<std::int64_t>(before, "env_steps"));
    EXPECT_EQ(Require<double>(fresh.Save().observation, "count", 1)[0], 0);
  }
}

// Of a file whose checksum is right all the same.
TEST(Trainer, RefusesNumbersThatCannotBe) {
  const Experiment experiment = MakeExperiment();
  const auto evaluator = MakeEvaluator(1);
  Trainer trainer(experiment, *evaluator);
  const auto error_of = [&](const Checkpoint& checkpoint) -> std::string {
    try {
      trainer.Load(checkpoint, "file");
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  };
  Checkpoint checkpoint = trainer.Save();
  checkpoint.trainer["env_steps"] = Tensor::Scalar(std::numeric_limits<std::int64_t>::max());
  EXPECT_THAT(error_of(checkpoint), HasSubstr("9223372036854775807 steps in 0 episodes cannot be"));
  checkpoint = trainer.Save();
  checkpoint.trainer["episodes"] = Tensor::Scalar<std::int64_t>(-1);
  EXPECT_THAT(error_of(checkpoint), HasSubstr("0 steps in -1 episodes cannot be"));
  checkpoint = trainer.Save();
  std::vector<float> weights(9, 1);
  weights[4] = std::numeric_limits<float>::infinity();
  checkpoint.policy["output/weight"] = Tensor::From<float>(weights, {3, 3});
  EXPECT_EQ(error_of(checkpoint),
            "file: policy/output/weight holds a weight that is not finite; use an earlier "
            "checkpoint");
}

TEST(Checkpoint, WeightsAreRowMajorMatrices) {
  ParamLayout layout;
  layout.Add("a", 1, 1);
  layout.Add("b", 2, 3);
  const std::vector<double> weights = {9, 1, 2, 3, 4, 5, 6};  // b by columns
  Checkpoint checkpoint;
  checkpoint.layout = layout.ToString();
  checkpoint.policy = PackWeights(layout, weights);
  EXPECT_EQ(checkpoint.policy.at("b").shape(), (std::vector<std::int64_t>{2, 3}));
  EXPECT_THAT(checkpoint.policy.at("b").Values<float>(), testing::ElementsAre(1, 3, 5, 2, 4, 6));
  EXPECT_EQ(UnpackWeights(layout, checkpoint, "memory"), weights);
}

}  // namespace
}  // namespace saccade

#include "core/runtime/saved_policy.h"

#include <gtest/gtest.h>

#include "core/runtime/trainer.h"
#include "tests/testing/temporary_folder.h"
#include "tests/unit/core/runtime/fake_experiment.h"

namespace saccade {
namespace {

using Returns = std::vector<double>;

Returns ReturnsOf(const std::vector<EpisodeResult>& episodes) {
  Returns returns;
  for (const EpisodeResult& episode : episodes) returns.push_back(episode.total_reward);
  return returns;
}

// A trained trainer, and what it saves as a user plays it.
class SavedPolicyTest : public testing::Test {
 protected:
  SavedPolicyTest() { trainer_.Run(std::atomic<bool>(false)); }

  Returns Play(const Checkpoint& checkpoint) {
    SaveCheckpoint(folder_.path() / "policy.safetensors", checkpoint);
    const SavedPolicy saved(fakes::TestRegistry(), folder_.path() / "policy.safetensors", {});
    return ReturnsOf(saved.Evaluate(*evaluator_, 5, 9));
  }

  testing_tools::TemporaryFolder folder_;
  Experiment experiment_ = fakes::MakeExperiment();
  std::unique_ptr<Evaluator> evaluator_ = MakeEvaluator(1);
  Trainer trainer_{experiment_, *evaluator_};
};

// With the mean of the search distribution, and the statistics that training had at its end.
TEST_F(SavedPolicyTest, PlaysAsTheTrainerThatSavedIt) {
  EXPECT_EQ(Play(trainer_.Save()), ReturnsOf(trainer_.Evaluate(5, 9, Stream::kUserEpisode)));
}

// As when a run in training removes its checkpoint while a film of it is made.
TEST_F(SavedPolicyTest, ItsArtefactPlaysTheSameWhenTheFileHasGone) {
  const auto file = folder_.path() / "checkpoint.safetensors";
  const auto artefact = folder_.path() / "artefact.safetensors";
  SaveCheckpoint(file, trainer_.Save());
  const SavedPolicy saved(fakes::TestRegistry(), file, {});
  std::filesystem::remove(file);
  saved.SaveArtefact(artefact);
  EXPECT_FALSE(LoadCheckpoint(artefact).can_resume());
  const SavedPolicy again(fakes::TestRegistry(), artefact, {});
  EXPECT_EQ(ReturnsOf(again.Evaluate(*evaluator_, 5, 9)),
            ReturnsOf(saved.Evaluate(*evaluator_, 5, 9)));
}

// Not within a number of standard deviations that nobody knows.
TEST_F(SavedPolicyTest, SeesWhatIsNotNormalisedAsItIs) {
  const Experiment raw = fakes::MakeExperiment(
      {"observation={normalize: false, clip: 0.1}", "training.generations=1"});
  Trainer trainer(raw, *evaluator_);
  trainer.Run(std::atomic<bool>(false));
  const Checkpoint checkpoint = trainer.Save();
  EXPECT_EQ(Play(checkpoint), ReturnsOf(trainer.Evaluate(5, 9, Stream::kUserEpisode)));
  Checkpoint other = checkpoint;
  const std::size_t clip = other.config.find("clip: 0.1");
  ASSERT_NE(clip, std::string::npos);
  other.config.replace(clip, 9, "clip: 1e6");
  EXPECT_EQ(Play(other), Play(checkpoint));
}

TEST_F(SavedPolicyTest, NeedsNoStrategy) {
  Checkpoint checkpoint = trainer_.Save();
  const Returns before = Play(checkpoint);
  const std::size_t name = checkpoint.config.find("fake-es");
  ASSERT_NE(name, std::string::npos);
  checkpoint.config.replace(name, 7, "its-own");  // of a plug-in that is not loaded
  EXPECT_EQ(Play(checkpoint), before);
}

TEST_F(SavedPolicyTest, IsAnotherPolicyWithoutItsStatistics) {
  Checkpoint checkpoint = trainer_.Save();
  const Returns with = Play(checkpoint);
  checkpoint.observation = Moments(3).Save();
  EXPECT_NE(Play(checkpoint), with);
}

// Playing teaches nothing: neither the file nor the trainer knows more afterwards.
TEST_F(SavedPolicyTest, ItsStatisticsAreFrozen) {
  const Returns before = Play(trainer_.Save());
  trainer_.Evaluate(5, 9, Stream::kUserEpisode);
  EXPECT_EQ(Play(trainer_.Save()), before);
}

}  // namespace
}  // namespace saccade

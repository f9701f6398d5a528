#include "core/cli/playback.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace saccade::cli {
namespace {

// Steps of 0.1 s, each of which is rewarded with 2.
class Counter : public Env {
 public:
  explicit Counter(const EnvSpec& spec) : Env(spec) {}

 private:
  void DoReset(const EpisodeKey&, ObservationBuffer) override {}
  StepResult DoStep(std::span<const double>, ObservationBuffer) override { return {.reward = 2}; }
  void DoSaveState(std::vector<double>&) const override {}
  void DoLoadState(std::span<const double>, ObservationBuffer) override {}
};

class CountingActor : public Actor {
 public:
  CountingActor() {
    spec_.name = "counter";
    spec_.action_low = {-1};
    spec_.action_high = {1};
    spec_.control_step = 0.1;
    spec_.max_steps = 50;
    spec_.observation = {{"nothing", 1}};
  }
  std::string subject() const override { return "counter"; }
  bool stays() const override { return true; }
  void Keep(const std::filesystem::path&) const override {}
  Env& Start(const EpisodeKey& key) override {
    keys.push_back(key);
    env_ = std::make_unique<Counter>(spec_);
    env_->Reset(key, buffer_);
    return *env_;
  }
  StepResult Step() override {
    if (is_slow) std::this_thread::sleep_for(std::chrono::milliseconds(60));
    return env_->Step(action_, buffer_);
  }
  const ObservationBuffer& observation() const override { return buffer_; }
  std::span<const double> action() const override { return action_; }

  std::vector<EpisodeKey> keys;
  bool is_slow = false;

 private:
  EnvSpec spec_;
  std::unique_ptr<Counter> env_;
  std::vector<double> state_ = {0};
  ObservationBuffer buffer_{state_, {}};
  std::vector<double> action_ = {0};
};

class PlaybackTest : public testing::Test {
 protected:
  void Advance(double seconds) {
    playback_.Advance(seconds, [this] { ++before_; });
  }

  CountingActor actor_;
  Playback playback_{actor_, 7, 3};
  int before_ = 0;
};

TEST_F(PlaybackTest, KeepsToTheTimeOfTheWatcher) {
  Advance(0.35);
  EXPECT_EQ(playback_.steps(), 3);
  Advance(0.06);  // with what was left over
  EXPECT_EQ(playback_.steps(), 4);
  EXPECT_EQ(before_, 4);
  EXPECT_EQ(playback_.total_reward(), 8);
  playback_.Double();
  Advance(0.2);
  EXPECT_EQ(playback_.steps(), 8);
  playback_.Halve();
  playback_.Halve();
  EXPECT_EQ(playback_.speed(), 0.5);
  Advance(0.4);
  EXPECT_EQ(playback_.steps(), 10);
}

TEST_F(PlaybackTest, HasAFastestAndASlowestSpeed) {
  for (int i = 0; i < 20; ++i) playback_.Double();
  EXPECT_EQ(playback_.speed(), 64);
  for (int i = 0; i < 40; ++i) playback_.Halve();
  EXPECT_EQ(playback_.speed(), 1.0 / 64);
}

TEST_F(PlaybackTest, StandsStillWhilePaused) {
  playback_.Pause(true);
  Advance(10);
  EXPECT_EQ(playback_.steps(), 0);
  playback_.Pause(false);
  Advance(0.15);
  EXPECT_EQ(playback_.steps(), 1);  // the pause is not made up for
  playback_.StepOnce([this] { ++before_; });
  EXPECT_TRUE(playback_.paused());
  EXPECT_EQ(playback_.steps(), 2);
  EXPECT_EQ(before_, 2);
}

TEST_F(PlaybackTest, EndsWithTheEpisode) {
  Advance(100);
  EXPECT_EQ(playback_.steps(), 50);
  EXPECT_TRUE(playback_.ended());
  EXPECT_STREQ(playback_.ending(), "time limit");
  Advance(100);
  playback_.StepOnce([this] { ++before_; });
  EXPECT_EQ(playback_.steps(), 50);
  EXPECT_EQ(before_, 50);
  playback_.Restart();
  EXPECT_FALSE(playback_.ended());
  EXPECT_STREQ(playback_.ending(), "");
  EXPECT_EQ(playback_.steps(), 0);
  EXPECT_EQ(playback_.total_reward(), 0);
}

TEST_F(PlaybackTest, GoesFromSeedToSeed) {
  playback_.Restart();
  playback_.NextSeed();
  ASSERT_EQ(actor_.keys.size(), 3U);
  EXPECT_EQ(actor_.keys[0].seed, 7U);
  EXPECT_EQ(actor_.keys[0].index, 3U);
  EXPECT_EQ(actor_.keys[1].seed, 7U);
  EXPECT_EQ(actor_.keys[2].seed, 8U);
  EXPECT_EQ(actor_.keys[2].index, 3U);
}

// Steps of 60 ms are more than a picture may wait for.
TEST_F(PlaybackTest, DoesNotMakeUpForWhatIsSlow) {
  actor_.is_slow = true;
  Advance(1);
  EXPECT_EQ(playback_.steps(), 1);
  Advance(0.05);
  EXPECT_EQ(playback_.steps(), 1);
}

}  // namespace
}  // namespace saccade::cli

#include "envs/wrappers/action_repeat.h"

#include <gtest/gtest.h>

namespace saccade {
namespace {

// Counts its steps in the state and in its only pixel, and how often it drew that pixel.
class Counter : public Env {
 public:
  Counter(const EnvSpec& spec, int ends_at, int& draws)
      : Env(spec), ends_at_(ends_at), draws_(draws) {}

 private:
  void DoReset(const EpisodeKey&, ObservationBuffer out) override {
    count_ = 0;
    Observe(out);
  }
  StepResult DoStep(std::span<const double>, ObservationBuffer out) override {
    ++count_;
    Observe(out);
    return {.reward = 1, .terminated = count_ == ends_at_};
  }
  void DoSaveState(std::vector<double>& out) const override { out.push_back(count_); }
  void DoLoadState(std::span<const double> state, ObservationBuffer out) override {
    count_ = static_cast<int>(state[0]);
    Observe(out);
  }
  void Observe(ObservationBuffer out) {
    out.state[0] = count_;
    if (out.pixels.data == nullptr) return;
    *out.pixels.data = static_cast<std::uint8_t>(count_);
    ++draws_;
  }

  int ends_at_;
  int& draws_;
  int count_ = 0;
};

class CounterBlueprint : public EnvBlueprint {
 public:
  explicit CounterBlueprint(int ends_at) : ends_at_(ends_at) {
    spec_.name = "counter";
    spec_.observation = {{"count", 1}};
    spec_.pixels = PixelSpec{1, 1, 1};
    spec_.action_low = {-1};
    spec_.action_high = {1};
    spec_.max_steps = 10;
  }
  const EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<Env> MakeEnv() const override {
    return std::make_unique<Counter>(spec_, ends_at_, draws_);
  }
  int draws() const { return draws_; }

 private:
  EnvSpec spec_;
  int ends_at_;
  mutable int draws_ = 0;
};

struct Played {
  std::vector<int> pixels;  // after every step
  double total_reward = 0;
  int draws = 0;
  StepResult last;
};

Played Play(int repeat, int ends_at) {
  const auto inner = std::make_shared<CounterBlueprint>(ends_at);
  const auto blueprint = RepeatActions(inner, repeat);
  const auto env = blueprint->MakeEnv();
  ObservationStorage storage(blueprint->spec());
  Played played;
  env->Reset({}, storage.buffer());
  const double action[] = {0};
  while (!played.last.done()) {
    played.last = env->Step(action, storage.buffer());
    played.total_reward += played.last.reward;
    played.pixels.push_back(*storage.buffer().pixels.data);
    EXPECT_EQ(storage.state()[0], played.pixels.back());
  }
  played.draws = inner->draws();
  return played;
}

TEST(ActionRepeat, DrawsOncePerStepAndTheStateOfThatStep) {
  const Played played = Play(4, 1000);
  EXPECT_EQ(played.pixels, (std::vector<int>{4, 8, 10}));
  EXPECT_EQ(played.draws, 1 + 3);  // the reset's too
  EXPECT_EQ(played.total_reward, 10);
  EXPECT_TRUE(played.last.truncated);
}

TEST(ActionRepeat, AnEpisodeThatEndsWithinARowShowsWhereItEnded) {
  const Played played = Play(4, 6);
  EXPECT_EQ(played.pixels, (std::vector<int>{4, 6}));
  EXPECT_EQ(played.draws, 1 + 2);
  EXPECT_EQ(played.total_reward, 6);
  EXPECT_TRUE(played.last.terminated);
}

}  // namespace
}  // namespace saccade

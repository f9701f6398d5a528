#include "core/cli/playback.h"

#include "core/base/clock.h"
#include "core/runtime/saved_policy.h"

namespace saccade::cli {

Playback::Playback(Actor& actor, std::uint64_t seed, int episode)
    : actor_(actor), seed_(seed), episode_(episode) {
  Restart();
}

void Playback::Restart() {
  env_ = &actor_.Start(SavedPolicy::Episode(seed_, episode_));
  owed_ = 0;
  steps_ = 0;
  total_reward_ = 0;
  last_ = {};
}

void Playback::NextSeed() {
  ++seed_;
  Restart();
}

const char* Playback::ending() const {
  if (last_.diverged) return "diverged";
  if (last_.terminated) return "terminated";
  return last_.truncated ? "time limit" : "";
}

void Playback::Step(const std::function<void()>& before_step) {
  before_step();
  last_ = actor_.Step();
  total_reward_ += last_.reward;
  ++steps_;
}

void Playback::StepOnce(const std::function<void()>& before_step) {
  if (ended()) return;
  paused_ = true;
  Step(before_step);
}

void Playback::Advance(double seconds, const std::function<void()>& before_step) {
  constexpr double kLongest = 0.05;  // seconds in which nothing is drawn
  if (paused_ || ended()) return;
  owed_ += speed_ * seconds;
  const auto begin = Clock::now();
  while (owed_ >= SecondsPerStep(env_->spec()) && !ended()) {
    if (SecondsSince(begin) > kLongest) {
      owed_ = 0;
      return;
    }
    Step(before_step);
    owed_ -= SecondsPerStep(env_->spec());
  }
}

}  // namespace saccade::cli

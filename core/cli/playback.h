// An episode in the time of whoever watches: run, paused, step by step, slower and faster.
//
//   simulated seconds = speed · seconds of the watcher
//
// What cannot be simulated in time is not made up for: the episode is slower then.

#ifndef SACCADE_CORE_CLI_PLAYBACK_H_
#define SACCADE_CORE_CLI_PLAYBACK_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>

#include "core/cli/actor.h"

namespace saccade::cli {

class Playback {
 public:
  // Begins episode `episode` of `seed`, as eval and render count them.
  Playback(Actor& actor, std::uint64_t seed, int episode);

  // `before_step` is called before each of them.
  void Advance(double seconds, const std::function<void()>& before_step);
  // One step, and the playback is paused then. Nothing after the end of the episode.
  void StepOnce(const std::function<void()>& before_step);

  void Restart();
  void NextSeed();
  void Pause(bool paused) { paused_ = paused; }
  void Double() { speed_ = std::min(speed_ * 2, kFastest); }
  void Halve() { speed_ = std::max(speed_ / 2, 1 / kFastest); }

  Env& env() const { return *env_; }
  const ObservationBuffer& observation() const { return actor_.observation(); }
  std::span<const double> action() const { return actor_.action(); }
  bool paused() const { return paused_; }
  bool ended() const { return last_.done(); }
  double speed() const { return speed_; }
  std::uint64_t seed() const { return seed_; }
  int episode() const { return episode_; }

  // So far.
  int steps() const { return steps_; }
  double total_reward() const { return total_reward_; }
  // Of the last step.
  const StepResult& last() const { return last_; }
  // "time limit", "terminated" or "diverged"; empty until the episode has ended.
  const char* ending() const;

 private:
  static constexpr double kFastest = 64;

  void Step(const std::function<void()>& before_step);

  Actor& actor_;
  Env* env_ = nullptr;
  std::uint64_t seed_;
  int episode_;
  bool paused_ = false;
  double speed_ = 1;
  double owed_ = 0;  // simulated seconds
  int steps_ = 0;
  double total_reward_ = 0;
  StepResult last_;
};

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_PLAYBACK_H_

// Plays episodes of one environment and keeps what it sees, for the rules to compare.

#ifndef SACCADE_CORE_RUNTIME_CONTRACT_PLAYER_H_
#define SACCADE_CORE_RUNTIME_CONTRACT_PLAYER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/api/env.h"

namespace saccade::contract {

// Observation buffers between fences. Before each loan they are filled with a pattern that tells
// what was not written: numbers with one that no observation is, bytes with `poison`.
class LentObservation {
 public:
  LentObservation(const EnvSpec& spec, std::uint8_t poison);

  static bool IsUnwritten(double value);

  ObservationBuffer Lend();
  bool fences_stand() const;
  std::span<const double> state() const;
  std::span<const std::uint8_t> pixels() const;

 private:
  PixelSpec shape_;  // zeros without pixels
  std::uint8_t poison_;
  std::vector<double> state_;
  std::vector<std::uint8_t> pixels_;
};

// What an environment showed at one step; step 0 is the reset.
struct Moment {
  double reward = 0;
  bool terminated = false;
  bool truncated = false;
  bool diverged = false;
  std::vector<double> terms;
  std::vector<double> state;
  std::uint64_t pixels = 0;  // their hash

  bool done() const { return terminated || truncated; }
};

using Episode = std::vector<Moment>;

// Where two moments differ first, bit for bit: "observation 'speed'[0] is 1 and 2"; empty when they
// are the same.
std::string Difference(const EnvSpec& spec, const Moment& a, const Moment& b);

// The same for what is observed alone.
std::string ObservationDifference(const EnvSpec& spec, const Moment& a, const Moment& b);

// The number `index` of the state by its entry: "'speed'[0]".
std::string NameOfNumber(const EnvSpec& spec, std::size_t index);

class Player {
 public:
  Player(const EnvBlueprint& blueprint, std::uint64_t seed, std::uint8_t poison = 0);

  // Each of these throws Broken, naming the place, when the environment throws.
  const Moment& Reset(const EpisodeKey& key);
  const Moment& Step();  // with the random action of this place
  const Moment& Step(std::span<const double> action);
  const Moment& LoadState(std::span<const double> state);
  const Moment& SetState(const TensorMap& state);

  // Reset, then at most `steps` steps; `between` is called before each.
  Episode Play(const EpisodeKey& key, int steps, const std::function<void()>& between = {});
  // The same from where the environment is; moment 0 is the present one.
  Episode GoOn(int steps);

  // A random action within the bounds: a function of the seed, the episode and the step.
  std::span<const double> RandomAction();

  Env& env() { return *env_; }
  const Moment& moment() const { return moment_; }
  const LentObservation& lent() const { return lent_; }
  std::string Place() const;  // "episode 2, step 17"

 private:
  template <class Function>
  void Guard(Function function);
  void Look(const StepResult& result);

  std::uint64_t seed_;
  std::unique_ptr<Env> env_;
  LentObservation lent_;
  std::uint32_t episode_ = 0;
  std::vector<double> action_;
  Moment moment_;
};

}  // namespace saccade::contract

#endif  // SACCADE_CORE_RUNTIME_CONTRACT_PLAYER_H_

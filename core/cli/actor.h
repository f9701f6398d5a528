// Who acts in an episode that somebody watches.

#ifndef SACCADE_CORE_CLI_ACTOR_H_
#define SACCADE_CORE_CLI_ACTOR_H_

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/api/env.h"
#include "core/api/registry.h"

namespace saccade::cli {

class Actor {
 public:
  virtual ~Actor() = default;

  // What is played, and whether it will still be there when it is to be played again. Where not,
  // Keep saves it as a file.
  virtual std::string subject() const = 0;
  virtual bool stays() const = 0;
  virtual void Keep(const std::filesystem::path& file) const = 0;

  // Begins an episode.
  virtual Env& Start(const EpisodeKey& key) = 0;
  virtual StepResult Step() = 0;

  // What was observed last, and what was done last; before the first step NoAction.
  virtual const ObservationBuffer& observation() const = 0;
  virtual std::span<const double> action() const = 0;
};

// Of an environment's step; where it has no clock, 1/30.
inline double SecondsPerStep(const EnvSpec& spec) {
  return spec.control_step > 0 ? spec.control_step : 1.0 / 30;
}

// A trained policy: of a run or a checkpoint, in its own environment with `overrides` (env.key=value).
std::unique_ptr<Actor> MakePolicyActor(const Registry& registry, const std::string& run,
                                       const std::vector<std::string>& overrides);

// Nobody, in environment `env` with `overrides` (key=value): uniformly random actions, or none
// (NoAction).
enum class Untrained { kRandom, kNone };
std::unique_ptr<Actor> MakeUntrainedActor(const Registry& registry, const std::string& env,
                                          const std::vector<std::string>& overrides,
                                          Untrained untrained);

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_ACTOR_H_

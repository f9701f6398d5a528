// A run's immutable description, built once from its configuration and shared by every thread.

#ifndef SACCADE_CORE_RUNTIME_EXPERIMENT_H_
#define SACCADE_CORE_RUNTIME_EXPERIMENT_H_

#include <filesystem>
#include <memory>
#include <string>

#include "core/api/registry.h"
#include "core/runtime/action_map.h"
#include "core/runtime/run_config.h"

namespace saccade {

class Experiment {
 public:
  // What it is for: whoever only runs the policy needs no strategy, and the catalogue may lack it.
  enum class Use { kTraining, kPolicy };

  // Reads the whole configuration and builds everything that it names but the strategy. Throws
  // kInput with every problem of the file at once.
  Experiment(const Registry& registry, const config::Node& root, Use use = Use::kTraining);

  const RunConfig& config() const { return config_; }
  const EnvBlueprint& env() const { return *env_; }
  const Policy& policy() const { return *policy_; }
  const ActionMap& action_map() const { return action_map_; }

  // Of what the environment is made from (EnvBlueprint::digest), for checkpoints.
  std::string EnvironmentDigest() const;

  // A new strategy at its start, for training: the policy's initial weights. Throws kInput when it
  // refuses their number, or the training wants pairs that it does not make.
  std::unique_ptr<Strategy> MakeStrategy() const;

  // Episodes of a generation with so many candidates. Throws kInput when they are too many.
  int EpisodesOf(int candidates) const;

  // Throws kInput when MakeStrategy does, or a generation would have too many episodes.
  void RequireStrategyFits() const;

  // The fully resolved configuration: every option of every part, as YAML.
  std::string ResolvedYaml() const;

 private:
  struct Parts;
  explicit Experiment(Parts parts);
  std::unique_ptr<Strategy> StrategyFromTheStart() const;

  RunConfig config_;  // with env, policy and strategy in resolved form
  std::shared_ptr<const EnvBlueprint> env_;
  std::unique_ptr<Policy> policy_;
  std::unique_ptr<StrategyFactory> strategy_factory_;
  ActionMap action_map_;
  // Where training.episodes_per_candidate and training.common_random_numbers are written.
  config::Mark episodes_mark_;
  config::Mark pairs_mark_;
};

// Reads a configuration file and applies `overrides` (key=value) to it.
config::Node LoadRunConfig(const std::filesystem::path& path,
                           const std::vector<std::string>& overrides);

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_EXPERIMENT_H_

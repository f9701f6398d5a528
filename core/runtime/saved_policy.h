// A trained policy with everything that it needs to run: environment, weights, frozen statistics.

#ifndef SACCADE_CORE_RUNTIME_SAVED_POLICY_H_
#define SACCADE_CORE_RUNTIME_SAVED_POLICY_H_

#include <filesystem>
#include <string>
#include <vector>

#include "core/runtime/checkpoint.h"
#include "core/runtime/experiment.h"
#include "core/runtime/rollouts.h"

namespace saccade {

class SavedPolicy {
 public:
  // `run` is the folder of a run (its newest checkpoint is taken) or a checkpoint file. `overrides`
  // may change the environment only (env.key=value). Throws kInput when anything does not fit.
  SavedPolicy(const Registry& registry, const std::filesystem::path& run,
              const std::vector<std::string>& overrides);

  const std::filesystem::path& file() const { return file_; }
  const Experiment& experiment() const { return experiment_; }
  const std::vector<double>& weights() const { return weights_; }
  const ObservationFilter& filter() const { return filter_; }

  // Writes it as a file that is enough to play it, whatever becomes of the one it was read from.
  void SaveArtefact(const std::filesystem::path& path) const { SaveCheckpoint(path, artefact_); }

  // Episode `index` of seed `seed`, as eval and render count them.
  static EpisodeKey Episode(std::uint64_t seed, int index) {
    return {seed, Stream::kUserEpisode, 0, static_cast<std::uint32_t>(index)};
  }

  // Episodes 0 … episodes-1 of `seed`; the table does not depend on the evaluator.
  std::vector<EpisodeResult> Evaluate(Evaluator& evaluator, int episodes, std::uint64_t seed) const;

 private:
  struct Loaded {
    std::filesystem::path file;
    Checkpoint checkpoint;
  };
  static Loaded Load(const std::filesystem::path& file);

  SavedPolicy(const Registry& registry, Loaded loaded, const std::vector<std::string>& overrides);

  std::filesystem::path file_;
  Checkpoint artefact_;
  Experiment experiment_;
  std::vector<double> weights_;
  ObservationFilter filter_;
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_SAVED_POLICY_H_

#include "core/runtime/saved_policy.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/runtime/run_folder.h"

namespace saccade {
namespace {

config::Node ConfigOf(const Checkpoint& checkpoint, const std::filesystem::path& file,
                      const std::vector<std::string>& overrides) {
  config::Node root = config::ParseYaml(checkpoint.config, file.string() + " (its configuration)");
  for (const std::string& assignment : overrides) {
    if (!assignment.starts_with("env.")) {
      throw InputError(
          fmt::format("--set {}: only the environment of a trained policy may be changed; "
                      "write env.key=value",
                      assignment));
    }
    config::ApplyOverride(root, assignment);
  }
  return root;
}

ObservationFilter FilterOf(const Checkpoint& checkpoint, const Experiment& experiment,
                           const std::filesystem::path& file) {
  const int size = experiment.env().spec().state_size();
  const ObservationOptions& options = experiment.config().observation;
  ObservationFilter filter(size, options.limit());
  if (!options.normalize) return filter;
  try {
    Moments moments(size);
    moments.Load(checkpoint.observation);
    filter.Update(moments);
  } catch (const Error& error) {
    throw Error(error.kind(),
                fmt::format("{}: the observation statistics do not fit an environment that "
                            "observes {} numbers: {}",
                            file.string(), size, error.what()));
  }
  return filter;
}

}  // namespace

SavedPolicy::SavedPolicy(const Registry& registry, const std::filesystem::path& run,
                         const std::vector<std::string>& overrides)
    : SavedPolicy(registry, Load(FindCheckpoint(run)), overrides) {}

SavedPolicy::SavedPolicy(const Registry& registry, Loaded loaded,
                         const std::vector<std::string>& overrides)
    : file_(std::move(loaded.file)),
      artefact_(std::move(loaded.checkpoint)),
      experiment_(registry, ConfigOf(artefact_, file_, overrides), Experiment::Use::kPolicy),
      weights_(UnpackWeights(experiment_.policy().layout(), artefact_, file_.string())),
      filter_(FilterOf(artefact_, experiment_, file_)) {
  if (overrides.empty()) {  // else it may be meant
    WarnOfOtherEnvironment(artefact_, experiment_.env().spec().name,
                           experiment_.EnvironmentDigest(), file_.string());
  }
  artefact_.strategy.clear();
  artefact_.trainer.clear();
}

// The name is looked up once: a training run in the same folder writes newer ones all the time.
SavedPolicy::Loaded SavedPolicy::Load(const std::filesystem::path& file) {
  return {file, LoadCheckpoint(file)};
}

std::vector<EpisodeResult> SavedPolicy::Evaluate(Evaluator& evaluator, int episodes,
                                                 std::uint64_t seed) const {
  std::vector<EpisodeTask> tasks;
  for (int i = 0; i < episodes; ++i) tasks.push_back({0, Episode(seed, i), 0});
  std::vector<EpisodeResult> results(tasks.size());
  Rollouts rollouts(experiment_, evaluator);
  const auto weights = [&](int, std::span<double> out) {
    std::copy(weights_.begin(), weights_.end(), out.begin());
  };
  rollouts.Run(tasks, weights, filter_, results);
  return results;
}

}  // namespace saccade

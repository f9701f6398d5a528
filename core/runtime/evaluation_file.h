// evaluation.json: what `saccade eval RUN --json FILE` writes and `saccade report` reads.
//
// Thread safety: free functions without state.

#ifndef SACCADE_CORE_RUNTIME_EVALUATION_FILE_H_
#define SACCADE_CORE_RUNTIME_EVALUATION_FILE_H_

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/runtime/rollouts.h"

namespace saccade {

struct SavedEvaluation {
  std::string policy;  // the checkpoint
  std::string env;
  std::vector<std::string> overrides;  // of the environment: "env.time_limit=5"
  std::uint64_t seed = 0;
  EpisodeSummary summary;
  std::vector<double> returns;  // of the episodes; NaN where one diverged
  std::vector<int> lengths;     // in environment steps
};

SavedEvaluation MakeEvaluation(const std::filesystem::path& policy, const std::string& env,
                               const std::vector<std::string>& overrides, std::uint64_t seed,
                               std::span<const EpisodeResult> episodes);

std::string ToJson(const SavedEvaluation& evaluation);

// Throws kInput when the file is missing or is not what ToJson makes.
SavedEvaluation ReadEvaluation(const std::filesystem::path& path);

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_EVALUATION_FILE_H_

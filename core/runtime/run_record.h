// What a run left in its folder, read back for people.
//
// Thread safety: free functions without state. Determinism: depends on the files alone. Cost: every
// line of metrics.jsonl is parsed, about 5 µs each.

#ifndef SACCADE_CORE_RUNTIME_RUN_RECORD_H_
#define SACCADE_CORE_RUNTIME_RUN_RECORD_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/config/node.h"
#include "core/runtime/evaluation_file.h"
#include "core/runtime/generation_record.h"

namespace saccade {

struct RunRecord {
  std::string name;  // the folder, as it was given
  std::filesystem::path folder;
  config::Node config;                        // resolved
  std::vector<GenerationRecord> generations;  // empty when the run has just begun
  std::optional<SavedEvaluation> evaluation;
  std::optional<std::int64_t> weights;        // of the policy; known from the first checkpoint on
  std::string version;                        // of the Saccade that trained it; likewise
  std::vector<std::string> plugins;           // files, of the session that trained last
  std::optional<std::filesystem::path> film;  // the newest .mp4 or .gif of videos/

  // The value at a path such as "env.name", as it would be written in YAML; "" if there is none.
  std::string Option(const std::string& path) const;
};

// Throws kInput when `folder` is not that of a run, naming what to give, or when a file in it is
// damaged, naming file and line. Files that are not there yet are no error.
RunRecord ReadRun(const std::filesystem::path& folder);

// The same for several; a folder that is given twice is read once, and of runs that are the same,
// seed and all, the first is taken, with a warning. So is a run that has nothing on record.
std::vector<RunRecord> ReadRuns(const std::vector<std::string>& folders);

// Runs whose configurations differ in nothing but the seed.
struct RunGroup {
  std::string name;
  std::vector<const RunRecord*> runs;  // at least one

  const RunRecord& first() const { return *runs.front(); }
};

// In the order of their first runs. A group is named by the options that tell it from the others,
// as few as suffice; a single one by its environment. The runs must outlive the groups.
std::vector<RunGroup> GroupBySeed(const std::vector<RunRecord>& runs);

// The options in which the groups differ, beside the seed: a path, and the value in each group, ""
// where it does not exist.
struct OptionDifference {
  std::string path;
  std::vector<std::string> values;
};
std::vector<OptionDifference> DifferencesOf(const std::vector<RunGroup>& groups);

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_RUN_RECORD_H_

// metrics.jsonl: one JSON object per generation, always with the same keys in the same order.
//
//   generation env_steps episodes seconds steps_per_second candidates failed sigma
//   return_mean return_std return_min return_max length_mean            episodes of the generation
//   eval_episodes eval_failed eval_return_mean eval_return_se eval_return_min eval_return_max
//   eval_length_mean                                                    null without an evaluation
//   share_physics share_render share_policy share_strategy share_idle   fractions of slot time
//
// Numbers that do not exist (the mean of no episodes) are null.

#ifndef SACCADE_CORE_RUNTIME_METRICS_H_
#define SACCADE_CORE_RUNTIME_METRICS_H_

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/runtime/trainer.h"

namespace saccade {

std::string ToJsonLine(const GenerationRecord& record);  // with its newline

// All records of a file. Throws kInput naming the line that is no record; a last line without its
// newline is what a killed process was writing, and is left out.
std::vector<GenerationRecord> ReadMetrics(const std::filesystem::path& path);

// Removes the records after `generation`, which a resumed run is about to write again, and returns
// the seconds of the last one that stays, 0 without. Warns when records before it are missing;
// throws kInput when something else stands between them.
double TruncateMetrics(const std::filesystem::path& path, std::int64_t generation);

// Comes before the CheckpointWriter among the observers: a record is on disk before the checkpoint
// of its generation, so that resuming from that finds it.
class MetricsWriter : public Observer {
 public:
  // `seconds_before`: of the run's earlier sessions; the clock of a record counts on from there.
  MetricsWriter(const std::filesystem::path& path, double seconds_before)
      : file_(path), seconds_before_(seconds_before) {}
  void OnGeneration(const Trainer& trainer, const GenerationRecord& record) override;

  // Before a checkpoint that no generation announces: that of the end of a run.
  void Sync() { file_.Sync(); }

 private:
  AppendFile file_;
  double seconds_before_;
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_METRICS_H_

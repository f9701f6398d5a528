// Shows training to a person: a bar that is redrawn on a terminal, as wide as that is, and plain
// lines elsewhere.

#ifndef SACCADE_CORE_CLI_PROGRESS_H_
#define SACCADE_CORE_CLI_PROGRESS_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/cli/status_line.h"
#include "core/runtime/trainer.h"

namespace saccade::cli {

class Progress : public Observer {
 public:
  explicit Progress(const Trainer& trainer);

  void OnGeneration(const Trainer& trainer, const GenerationRecord& record) override;

  // After an episode, on any thread: `done` of the `total` that make the generation or its evaluation
  // are over. Is shown on a terminal, and only where a generation takes long.
  void OnEpisode(int done, int total);

 private:
  void PrintLine(bool anyway);
  double FractionDone(std::int64_t generation, std::int64_t env_steps) const;
  std::string GenerationField(std::int64_t generation) const;
  std::string Bar(const std::vector<std::string>& fields, int columns) const;
  std::vector<std::string> Fields(const GenerationRecord& record) const;

  TrainingOptions training_;
  double fraction_;                  // of the training, after the last generation
  double first_fraction_ = -1;       // after the first generation of this session
  std::vector<std::string> fields_;  // what is known of the last generation
  double evaluated_;                 // mean return of the last evaluation; NaN before
  Clock::time_point begin_{};        // of what is measured: the end of the first generation
  Clock::time_point last_generation_ = Clock::now();
  std::atomic<bool> shows_episodes_ = false;  // since the last generation
  Clock::time_point last_printed_{};
  StatusLine line_;
};

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_PROGRESS_H_

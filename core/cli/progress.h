// Shows training to a person: a bar that is redrawn on a terminal, as wide as that is, and plain
// lines elsewhere.

#ifndef SACCADE_CORE_CLI_PROGRESS_H_
#define SACCADE_CORE_CLI_PROGRESS_H_

#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/cli/status_line.h"
#include "core/runtime/trainer.h"

namespace saccade::cli {

class Progress : public Observer {
 public:
  explicit Progress(const TrainingOptions& training);

  void OnGeneration(const Trainer& trainer, const GenerationRecord& record) override;

 private:
  void PrintLine(const GenerationRecord& record, bool anyway);
  double FractionDone(const GenerationRecord& record) const;
  std::string Bar(const GenerationRecord& record, int columns) const;
  std::vector<std::string> Fields(const GenerationRecord& record) const;

  TrainingOptions training_;
  Clock::time_point begin_{};  // of what is measured: the end of the first generation
  Clock::time_point last_printed_{};
  StatusLine line_;
  double first_fraction_ = -1;  // of a resumed run
  double evaluated_;            // mean return of the last evaluation; NaN before
};

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_PROGRESS_H_

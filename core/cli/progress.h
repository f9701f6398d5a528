// Shows training to a person: a bar that is redrawn on a terminal, plain lines elsewhere.

#ifndef SACCADE_CORE_CLI_PROGRESS_H_
#define SACCADE_CORE_CLI_PROGRESS_H_

#include <cstdint>
#include <string>

#include "core/base/clock.h"
#include "core/runtime/trainer.h"

namespace saccade::cli {

class Progress : public Observer {
 public:
  // `terminal`: whether standard output is one.
  Progress(const TrainingOptions& training, bool terminal);

  void OnGeneration(const Trainer& trainer, const GenerationRecord& record) override;

  // Ends the line of the bar.
  void Finish();

 private:
  double FractionDone(const GenerationRecord& record) const;
  std::string Bar(const GenerationRecord& record) const;
  std::string Line(const GenerationRecord& record) const;

  TrainingOptions training_;
  bool terminal_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point last_line_{};
  double first_fraction_ = -1;  // of a resumed run
  double evaluated_;            // mean return of the last evaluation; NaN before
};

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_PROGRESS_H_

// The training loop: Ask, evaluate every candidate, Tell, tell the observers.
//
// Deterministic: the weights after g generations depend on the configuration and its seed only, not
// on the number of threads, on how often the mean is evaluated, or on where the run was interrupted
// and resumed. The trainer touches no file and prints nothing; observers do.

#ifndef SACCADE_CORE_RUNTIME_TRAINER_H_
#define SACCADE_CORE_RUNTIME_TRAINER_H_

#include <atomic>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/runtime/checkpoint.h"
#include "core/runtime/evaluator.h"
#include "core/runtime/experiment.h"
#include "core/runtime/generation_record.h"

namespace saccade {

class Trainer;

class Observer {
 public:
  virtual ~Observer() = default;

  // After every generation, in the order in which the observers were added.
  virtual void OnGeneration(const Trainer& trainer, const GenerationRecord& record) = 0;
};

enum class TrainingEnd {
  kGenerations,  // the budget of generations is used up
  kEnvSteps,     // the budget of environment steps is used up
  kSolved,       // an evaluation reached stop_at_return
  kInterrupted,  // somebody set the stop flag
};

class Trainer {
 public:
  Trainer(const Experiment& experiment, Evaluator& evaluator);

  // Observers are borrowed.
  void AddObserver(Observer& observer) { observers_.push_back(&observer); }

  // Trains until a budget is used up, the task is solved, or `stop` is set; a generation that has
  // begun is finished. Calling it again after the end does nothing but report the same end.
  TrainingEnd Run(const std::atomic<bool>& stop);

  // Why Run would return at once; nothing when there is something left to do.
  std::optional<TrainingEnd> End() const;

  // Evaluates the mean with frozen statistics on `episodes` episodes of stream `stream`.
  std::vector<EpisodeResult> Evaluate(int episodes, std::uint64_t seed, Stream stream);

  std::int64_t generation() const { return strategy_->generation(); }
  std::int64_t env_steps() const { return env_steps_; }
  const Experiment& experiment() const { return experiment_; }

  // Throws kInput when the search has left all bounds: what could not be read again is not written.
  Checkpoint Save() const;
  // Continues from `checkpoint`, read from `source`. Throws kInput when it does not fit.
  void Load(const Checkpoint& checkpoint, const std::string& source);

 private:
  GenerationRecord RunGeneration();
  double ExpectedLength(int candidate) const;
  std::vector<EpisodeTask> MakeTasks(int candidates) const;
  std::vector<double> Fitness(std::span<const EpisodeResult> episodes, int candidates) const;
  bool EvaluationIsDue() const;

  const Experiment& experiment_;
  Evaluator& evaluator_;
  std::unique_ptr<Strategy> strategy_;
  Rollouts rollouts_;
  std::string environment_;  // its digest
  Moments moments_;
  ObservationFilter filter_;
  std::vector<EpisodeResult> episodes_;  // of the last generation
  std::vector<Observer*> observers_;
  std::int64_t env_steps_ = 0;
  std::int64_t episode_count_ = 0;
  double seconds_ = 0;  // spent by this object: no part of what is learnt, so not saved
  double last_evaluation_ = std::numeric_limits<double>::quiet_NaN();  // its score
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_TRAINER_H_

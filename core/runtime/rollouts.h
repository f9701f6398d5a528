// Runs the episodes of a whole population on the slots of an evaluator.

#ifndef SACCADE_CORE_RUNTIME_ROLLOUTS_H_
#define SACCADE_CORE_RUNTIME_ROLLOUTS_H_

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/runtime/evaluator.h"
#include "core/runtime/worker.h"

namespace saccade {

struct EpisodeTask {
  int candidate = 0;
  EpisodeKey key;
  double expected_length = 0;  // steps; only decides the order in which tasks start
  int max_steps = kWholeEpisode;
};

// What a table of episodes says about one policy or one population.
struct EpisodeSummary {
  int episodes = 0;  // that did not diverge; the statistics are over these
  int diverged = 0;
  double mean = 0;            // of the return
  double standard_error = 0;  // of the mean; NaN with fewer than two episodes, as std
  double std = 0;             // of the return, n - 1
  double min = 0;
  double max = 0;
  double mean_length = 0;  // steps

  // What policies are compared by: the mean, or NaN where an episode diverged, which is worse than
  // any return.
  double score() const;
};

EpisodeSummary Summarize(std::span<const EpisodeResult> episodes);

class Rollouts {
 public:
  // Writes the weights of candidate `index`; called from any thread.
  using Candidates = std::function<void(int index, std::span<double> weights)>;

  // One worker per slot, made here, so that nothing is allocated later.
  Rollouts(const Experiment& experiment, Evaluator& evaluator);

  // Fills results[i] with the outcome of tasks[i], and returns the seconds until the last one was
  // there. An environment that throws stops the run with an error that names candidate and episode.
  double Run(std::span<const EpisodeTask> tasks, const Candidates& candidates,
             const ObservationFilter& filter, std::span<EpisodeResult> results);

  // The same, and then adds the states that were observed to `moments`, in the order of the tasks.
  double RunAndObserve(std::span<const EpisodeTask> tasks, const Candidates& candidates,
                       const ObservationFilter& filter, std::span<EpisodeResult> results,
                       Moments& moments);

 private:
  struct Slot {
    explicit Slot(const Experiment& experiment);
    Worker worker;
    std::vector<double> weights;
    int bound = -1;  // candidate whose weights the worker holds
  };

  void TakeOver(Slot& slot, int candidate, const Candidates& candidates);
  void RunTask(Slot& slot, const EpisodeTask& task, const Candidates& candidates,
               const ObservationFilter& filter, EpisodeResult& result, Moments* moments);
  double RunAll(std::span<const EpisodeTask> tasks, const Candidates& candidates,
                const ObservationFilter& filter, std::span<EpisodeResult> results,
                std::span<Moments> moments);

  Evaluator& evaluator_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<Moments> moments_;  // one per task
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_ROLLOUTS_H_

// Tells somebody about every task of another evaluator.

#ifndef SACCADE_CORE_CLI_WATCHED_EVALUATOR_H_
#define SACCADE_CORE_CLI_WATCHED_EVALUATOR_H_

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <utility>

#include "core/runtime/evaluator.h"

namespace saccade::cli {

class WatchedEvaluator : public Evaluator {
 public:
  // Called on any thread after a task, with how many of this Run's `total` are done; what it throws
  // comes out of Run, and no further task starts.
  using Watcher = std::function<void(int done, int total)>;

  explicit WatchedEvaluator(int threads);

  // From the next Run on; {}: nobody.
  void Watch(Watcher watcher) { watcher_ = std::move(watcher); }

  int slots() const override { return evaluator_->slots(); }
  void Run(std::span<const int> order, const Task& task) override;

  // How many tasks of the last Run are done.
  int done() const { return done_; }

 private:
  std::unique_ptr<Evaluator> evaluator_;
  Watcher watcher_;
  std::atomic<int> done_ = 0;
};

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_WATCHED_EVALUATOR_H_

#include "core/cli/watched_evaluator.h"

namespace saccade::cli {

WatchedEvaluator::WatchedEvaluator(int threads) : evaluator_(MakeEvaluator(threads)) {}

void WatchedEvaluator::Run(std::span<const int> order, const Task& task) {
  done_ = 0;
  evaluator_->Run(order, [&](int slot, int index) {
    task(slot, index);
    const int done = ++done_;
    if (watcher_) watcher_(done, static_cast<int>(order.size()));
  });
}

}  // namespace saccade::cli

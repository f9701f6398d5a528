#include "core/cli/watched_evaluator.h"

namespace saccade::cli {

WatchedEvaluator::WatchedEvaluator(int threads) : evaluator_(MakeEvaluator(threads)) {}

void WatchedEvaluator::Run(std::span<const int> order, const Task& task) {
  done_ = 0;
  evaluator_->Run(order, [&](int slot, int index) {
    if (watcher_) watcher_(done_, static_cast<int>(order.size()));
    task(slot, index);
    ++done_;
  });
}

}  // namespace saccade::cli

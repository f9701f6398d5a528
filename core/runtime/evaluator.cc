#include "core/runtime/evaluator.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <new>
#include <numeric>

#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include "core/base/error.h"
#include "core/base/threads.h"

namespace saccade {
namespace {

class SerialEvaluator : public Evaluator {
 public:
  int slots() const override { return 1; }
  void Run(std::span<const int> order, const Task& task) override {
    for (const int index : order) task(0, index);
  }
};

// Remembers the exception of the lowest task.
class FirstFailure {
 public:
  bool any() const { return failed_.load(std::memory_order_relaxed); }

  void Catch(int task) {
    const std::scoped_lock lock(mutex_);
    if (task < task_) {
      task_ = task;
      exception_ = std::current_exception();
    }
    failed_ = true;
  }

  void Rethrow() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  int task_ = std::numeric_limits<int>::max();
  std::exception_ptr exception_;
};

// TBB orders what one thread hands to another, but its library is not instrumented, so
// ThreadSanitizer has to be told: what was written before HandOver(x) is seen after TakeOver(x).
// What a task captures is read before it can be told.
#ifdef __SANITIZE_THREAD__
void HandOver(void* x) { __tsan_release(x); }
void TakeOver(void* x) { __tsan_acquire(x); }
#define SACCADE_UNINSTRUMENTED __attribute__((no_sanitize("thread")))
#else
void HandOver(void*) {}
void TakeOver(void*) {}
#define SACCADE_UNINSTRUMENTED
#endif

// Waits in its destructor until TBB's workers have ended, unless others in the process use TBB then:
// what libraries keep of a thread, such as OpenGL's, should be gone before the process ends.
class WorkersEnd {
 public:
  WorkersEnd() = default;
  ~WorkersEnd() { tbb::finalize(handle_, std::nothrow); }
  WorkersEnd(const WorkersEnd&) = delete;
  WorkersEnd& operator=(const WorkersEnd&) = delete;

 private:
  tbb::task_scheduler_handle handle_{tbb::attach{}};
};

class ParallelEvaluator : public Evaluator {
 public:
  explicit ParallelEvaluator(int threads)
      : threads_(threads),
        limit_(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads)),
        arena_(threads) {}

  int slots() const override { return threads_; }

  void Run(std::span<const int> order, const Task& task) override {
    std::atomic<std::size_t> next = 0;
    FirstFailure failure;
    const auto drain = [&](int slot) {
      while (!failure.any()) {
        const std::size_t position = next.fetch_add(1, std::memory_order_relaxed);
        if (position >= order.size()) return;
        try {
          task(slot, order[position]);
        } catch (...) {
          failure.Catch(order[position]);
        }
      }
    };
    // One long-lived TBB task per slot. If TBB has fewer threads than slots, the slots that start
    // late find nothing left to do.
    arena_.execute([&] {
      tbb::task_group group;
      HandOver(this);
      for (int slot = 1; slot < threads_; ++slot) {
        group.run([this, &drain, slot]() SACCADE_UNINSTRUMENTED {
          TakeOver(this);
          drain(slot);
          HandOver(this);
        });
      }
      drain(0);
      group.wait();
      TakeOver(this);
    });
    failure.Rethrow();
  }

 private:
  WorkersEnd workers_end_;  // last of all
  int threads_;
  tbb::global_control limit_;
  tbb::task_arena arena_;
};

}  // namespace

std::unique_ptr<Evaluator> MakeSerialEvaluator() { return std::make_unique<SerialEvaluator>(); }

std::unique_ptr<Evaluator> MakeParallelEvaluator(int threads) {
  SACCADE_CHECK(threads >= 1);
  RequireThreads(threads - 1);  // the caller is one of them
  return std::make_unique<ParallelEvaluator>(threads);
}

std::unique_ptr<Evaluator> MakeEvaluator(int threads) {
  return threads == 1 ? MakeSerialEvaluator() : MakeParallelEvaluator(threads);
}

int DefaultThreads() { return tbb::info::default_concurrency(); }

std::vector<int> LongestFirst(std::span<const double> expected_lengths) {
  std::vector<int> order(expected_lengths.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return expected_lengths[static_cast<std::size_t>(a)] >
           expected_lengths[static_cast<std::size_t>(b)];
  });
  return order;
}

}  // namespace saccade

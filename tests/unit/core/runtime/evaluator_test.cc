#include "core/runtime/evaluator.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace saccade {
namespace {

using testing::ElementsAre;

std::vector<int> Count(int n) {
  std::vector<int> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  return order;
}

// Where so many threads wait for each other.
class Meeting {
 public:
  explicit Meeting(int count) : missing_(count) {}

  // Whether all came, within 20 seconds.
  bool Attend() {
    std::unique_lock lock(mutex_);
    --missing_;
    arrival_.notify_all();
    return arrival_.wait_for(lock, std::chrono::seconds(20), [&] { return missing_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrival_;
  int missing_;
};

class EvaluatorTest : public testing::TestWithParam<int> {
 protected:
  std::unique_ptr<Evaluator> evaluator_ = MakeEvaluator(GetParam());
};

TEST_P(EvaluatorTest, RunsEveryTaskOnce) {
  std::vector<std::atomic<int>> runs(1000);
  evaluator_->Run(Count(1000), [&](int, int task) { ++runs[static_cast<std::size_t>(task)]; });
  for (const auto& count : runs) EXPECT_EQ(count, 1);
}

TEST_P(EvaluatorTest, NeverRunsTwoTasksOnOneSlot) {
  std::vector<std::atomic<int>> busy(static_cast<std::size_t>(evaluator_->slots()));
  std::atomic<bool> collision = false;
  evaluator_->Run(Count(500), [&](int slot, int task) {
    ASSERT_LT(slot, evaluator_->slots());
    if (busy[static_cast<std::size_t>(slot)]++ != 0) collision = true;
    volatile double work = task;
    for (int i = 0; i < 2000; ++i) work = std::sqrt(work + i);
    --busy[static_cast<std::size_t>(slot)];
  });
  EXPECT_FALSE(collision);
}

TEST_P(EvaluatorTest, FillsTheTableOfTheSerialEvaluator) {
  const auto table = [](Evaluator& evaluator) {
    std::vector<double> cells(200);
    evaluator.Run(Count(200), [&](int, int task) {
      double x = task;
      for (int i = 0; i < 100; ++i) x = std::sin(x) + task;
      cells[static_cast<std::size_t>(task)] = x;
    });
    return cells;
  };
  EXPECT_EQ(table(*evaluator_), table(*MakeSerialEvaluator()));
}

// Every task waits for all of them, which only as many threads as slots can satisfy, on however few
// cores.
TEST_P(EvaluatorTest, RunsAsManyThreadsAsSlots) {
  const int slots = evaluator_->slots();
  ASSERT_EQ(slots, GetParam());
  Meeting meeting(slots);
  std::atomic<int> met = 0;
  evaluator_->Run(Count(slots), [&](int, int) { met += meeting.Attend() ? 1 : 0; });
  EXPECT_EQ(met, slots);
}

TEST_P(EvaluatorTest, RethrowsAndStaysUsable) {
  std::atomic<int> started = 0;
  const auto failing = [&](int, int task) {
    ++started;
    if (task == 3) throw std::runtime_error("three");
    std::this_thread::sleep_for(std::chrono::microseconds(20));  // lets the failure be noticed
  };
  try {
    evaluator_->Run(Count(100'000), failing);
    FAIL() << "no exception";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "three");
  }
  EXPECT_LT(started, 100'000);  // the rest was not started
  started = 0;
  evaluator_->Run(Count(3), failing);
  EXPECT_EQ(started, 3);
}

TEST_P(EvaluatorTest, OfSeveralFailuresTheLowestTaskWins) {
  // Every task waits until all slots have one, so that all of the first tasks fail together.
  Meeting meeting(evaluator_->slots());
  try {
    evaluator_->Run(Count(evaluator_->slots()), [&](int, int task) {
      meeting.Attend();
      throw task;
    });
    FAIL() << "no exception";
  } catch (int task) {
    EXPECT_EQ(task, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, EvaluatorTest, testing::Values(1, 2, 3, 7, 16));

TEST(LongestFirst, SortsByLengthAndKeepsTies) {
  EXPECT_THAT(LongestFirst(std::vector<double>{1, 5, 3, 5, 1}), ElementsAre(1, 3, 2, 0, 4));
  EXPECT_THAT(LongestFirst(std::vector<double>{}), ElementsAre());
}

}  // namespace
}  // namespace saccade

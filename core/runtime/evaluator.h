// Runs independent tasks on worker slots.
//
// A slot is an index into workspaces that the caller allocated: at any moment at most one task runs
// on a slot. A task writes only its own cell of a pre-sized table, so results cannot depend on
// which slot ran it or when: SerialEvaluator is the specification, and every other evaluator gives
// the same table bit for bit.
//
// When tasks throw, the others that are already running finish, no new one starts, and Run rethrows
// the exception of the lowest task among those that threw.

#ifndef SACCADE_CORE_RUNTIME_EVALUATOR_H_
#define SACCADE_CORE_RUNTIME_EVALUATOR_H_

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace saccade {

class Evaluator {
 public:
  using Task = std::function<void(int slot, int task)>;

  virtual ~Evaluator() = default;

  virtual int slots() const = 0;

  // Runs task order[0], order[1], …, each once, starting them in this order.
  virtual void Run(std::span<const int> order, const Task& task) = 0;
};

std::unique_ptr<Evaluator> MakeSerialEvaluator();

// `threads` >= 1 slots on oneTBB threads, the caller's among them. May exceed the number of cores.
// To be destroyed outside of TBB's work, because it waits for TBB's workers to end.
std::unique_ptr<Evaluator> MakeParallelEvaluator(int threads);

// The right one of the two for `threads`.
std::unique_ptr<Evaluator> MakeEvaluator(int threads);

// The number of hardware threads that this process may use.
int DefaultThreads();

// Task indices with the longest expected one first (longest processing time rule), ties by index:
// the last tasks to start are then short, and no slot waits long for another.
std::vector<int> LongestFirst(std::span<const double> expected_lengths);

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_EVALUATOR_H_

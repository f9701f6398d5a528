// Counts the heap allocations of the calling thread, by whoever makes them: operator new, malloc,
// Eigen's aligned memory, MuJoCo.
//
//   AllocationCounter counter;
//   runner.Act(observation, action);
//   counter.count();  // 0
//
// A program that links saccade_allocation_counter has glibc's malloc and all its relatives replaced
// by functions that count and then call glibc's. The whole family is replaced, free included: the
// symbols of a program come before those of an LD_PRELOADed library, and one allocator must not
// free what another one gave. Such a program therefore always runs on glibc's allocator. Under a
// sanitizer, which has taken that place already, the sanitizer's hook is counted instead.
//
// Cost: one increment of a thread-local number per allocation; nothing where nobody allocates.

#ifndef SACCADE_CORE_RUNTIME_ALLOCATION_COUNTER_H_
#define SACCADE_CORE_RUNTIME_ALLOCATION_COUNTER_H_

namespace saccade {

class AllocationCounter {
 public:
  AllocationCounter();

  // Allocations of this thread since construction.
  long count() const;

 private:
  long start_;
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_ALLOCATION_COUNTER_H_

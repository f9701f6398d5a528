// Counts the heap allocations of the calling thread, by whoever makes them: operator new, malloc,
// Eigen's aligned memory, MuJoCo.
//
//   AllocationCounter counter;
//   runner.Act(observation, action);
//   EXPECT_EQ(counter.count(), 0);
//
// For test executables that link saccade_allocation_counter: it takes the place of glibc's malloc
// and its relatives (of which all others are made) in the whole process. Under a sanitizer, which
// has taken that place already, it listens to the sanitizer's hook.

#ifndef SACCADE_TESTS_TESTING_ALLOCATION_COUNTER_H_
#define SACCADE_TESTS_TESTING_ALLOCATION_COUNTER_H_

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

#endif  // SACCADE_TESTS_TESTING_ALLOCATION_COUNTER_H_

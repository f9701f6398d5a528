#include "tests/testing/allocation_counter.h"

#include <cstdlib>
#include <memory>

#include <Eigen/Core>
#include <gtest/gtest.h>

namespace saccade {
namespace {

TEST(AllocationCounter, SeesEveryKindOfAllocation) {
  AllocationCounter counter;
  auto by_new = std::make_unique<int>(1);
  EXPECT_EQ(counter.count(), 1);
  Eigen::VectorXf by_eigen(100);
  EXPECT_EQ(counter.count(), 2);
  void* volatile by_malloc = std::malloc(10);
  EXPECT_EQ(counter.count(), 3);
  std::free(by_malloc);
  EXPECT_EQ(counter.count(), 3);
}

}  // namespace
}  // namespace saccade

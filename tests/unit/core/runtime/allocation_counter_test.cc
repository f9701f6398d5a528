#include "core/runtime/allocation_counter.h"

#include <malloc.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <thread>

#include <Eigen/Core>
#include <gtest/gtest.h>

namespace saccade {
namespace {

TEST(AllocationCounter, SeesWhoeverAllocates) {
  AllocationCounter counter;
  // Clang leaves an allocation out that nobody could see.
  int* volatile by_new = new int(1);
  EXPECT_EQ(counter.count(), 1);
  Eigen::VectorXf by_eigen(100);
  [[maybe_unused]] float* volatile seen = by_eigen.data();
  EXPECT_EQ(counter.count(), 2);
  char* volatile by_libc = strdup("text");
  EXPECT_EQ(counter.count(), 3);
  std::free(by_libc);
  delete by_new;
  EXPECT_EQ(counter.count(), 3);
}

// Every member of the family gives a block that is aligned, writable, measurable and freeable.
TEST(AllocationCounter, CountsAndServesTheWholeFamily) {
#if defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the hook of this sanitizer does not see aligned blocks";
#endif
  constexpr std::size_t kSize = 1000;
  const auto by_posix = [] {
    void* block = nullptr;
    EXPECT_EQ(posix_memalign(&block, 256, kSize), 0);
    return block;
  };
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  struct Member {
    const char* name;
    std::function<void*()> allocate;
    std::uintptr_t alignment;
  };
  const Member members[] = {
      {"malloc", [] { return std::malloc(kSize); }, alignof(std::max_align_t)},
      {"calloc", [] { return std::calloc(kSize, 1); }, alignof(std::max_align_t)},
      {"realloc", [] { return std::realloc(nullptr, kSize); }, alignof(std::max_align_t)},
      {"memalign", [] { return memalign(512, kSize); }, 512},
      {"aligned_alloc", [] { return std::aligned_alloc(128, 1024); }, 128},
      {"posix_memalign", by_posix, 256},
      {"valloc", [] { return valloc(kSize); }, page},
      {"pvalloc", [] { return pvalloc(kSize); }, page},
  };
  for (const Member& member : members) {
    const AllocationCounter counter;
    void* block = member.allocate();
    EXPECT_EQ(counter.count(), 1) << member.name;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % member.alignment, 0u) << member.name;
    EXPECT_GE(malloc_usable_size(block), kSize) << member.name;
    std::memset(block, 1, kSize);
    std::free(block);
  }
}

TEST(AllocationCounter, ReallocKeepsTheContent) {
  auto* block = static_cast<char*>(std::malloc(4));
  std::memcpy(block, "abc", 4);
  const AllocationCounter counter;
  block = static_cast<char*>(std::realloc(block, 1 << 20));
  EXPECT_EQ(counter.count(), 1);
  EXPECT_STREQ(block, "abc");
  std::free(block);
}

TEST(AllocationCounter, PosixMemalignRefusesBadAlignments) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the sanitizer has the allocator, and ends the program instead";
#endif
  void* const before = &errno;
  for (const std::size_t alignment : {0ul, 4ul, 24ul}) {
    void* block = before;
    errno = 0;
    volatile std::size_t hidden = alignment;  // from the compiler, which would warn
    EXPECT_EQ(posix_memalign(&block, hidden, 8), EINVAL) << alignment;
    EXPECT_EQ(block, before);
    EXPECT_EQ(errno, 0);
  }
}

TEST(AllocationCounter, CountsItsOwnThreadOnly) {
  AllocationCounter here;
  long there = 0;
  std::thread other([&] {
    const AllocationCounter counter;
    for (int i = 0; i < 100; ++i) {
      void* volatile block = std::malloc(64);  // the compiler would leave an unused one out
      std::free(block);
    }
    there = counter.count();
  });
  other.join();
  EXPECT_EQ(there, 100);
  EXPECT_LT(here.count(), 10);  // what starting a thread takes
}

}  // namespace
}  // namespace saccade

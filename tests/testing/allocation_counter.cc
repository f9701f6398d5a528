#include "tests/testing/allocation_counter.h"

#include <cerrno>
#include <cstddef>
#include <cstdlib>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SACCADE_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SACCADE_SANITIZED
#endif

namespace {

thread_local long allocations = 0;

}  // namespace

#ifdef SACCADE_SANITIZED

// The sanitizer's allocator calls this after every allocation.
extern "C" void __sanitizer_malloc_hook(const volatile void*, std::size_t) { ++allocations; }

#else

// glibc's own entry points, which it exports for those who replace malloc. Its free stays in place.
extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}

void* realloc(void* block, std::size_t size) {
  ++allocations;
  return __libc_realloc(block, size);
}

void* memalign(std::size_t alignment, std::size_t size) {
  ++allocations;
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }

int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
  *block = memalign(alignment, size);
  return *block == nullptr ? ENOMEM : 0;
}

}  // extern "C"

#endif

namespace saccade {

AllocationCounter::AllocationCounter() : start_(allocations) {}

long AllocationCounter::count() const { return allocations - start_; }

}  // namespace saccade

#include "core/runtime/allocation_counter.h"

#include <dlfcn.h>

#include <bit>
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

// Reached without __tls_get_addr, which may allocate.
__attribute__((tls_model("initial-exec"))) thread_local long allocations = 0;

}  // namespace

#ifdef SACCADE_SANITIZED

// The sanitizer's allocator calls this after every allocation.
extern "C" void __sanitizer_malloc_hook(const volatile void*, std::size_t) { ++allocations; }

#else

// The family that glibc's manual lists under "Replacing malloc", by the entry points that glibc
// exports for those who replace it.
extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void* __libc_valloc(std::size_t size);
void* __libc_pvalloc(std::size_t size);
void __libc_free(void* block);
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

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

void* valloc(std::size_t size) {
  ++allocations;
  return __libc_valloc(size);
}

void* pvalloc(std::size_t size) {
  ++allocations;
  return __libc_pvalloc(size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }

// As POSIX has it: the reason is returned, and neither errno nor the block changes on failure.
int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
  if (!std::has_single_bit(alignment) || alignment % sizeof(void*) != 0) return EINVAL;
  const int saved_errno = errno;
  void* found = memalign(alignment, size);
  errno = saved_errno;
  if (found == nullptr) return ENOMEM;
  *block = found;
  return 0;
}

void free(void* block) { __libc_free(block); }

// The one function of the family without an entry point of that kind.
std::size_t malloc_usable_size(void* block) {
  using Function = std::size_t (*)(void*);
  static const auto real = reinterpret_cast<Function>(
      dlsym(dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD), "malloc_usable_size"));
  return real(block);
}

}  // extern "C"

#endif

namespace saccade {

AllocationCounter::AllocationCounter() : start_(allocations) {}

long AllocationCounter::count() const { return allocations - start_; }

}  // namespace saccade

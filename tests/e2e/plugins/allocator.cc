// An allocator for LD_PRELOAD that gives memory from one block and never takes any back. It ends
// the process when it is asked to free or measure what another allocator gave.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace {

alignas(4096) char memory[std::size_t{1} << 28];
std::size_t used = 0;

void* Take(std::size_t alignment, std::size_t size) {
  constexpr std::size_t kHeader = 16;  // the size stands before the block
  const std::size_t step = alignment < kHeader ? kHeader : alignment;
  for (;;) {
    std::size_t begin = __atomic_load_n(&used, __ATOMIC_RELAXED);
    const std::size_t block = (begin + kHeader + step - 1) / step * step;
    if (block + size > sizeof(memory)) return nullptr;
    if (!__atomic_compare_exchange_n(&used, &begin, block + size, false, __ATOMIC_RELAXED,
                                     __ATOMIC_RELAXED)) {
      continue;
    }
    std::memcpy(memory + block - kHeader, &size, sizeof(size));
    return memory + block;
  }
}

std::size_t SizeOf(void* block) {
  const char* bytes = static_cast<char*>(block);
  if (bytes < memory || bytes >= memory + sizeof(memory)) std::abort();
  std::size_t size = 0;
  std::memcpy(&size, bytes - 16, sizeof(size));
  return size;
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) { return Take(16, size); }
void* calloc(std::size_t count, std::size_t size) { return Take(16, count * size); }
void* memalign(std::size_t alignment, std::size_t size) { return Take(alignment, size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) { return Take(alignment, size); }
int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
  *block = Take(alignment, size);
  return *block == nullptr ? ENOMEM : 0;
}
void* realloc(void* block, std::size_t size) {
  void* larger = Take(16, size);
  if (block != nullptr) {
    const std::size_t before = SizeOf(block);
    std::memcpy(larger, block, before < size ? before : size);
  }
  return larger;
}
void free(void* block) {
  if (block != nullptr) SizeOf(block);
}
std::size_t malloc_usable_size(void* block) { return block == nullptr ? 0 : SizeOf(block); }

}  // extern "C"

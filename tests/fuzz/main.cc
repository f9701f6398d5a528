// libFuzzer's entry. SACCADE_FUZZ_FUNCTION is one of those in fuzz.h.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  saccade::fuzz::SACCADE_FUZZ_FUNCTION({reinterpret_cast<const char*>(data), size});
  return 0;
}

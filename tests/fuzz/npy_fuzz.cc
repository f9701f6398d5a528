#include <algorithm>

#include "core/base/npy.h"
#include "tests/fuzz/fuzz.h"

namespace saccade::fuzz {

void FuzzNpy(std::string_view bytes) {
  ReadOrRefuse([&] {
    const Tensor tensor = DecodeNpy(bytes, "x.npy");
    const Tensor again = DecodeNpy(EncodeNpy(tensor), "x.npy");
    SACCADE_CHECK(again.type() == tensor.type() && again.shape() == tensor.shape());
    SACCADE_CHECK(std::ranges::equal(again.bytes(), tensor.bytes()));
  });
  ReadOrRefuse([&] { DecodeNpyStrings(bytes, "x.npy"); });
}

}  // namespace saccade::fuzz

#include <algorithm>

#include "core/base/npz.h"
#include "tests/fuzz/fuzz.h"

namespace saccade::fuzz {

void FuzzNpz(std::string_view bytes) {
  ReadOrRefuse([&] {
    const TensorMap tensors = DecodeNpz(bytes, "x.npz");
    const TensorMap again = DecodeNpz(EncodeNpz(tensors), "x.npz");
    SACCADE_CHECK(again.size() == tensors.size());
    for (const auto& [name, tensor] : tensors) {
      const Tensor& same = again.at(name);
      SACCADE_CHECK(same.type() == tensor.type() && same.shape() == tensor.shape());
      SACCADE_CHECK(std::ranges::equal(same.bytes(), tensor.bytes()));
    }
  });
}

}  // namespace saccade::fuzz

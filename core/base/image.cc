#include "core/base/image.h"

#include <array>

#include "core/base/error.h"

namespace saccade {

void Shrink(const ImageView& image, int n, ImageView out) {
  SACCADE_CHECK(image.channels == 3 && image.height == n * out.height &&
                image.width == n * out.width);
  std::uint8_t* pixel = out.data;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      std::array<int, 3> sum = {n * n / 2, n * n / 2, n * n / 2};
      for (int i = 0; i < n; ++i) {
        const std::uint8_t* block = image.row(n * y + i) + std::size_t{3} * n * x;
        for (int k = 0; k < 3 * n; ++k) sum[static_cast<std::size_t>(k % 3)] += block[k];
      }
      const auto mean = [&](std::size_t c) { return static_cast<std::uint8_t>(sum[c] / (n * n)); };
      if (out.channels == 1) {
        *pixel++ = Luma(mean(0), mean(1), mean(2));
      } else {
        for (std::size_t c = 0; c < 3; ++c) *pixel++ = mean(c);
      }
    }
  }
}

}  // namespace saccade

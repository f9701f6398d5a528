#include "core/base/image.h"

#include <cmath>

#include <gtest/gtest.h>

namespace saccade {
namespace {

TEST(Luma, IsTheRoundedWeightedSum) {
  for (int red = 0; red < 256; red += 3) {
    for (int green = 0; green < 256; green += 5) {
      for (int blue = 0; blue < 256; blue += 7) {
        const double exact = 0.299 * red + 0.587 * green + 0.114 * blue;
        // 1e-9: the sum in doubles is not exact, and halves may fall either way.
        EXPECT_LE(std::abs(Luma(red, green, blue) - exact), 0.5 + 1e-9)
            << red << " " << green << " " << blue;
      }
    }
  }
}

TEST(Luma, LeavesGreyAlone) {
  for (int level = 0; level < 256; ++level) EXPECT_EQ(Luma(level, level, level), level);
}

}  // namespace
}  // namespace saccade

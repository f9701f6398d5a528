// Powers of cosines, which make highlights and the edges of spot lights.

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "envs/raycast/lighting-inl.h"

namespace saccade::raycast {
namespace {

namespace simd = HWY_NAMESPACE;  // of this file's own instruction set

// Of all lanes the same, as the first one has it.
float Power(float a, float b) {
  const simd::hn::ScalableTag<float> d;
  return simd::hn::GetLane(simd::Power(simd::hn::Set(d, a), b));
}

TEST(Power, WholeAndOtherExponentsAreThoseOfTheStandardLibrary) {
  for (const float b : {1.F, 2.F, 3.F, 10.F, 37.F, 64.F, 100.F, 127.F, 128.F, .5F, 12.8F, 130.F}) {
    for (int i = 0; i <= 1000; ++i) {
      const float a = static_cast<float>(i) / 1000;
      EXPECT_NEAR(Power(a, b), std::pow(static_cast<double>(a), b), 2e-5) << a << " to the " << b;
    }
  }
}

TEST(Power, OfNothingIsOneAndWhatIsNoNumberIsDark) {
  EXPECT_EQ(Power(0, 0), 1);
  EXPECT_EQ(Power(.5F, 0), 1);
  for (const float b : {1.F, 10.F, 64.F, 12.8F}) EXPECT_EQ(Power(std::nanf(""), b), 0) << b;
}

// They would take a hundred times as long as other numbers.
TEST(Power, NothingIsTooSmallForANormalNumber) {
  for (const float b : {2.F, 3.F, 10.F, 63.F, 64.F, 127.F, 128.F}) {
    for (int i = 0; i <= 1000; ++i) {
      const float power = Power(static_cast<float>(i) / 1000, b);
      EXPECT_TRUE(power == 0 || std::isnormal(power)) << i << " to the " << b;
    }
  }
}

}  // namespace
}  // namespace saccade::raycast

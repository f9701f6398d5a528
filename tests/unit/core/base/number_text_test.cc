#include "core/base/number_text.h"

#include <limits>

#include <gtest/gtest.h>

namespace saccade {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(NumberText, NumbersReadWell) {
  EXPECT_EQ(FormatNumber(854.576), "854.58");
  EXPECT_EQ(FormatNumber(-0.12345), "−0.123");
  EXPECT_EQ(FormatNumber(kNaN), "–");
  EXPECT_EQ(FormatShort(999.9), "1000");
  EXPECT_EQ(FormatShort(5'632'000), "5.63 M");
  EXPECT_EQ(FormatShort(12'000), "12 k");
  EXPECT_EQ(FormatMean(304.6171, 0.3452), "304.62 ± 0.35");
  EXPECT_EQ(FormatMean(549.56, 7.65), "549.6 ± 7.7");
  EXPECT_EQ(FormatMean(549.56, 76.5), "550 ± 76");
  EXPECT_EQ(FormatMean(7, kNaN), "7.00");
}

TEST(NumberText, DurationsReadWell) {
  EXPECT_EQ(FormatDuration(0.25), "0.2 s");
  EXPECT_EQ(FormatDuration(54.4), "54 s");
  EXPECT_EQ(FormatDuration(723), "12 min 3 s");
  EXPECT_EQ(FormatDuration(11'070), "3 h 4 min");
  EXPECT_EQ(FormatDuration(kNaN), "–");
}

}  // namespace
}  // namespace saccade

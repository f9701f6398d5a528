#include "core/media/canvas.h"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace saccade {
namespace {

constexpr Rgb kRed = {200, 10, 20};

Rgb At(Image& image, int x, int y) {
  const std::uint8_t* pixel = image.view().row(y) + 3 * x;
  return {pixel[0], pixel[1], pixel[2]};
}

int CountOf(Image& image, Rgb color) {
  int count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) count += At(image, x, y) == color ? 1 : 0;
  }
  return count;
}

TEST(Canvas, FillsWhatIsInside) {
  Image image(4, 5, 3);
  Fill(image.view(), {1, 2, 3, 1}, kRed);
  EXPECT_EQ(CountOf(image, kRed), 3);
  EXPECT_EQ(At(image, 1, 2), kRed);
  EXPECT_EQ(At(image, 3, 2), kRed);
  Fill(image.view(), {-10, -10, 11, 11}, kRed);
  EXPECT_EQ(CountOf(image, kRed), 4);
  EXPECT_EQ(At(image, 0, 0), kRed);
  Fill(image.view(), {5, 0, 3, 3}, kRed);
  Fill(image.view(), {1, 1, -3, 2}, kRed);
  EXPECT_EQ(CountOf(image, kRed), 4);
  Fill(image.view(), {-5, -5, 100, 100}, kRed);
  EXPECT_EQ(CountOf(image, kRed), 20);
}

TEST(Canvas, EnlargesPictures) {
  Image small(1, 2, 3);
  Fill(small.view(), {1, 0, 1, 1}, kRed);
  Image image(6, 8, 3);
  DrawPicture(image.view(), small.view(), 2, 1, 3);
  EXPECT_EQ(CountOf(image, kRed), 9);
  EXPECT_EQ(At(image, 5, 1), kRed);
  EXPECT_EQ(At(image, 7, 3), kRed);
  Image other(6, 8, 3);
  DrawPicture(other.view(), small.view(), -4, -1, 3);  // the upper row and two columns are outside
  EXPECT_EQ(CountOf(other, kRed), 4);
  EXPECT_EQ(At(other, 1, 1), kRed);
}

TEST(Canvas, DrawsGreyInColours) {
  Image grey(1, 1, 1);
  grey.view().data[0] = 77;
  Image image(1, 1, 3);
  DrawPicture(image.view(), grey.view(), 0, 0);
  EXPECT_EQ(At(image, 0, 0), (Rgb{77, 77, 77}));
}

TEST(Canvas, WritesAboveTheBaseline) {
  Image image(40, 120, 3);
  DrawText(image.view(), "HHH", 10, 30, 12, kRed);
  const int width = WidthOfText("HHH", 12);
  EXPECT_GT(width, 20);
  EXPECT_GT(CountOf(image, {0, 0, 0}), 40 * 120 - width * 16);
  int top = 40;
  int bottom = -1;
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 120; ++x) {
      if (At(image, x, y) == Rgb{0, 0, 0}) continue;
      EXPECT_GE(x, 9);
      EXPECT_LE(x, 11 + width);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
  }
  EXPECT_NEAR(bottom, 30, 1);
  EXPECT_NEAR(bottom - top, 12, 2);
}

TEST(Canvas, DrawsLinesFromTo) {
  Image image(10, 20, 3);
  DrawLine(image.view(), 2, 5, 17, 5, kRed);
  EXPECT_EQ(At(image, 2, 5), kRed);
  EXPECT_EQ(At(image, 17, 5), kRed);
  EXPECT_EQ(At(image, 10, 1), (Rgb{0, 0, 0}));
}

}  // namespace
}  // namespace saccade

#include "core/media/panel.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace saccade {
namespace {

constexpr Rgb kBar = {245, 165, 75};

Image Panel(const std::vector<PanelSection>& sections, int height = 300, int width = 280) {
  Image image(height, width, 3);
  DrawPanel(image.view(), {0, 0, width, height}, sections);
  return image;
}

// Of every column that has some of a bar, how many pixels.
std::vector<int> BarHeights(Image image) {
  std::vector<int> heights;
  for (int x = 0; x < image.width(); ++x) {
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
      const std::uint8_t* pixel = image.view().row(y) + 3 * x;
      count += Rgb{pixel[0], pixel[1], pixel[2]} == kBar ? 1 : 0;
    }
    if (count > 0) heights.push_back(count);
  }
  return heights;
}

TEST(Panel, DrawsBarsAsHighAsTheirNumbers) {
  const std::vector<int> whole = BarHeights(Panel({{"A", {{"x", "", {1.0}}}}}));
  const std::vector<int> half = BarHeights(Panel({{"A", {{"x", "", {-0.5}}}}}));
  ASSERT_FALSE(whole.empty());
  ASSERT_EQ(half.size(), whole.size());
  EXPECT_NEAR(half[0], whole[0] / 2.0, 0.5);
  EXPECT_EQ(BarHeights(Panel({{"A", {{"x", "", {7.0}}}}})), whole);  // cut
  EXPECT_EQ(BarHeights(Panel({{"A", {{"x", "", {1.0, 1.0}}}}})).size(), 2 * whole.size());
}

TEST(Panel, HasNoBarOfWhatIsNoNumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(BarHeights(Panel({{"A", {{"x", "", {nan, INFINITY, 0.0}}}}})).empty());
}

TEST(Panel, SaysHowMuchDoesNotFit) {
  std::vector<PanelRow> rows(5, PanelRow{"name", "1"});
  const Image fits = Panel({{"A", rows}});
  rows.resize(100, rows[0]);
  const Image overflows = Panel({{"A", rows}});
  rows.resize(101, rows[0]);
  EXPECT_NE(Panel({{"A", rows}}).data(), overflows.data());  // one more
  EXPECT_NE(fits.data(), overflows.data());
}

TEST(Panel, LeavesOutSectionsWithoutRows) {
  const PanelSection full{"B", {{"x", "1"}}};
  EXPECT_EQ(Panel({{"A", {}}, full}).data(), Panel({full}).data());
}

TEST(Panel, DrawsNothingOutsideOfIt) {
  const PanelRow row{"a name that is much longer than the panel is wide",
                     "and a text that is much longer than the panel is wide as well",
                     std::vector<double>(500, 1.0)};
  constexpr Rgb kAround = {1, 2, 3};
  for (const int width : {0, 1, 5, 21, 40, 100}) {
    for (const int height : {0, 1, 10, 17, 18, 30, 60, 110, 139}) {
      const Rectangle where = {50, 60, width, height};
      Image image(200, 300, 3);
      Fill(image.view(), {0, 0, 300, 200}, kAround);
      DrawPanel(image.view(), where, std::vector<PanelSection>{{"A TITLE", {row, row}}});
      Fill(image.view(), where, kAround);
      Image untouched(200, 300, 3);
      Fill(untouched.view(), {0, 0, 300, 200}, kAround);
      EXPECT_EQ(image.data(), untouched.data()) << width << " x " << height;
    }
  }
}

}  // namespace
}  // namespace saccade

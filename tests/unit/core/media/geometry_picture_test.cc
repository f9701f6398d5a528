#include "core/media/geometry_picture.h"

#include <array>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace saccade {
namespace {

using testing::ElementsAre;

TEST(DrawDepth, IsHalfAsBrightTwiceAsFarAway) {
  const std::vector<float> depth = {2, 4, 8, 1, 1e9F};
  EXPECT_EQ(NearestOf(depth), 1);
  Image picture(1, 5, 3);
  DrawDepth(depth, 2, picture.view());
  std::vector<int> grey;
  for (std::size_t i = 0; i < depth.size(); ++i) {
    for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(picture.data()[3 * i + c], picture.data()[3 * i]);
    grey.push_back(picture.data()[3 * i]);
  }
  EXPECT_THAT(grey, ElementsAre(255, 128, 64, 255, 0));
}

TEST(DrawSegmentation, GivesEveryObjectAColourOfItsOwn) {
  constexpr int kObjects = 40;
  std::vector<std::int32_t> segmentation = {-1, -1};
  for (int i = 0; i < kObjects; ++i) {
    segmentation.insert(segmentation.end(), {i, 5, i, 6});
  }
  Image picture(1, 1 + 2 * kObjects, 3);
  DrawSegmentation(segmentation, picture.view());
  std::set<std::array<std::uint8_t, 3>> colours;
  for (std::size_t i = 0; i < picture.data().size(); i += 3) {
    colours.insert({picture.data()[i], picture.data()[i + 1], picture.data()[i + 2]});
  }
  EXPECT_EQ(colours.size(), 1 + 2 * kObjects);
  EXPECT_TRUE(colours.contains({0, 0, 0}));
}

}  // namespace
}  // namespace saccade

#include "envs/raycast/plain_renderer.h"

#include <array>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/image.h"
#include "tests/unit/envs/world.h"

namespace saccade::raycast {
namespace {

using testing_envs::World;

using Colour = std::array<int, 3>;

Image Draw(World& world, int height, int width, const RaycastOptions& options = {},
           int channels = 3, int camera = 0) {
  PlainRenderer renderer(options, {world.model(), height, width});
  Image image(height, width, channels);
  renderer.Render(world.scene(), camera, image.view());
  return image;
}

Colour At(const Image& image, int y, int x) {
  const std::uint8_t* pixel = image.data().data() + 3 * (y * image.width() + x);
  return {pixel[0], pixel[1], pixel[2]};
}

TEST(PlainRenderer, RowZeroIsOnTopAndColumnZeroOnTheLeft) {
  World world = World::Text(R"(
    <mujoco>
      <visual><headlight ambient='0 0 0' diffuse='0 0 0' specular='0 0 0'/></visual>
      <asset>
        <material name='red' rgba='1 0 0 1' emission='1'/>
        <material name='green' rgba='0 1 0 1' emission='1'/>
      </asset>
      <worldbody>
        <camera pos='0 0 10'/>
        <geom type='box' size='5 5 .1' pos='-5 5 0' material='red'/>
        <geom type='box' size='5 5 .1' pos='5 -5 0' material='green'/>
      </worldbody>
    </mujoco>)");
  const Image image = Draw(world, 30, 50);
  EXPECT_EQ(At(image, 2, 2), (Colour{255, 0, 0}));
  EXPECT_EQ(At(image, 27, 47), (Colour{0, 255, 0}));
  EXPECT_EQ(At(image, 2, 47), (Colour{0, 0, 0}));
}

TEST(PlainRenderer, GreyIsTheLumaOfColour) {
  World world = World::Suite("walker");
  const Image colour = Draw(world, 33, 47);
  const Image grey = Draw(world, 33, 47, {}, 1);
  for (int y = 0; y < 33; ++y) {
    for (int x = 0; x < 47; ++x) {
      const auto [r, g, b] = At(colour, y, x);
      ASSERT_EQ(grey.data()[y * 47 + x], Luma(r, g, b));
    }
  }
}

TEST(PlainRenderer, TheSameStateIsTheSameBytesOnEveryThread) {
  World world = World::Suite("cheetah");
  const Image expected = Draw(world, 40, 40);
  std::vector<Image> images(4);
  {
    std::vector<std::jthread> threads;
    for (Image& image : images) threads.emplace_back([&] { image = Draw(world, 40, 40); });
  }
  for (const Image& image : images) EXPECT_EQ(image.data(), expected.data());
}

TEST(PlainRenderer, EveryOptionShows) {
  World world = World::Text(R"(
    <mujoco>
      <asset>
        <texture type='skybox' builtin='gradient' width='16' height='96'/>
        <material name='mirror' reflectance='.5'/>
      </asset>
      <worldbody>
        <light pos='0 0 3'/>
        <camera pos='0 -3 1' xyaxes='1 0 0 0 .3 1'/>
        <geom type='plane' size='2 2 .5' material='mirror'/>
        <geom type='box' size='.3 .3 .3' pos='0 0 .5' euler='0 0 20'/>
      </worldbody>
    </mujoco>)");
  const auto plain = Draw(world, 30, 40).data();
  EXPECT_NE(Draw(world, 30, 40, {.shadows = "false"}).data(), plain);
  EXPECT_NE(Draw(world, 30, 40, {.reflections = "false"}).data(), plain);
  EXPECT_NE(Draw(world, 30, 40, {.skybox = false}).data(), plain);
  EXPECT_NE(Draw(world, 30, 40, {.samples = 0}).data(), plain);
  EXPECT_EQ(Draw(world, 30, 40, {.samples = 4}).data(), plain);
}

// Geoms of no size, far away, nowhere, around the eye: whatever is drawn, nothing breaks.
}  // namespace
}  // namespace saccade::raycast

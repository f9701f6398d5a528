#include "envs/raycast/texture.h"

#include <array>
#include <cmath>
#include <vector>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "tests/unit/envs/world.h"

namespace saccade::raycast {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;
using testing_envs::World;

constexpr double kSharp = -1;  // λ of a texture that is seen large

// A grey texture of these texels, row by row.
Texture Grey(int width, int height, const std::vector<int>& texels, const char* type = "2d") {
  World world = World::Text(
      fmt::format("<mujoco><asset><texture name='t' type='{}' builtin='flat' width='{}' "
                  "height='{}'/></asset></mujoco>",
                  type, width, height));
  for (std::size_t i = 0; i < texels.size(); ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      world.model()->tex_data[3 * i + c] = static_cast<mjtByte>(texels[i]);
    }
  }
  return {*world.model(), 0};
}

double At(const Texture& texture, double u, double v, double lambda = kSharp) {
  return 255 * texture.Sample2D({u, v}, lambda).x();
}

TEST(Texture, TexelsAreInTheMiddleOfTheirCells) {
  const Texture texture = Grey(2, 2, {10, 20, 30, 40});
  EXPECT_NEAR(At(texture, .25, .25), 10, 1e-9);
  EXPECT_NEAR(At(texture, .75, .25), 20, 1e-9);
  EXPECT_NEAR(At(texture, .25, .75), 30, 1e-9);
  EXPECT_NEAR(At(texture, .75, .75), 40, 1e-9);
  EXPECT_NEAR(At(texture, .5, .25), 15, 1e-9);
  EXPECT_NEAR(At(texture, .5, .5), 25, 1e-9);
}

TEST(Texture, Repeats) {
  const Texture texture = Grey(2, 2, {10, 20, 30, 40});
  EXPECT_NEAR(At(texture, 1000.25, -999.75), 10, 1e-9);
  EXPECT_NEAR(At(texture, 0, .25), 15, 1e-9);  // between the last column and the first
}

TEST(Texture, LevelsAreMeansAndBlend) {
  const Texture texture = Grey(4, 4, {0, 0, 8, 8, 0, 0, 8, 8, 16, 16, 24, 24, 16, 16, 24, 24});
  EXPECT_NEAR(At(texture, .25, .25, 1), 0, 1e-9);
  EXPECT_NEAR(At(texture, .75, .25, 1), 8, 1e-9);
  EXPECT_NEAR(At(texture, .75, .75, 1), 24, 1e-9);
  EXPECT_NEAR(At(texture, .1, .9, 2), 12, 1e-9);
  EXPECT_NEAR(At(texture, .1, .9, 99), 12, 1e-9);
  EXPECT_NEAR(At(texture, .75, .75, 1.25), .75 * 24 + .25 * 12, 1e-9);
}

// Places and shares are 256ths, and every mixture is rounded: of ⅓ (85.33 of 256) of 255, 84.67.
TEST(Texture, MixesInEightBits) {
  const Texture texture = Grey(2, 2, {0, 255, 100, 100});
  EXPECT_NEAR(At(texture, .25 + 1.0 / 6, .25), 85, 1e-9);
  // Then 85 + ⅓ (100 − 85) down: 89.98.
  EXPECT_NEAR(At(texture, .25 + 1.0 / 6, .25 + 1.0 / 6), 90, 1e-9);
  // The mean of all rounds up twice: 128, 100, 114. A quarter of it: 85 + 29 / 4.
  EXPECT_NEAR(At(texture, .1, .1, 1), 114, 1e-9);
  EXPECT_NEAR(At(texture, .25 + 1.0 / 6, .25, .25), 92, 1e-9);
}

// The logarithm is a line between powers of two.
TEST(Texture, LevelsComeFromTheBits) {
  EXPECT_EQ(LevelOf(1), 0);
  EXPECT_EQ(LevelOf(4), 1);
  EXPECT_EQ(LevelOf(16), 2);
  EXPECT_EQ(LevelOf(6), 1.25);
  EXPECT_LT(LevelOf(0), 0);
}

// Three texels onto one: its middle is the middle one's.
TEST(Texture, OddSizesAreHalvedByBilinearSampling) {
  const Texture texture = Grey(3, 1, {30, 60, 150});
  EXPECT_NEAR(At(texture, .5, .5, 1), 60, 1e-9);
  // Five onto two: 0.75 and 3.25 of 0 to 4.
  const Texture five = Grey(5, 1, {0, 40, 80, 120, 200});
  EXPECT_NEAR(At(five, .25, .5, 1), 30, 1e-9);
  EXPECT_NEAR(At(five, .75, .5, 1), 140, 1e-9);
}

const std::array<Vector3d, 6>& Directions() {  // of the faces, as stored
  static const std::array<Vector3d, 6> directions = {Vector3d{1, 0, 0}, Vector3d{-1, 0, 0},
                                                     Vector3d{0, 1, 0}, Vector3d{0, -1, 0},
                                                     Vector3d{0, 0, 1}, Vector3d{0, 0, -1}};
  return directions;
}

TEST(CubeTexture, FacesLookWhereOpenGlHasThem) {
  const Texture cube = Grey(1, 6, {10, 20, 30, 40, 50, 60}, "cube");
  ASSERT_TRUE(cube.is_cube());
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(255 * cube.SampleCube(3 * Directions()[i], kSharp).x(),
                10 * (static_cast<double>(i) + 1), 1e-9);
  }
}

TEST(CubeTexture, OneSquareIsAllFaces) {
  World world = World::Text(
      "<mujoco><asset><texture name='t' type='cube' builtin='flat' width='2' height='12'/></asset>"
      "</mujoco>");
  world.model()->tex_height[0] = 2;
  for (int i = 0; i < 12; ++i) world.model()->tex_data[i] = static_cast<mjtByte>(10 + 10 * (i / 3));
  const Texture cube(*world.model(), 0);
  for (const Vector3d& direction : Directions()) {
    EXPECT_NEAR(255 * cube.SampleCube(direction, kSharp).x(), 25, 1e-9);
  }
}

// Texels beside an edge blend with those of the other face: the texture is continuous there.
TEST(CubeTexture, EdgesHaveNoSeam) {
  std::vector<int> texels;
  for (int i = 0; i < 6 * 16; ++i) texels.push_back((i * 37) % 251);
  const Texture cube = Grey(4, 24, texels, "cube");
  for (const Vector3d& a : Directions()) {
    for (const Vector3d& b : Directions()) {
      if (a.dot(b) != 0) continue;
      const Vector3d along = .6 * a.cross(b);
      const double before = cube.SampleCube(a + .999999 * b + along, kSharp).x();
      const double after = cube.SampleCube(.999999 * a + b + along, kSharp).x();
      EXPECT_NEAR(before, after, 1e-4) << a.transpose() << " | " << b.transpose();
    }
  }
}

TEST(CubeTexture, AFaceReachesBeyondItself) {
  EXPECT_EQ(CubeFace({.1, -2, .3}), 3);
  const Vector2d st = OnCubeFace(4, {.5, .25, 1});  // +Z: s along x, t against y
  EXPECT_NEAR(st.x(), .75, 1e-12);
  EXPECT_NEAR(st.y(), .375, 1e-12);
  EXPECT_NEAR(OnCubeFace(4, {3, 0, 1}).x(), 2, 1e-12);
}

TEST(Texture, NowhereIsBlack) {
  EXPECT_EQ(At(Grey(2, 2, {10, 20, 30, 40}), std::nan(""), 1, 0), 0);
  EXPECT_EQ(Grey(1, 6, {10, 20, 30, 40, 50, 60}, "cube").SampleCube({0, 0, 0}, 0).x(), 0);
}

TEST(Texture, SrgbIsDecoded) {
  World world = World::Text(
      "<mujoco><asset><texture name='t' type='2d' builtin='flat' width='1' height='1' "
      "colorspace='sRGB' rgb1='.5 .5 .5'/></asset></mujoco>");
  const Texture texture(*world.model(), 0);
  EXPECT_NEAR(texture.Sample2D({.5, .5}, 0).x(), .212, .004);
}

}  // namespace
}  // namespace saccade::raycast

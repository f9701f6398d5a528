// How near the pictures without OpenGL are to MuJoCo's own, which is what an image is.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/rng.h"
#include "envs/raycast/simd_renderer.h"
#include "tests/testing/psnr.h"
#include "tests/unit/envs/gl_testing.h"
#include "tests/unit/envs/raycast/scenes.h"

namespace saccade::raycast {
namespace {

using testing_gl::GlTest;
using testing_gl::World;

// Both renderers of a world, for images of one size.
class Pair {
 public:
  Pair(World& world, int height, int width)
      : world_(world),
        height_(height),
        width_(width),
        gl_({}, {world.model(), height, width}),
        ours_({}, {world.model(), height, width}) {}

  double PsnrOf(int camera) {
    const auto [theirs, ours] = Draw(camera);
    return testing_tools::Psnr(theirs, ours);
  }

  // How many of the values are the same.
  double SameValues(int camera) {
    const auto [theirs, ours] = Draw(camera);
    double same = 0;
    for (std::size_t i = 0; i < ours.data().size(); ++i) {
      same += theirs.data()[i] == ours.data()[i] ? 1 : 0;
    }
    return same / static_cast<double>(ours.data().size());
  }

  bool software() const { return gl_.software(); }

  // Of pixels away from edges, how many show the same object at the same distance, to a hundredth.
  double SameGeometry(int camera) {
    const Geometry theirs = Geometry::Of(gl_, world_, camera, height_, width_);
    const Geometry ours = Geometry::Of(ours_, world_, camera, height_, width_);
    double count = 0;
    double same = 0;
    for (std::size_t i = 0; i < theirs.depth.size(); ++i) {
      if (!theirs.IsInside(i)) continue;
      count += 1;
      const bool is_near = std::abs(ours.depth[i] - theirs.depth[i]) <= .01F * theirs.depth[i];
      same += is_near && ours.object(i) == theirs.object(i) ? 1 : 0;
    }
    return same / count;
  }

 private:
  struct Images {
    Image theirs;
    Image ours;
  };
  Images Draw(int camera) {
    Images images{Image(height_, width_, 3), Image(height_, width_, 3)};
    gl_.Render(world_.scene(), camera, images.theirs.view());
    ours_.Render(world_.scene(), camera, images.ours.view());
    return images;
  }

  World& world_;
  int height_;
  int width_;
  GlRenderer gl_;
  SimdRenderer ours_;
};

class EveryDomain : public GlTest, public testing::WithParamInterface<const char*> {};

TEST_P(EveryDomain, LooksLikeOpenGl) {
  World world = World::Suite(GetParam());
  Pair pair(world, 84, 84);
  RandomStream random(1, Stream::kBenchmark, 0, 0);
  std::vector<double> psnr;
  for (int state = 0; state < 4; ++state) {
    Disturb(world, random);
    for (int camera = 0; camera < std::min<int>(world.model()->ncam, 2); ++camera) {
      psnr.push_back(pair.PsnrOf(camera));
      EXPECT_GE(pair.SameGeometry(camera), .99);
    }
  }
  std::sort(psnr.begin(), psnr.end());
  EXPECT_GE(psnr.front(), 40);
  EXPECT_GE(psnr[(psnr.size() - 1) / 2], 46);
}

INSTANTIATE_TEST_SUITE_P(Suite, EveryDomain, testing::ValuesIn(kDomains),
                         [](const auto& test) { return std::string(test.param); });

class EveryScene : public GlTest, public testing::WithParamInterface<NamedScene> {};

TEST_P(EveryScene, LooksLikeOpenGl) {
  World world = World::Text(GetParam().mjcf);
  Pair pair(world, 120, 160);
  for (int camera = 0; camera < world.model()->ncam; ++camera) {
    EXPECT_GE(pair.PsnrOf(camera), GetParam().decibels) << "camera " << camera;
    EXPECT_GE(pair.SameGeometry(camera), .99) << "camera " << camera;
  }
}

INSTANTIATE_TEST_SUITE_P(Own, EveryScene, testing::ValuesIn(kScenes),
                         [](const auto& test) { return std::string(test.param.name); });

// What is promised of Mesa's rasteriser only; graphics cards have weights and blends of their own.
class Mesa : public GlTest {
 protected:
  void SetUp() override {
    GlTest::SetUp();
    if (IsSkipped()) return;
    World world = World::Text("<mujoco/>");
    if (!Pair(world, 1, 1).software()) GTEST_SKIP() << "OpenGL is a graphics card here";
  }
};

// Every texel any value.
void FillWithNoise(World& world) {
  RandomStream random(1, Stream::kBenchmark, 0, 0);
  const auto count = static_cast<std::size_t>(world.model()->ntexdata);
  for (mjtByte& value : std::span(world.model()->tex_data, count)) {
    value = static_cast<mjtByte>(random.Uniform(0, 256));
  }
}

// From a texel over four pixels to four texels in one, of sizes that halve evenly and others; on a
// wall that is looked at straight and another way.
TEST_F(Mesa, TexturesHaveTheSameValues) {
  for (const int size : {64, 75, 100}) {
    World world = World::Text(fmt::format(R"(
        <mujoco>
          <visual><headlight active='0'/></visual>
          <asset>
            <texture name='t' type='2d' builtin='flat' width='{0}' height='{0}'/>
            <material name='wall' texture='t' emission='1' specular='0' texuniform='true'/>
          </asset>
          <worldbody>
            <light dir='0 0 1' diffuse='0 0 0' specular='0 0 0' castshadow='false'/>
            <camera pos='.13 -.3 .17' xyaxes='1 0 0 0 0 1'/>
            <camera pos='.13 -2.5 .17' xyaxes='1 0 0 0 0 1'/>
            <camera pos='.13 -3.7 .17' xyaxes='1 .1 .1 -.1 .2 1'/>
            <camera pos='.13 -9 .17' xyaxes='1 .2 0 -.1 .1 1'/>
            <geom type='box' size='9 .1 9' pos='0 .1 0' material='wall'/>
          </worldbody>
        </mujoco>)",
                                          size));
    FillWithNoise(world);
    Pair pair(world, 64, 64);
    for (int camera = 0; camera < world.model()->ncam; ++camera) {
      EXPECT_GE(pair.SameValues(camera), .99) << size << " texels, camera " << camera;
    }
  }
}

// On the sides of a box, from near and far.
TEST_F(Mesa, CubesHaveTheSameValues) {
  World world = World::Text(R"(
      <mujoco>
        <visual><headlight active='0'/></visual>
        <asset>
          <texture name='t' type='cube' builtin='flat' width='64' height='384'/>
          <material name='box' texture='t' emission='1' specular='0'/>
        </asset>
        <worldbody>
          <light dir='0 0 1' diffuse='0 0 0' specular='0 0 0' castshadow='false'/>
          <camera pos='.2 -2 .3' xyaxes='1 .1 0 0 .1 1'/>
          <camera pos='1 -5 2' xyaxes='1 .2 0 -.1 .4 1'/>
          <camera pos='2 -9 4' xyaxes='1 .2 0 -.1 .4 1' fovy='20'/>
          <geom type='box' size='1 1 1' material='box'/>
        </worldbody>
      </mujoco>)");
  FillWithNoise(world);
  Pair pair(world, 64, 64);
  for (int camera = 0; camera < world.model()->ncam; ++camera) {
    EXPECT_GE(pair.SameValues(camera), .98) << camera;
  }
}

// Only where one level goes over into the next its share is not quite the same.
TEST_F(Mesa, SkiesHaveTheSameValues) {
  for (const int size : {16, 64, 800}) {
    World world = World::Text(fmt::format(R"(
        <mujoco>
          <asset><texture type='skybox' builtin='flat' width='{}' height='{}'/></asset>
          <worldbody>
            <camera xyaxes='1 .1 0 0 0 1' fovy='40'/>
            <camera xyaxes='1 .3 0 -.1 .3 1' fovy='30'/>
          </worldbody>
        </mujoco>)",
                                          size, 6 * size));
    FillWithNoise(world);
    Pair pair(world, 64, 64);
    for (int camera = 0; camera < world.model()->ncam; ++camera) {
      EXPECT_GE(pair.SameValues(camera), size <= 64 ? .99 : .93) << size << ", camera " << camera;
    }
  }
}

TEST_F(Mesa, BlendsAreTheSameValues) {
  World world = World::Text(R"(
      <mujoco>
        <visual><headlight active='0'/></visual>
        <asset>
          <material name='back' emission='1' specular='0'/>
          <material name='front' emission='1' specular='0'/>
        </asset>
        <worldbody>
          <light dir='0 0 1' diffuse='0 0 0' specular='0 0 0' castshadow='false'/>
          <camera pos='0 -3 0' xyaxes='1 0 0 0 0 1'/>
          <geom type='box' size='3 .1 3' pos='0 2 0' material='back'/>
          <geom type='box' size='3 .1 3' material='front'/>
        </worldbody>
      </mujoco>)");
  Pair pair(world, 2, 2);
  RandomStream random(1, Stream::kBenchmark, 0, 0);
  float* rgba = world.model()->mat_rgba;
  for (const float alpha : {.3F, .5F, .62F, .9F}) {
    rgba[7] = alpha;
    for (int i = 0; i < 50; ++i) {
      for (const int k : {0, 1, 2, 4, 5, 6}) {
        rgba[k] = static_cast<float>(std::floor(random.Uniform(0, 256)) / 255);
      }
      EXPECT_EQ(pair.SameValues(0), 1)
          << alpha << " of " << 255 * rgba[4] << " on " << 255 * rgba[0];
    }
  }
}

}  // namespace
}  // namespace saccade::raycast

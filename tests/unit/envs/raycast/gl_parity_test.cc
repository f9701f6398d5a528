// How near the pictures without OpenGL are to MuJoCo's own, which is what an image is.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/rng.h"
#include "envs/raycast/plain_renderer.h"
#include "tests/unit/envs/gl_testing.h"

namespace saccade::raycast {
namespace {

using testing_gl::GlTest;
using testing_gl::World;

// Peak signal-to-noise ratio in decibels: 10 log10(255² / mean squared difference).
double Psnr(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.data().size(); ++i) {
    const double difference = static_cast<double>(a.data()[i]) - b.data()[i];
    sum += difference * difference;
  }
  return 10 * std::log10(255 * 255 / std::max(sum / static_cast<double>(a.data().size()), 1e-6));
}

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
    Image theirs(height_, width_, 3);
    Image ours(height_, width_, 3);
    gl_.Render(world_.scene(), camera, theirs.view());
    ours_.Render(world_.scene(), camera, ours.view());
    return Psnr(theirs, ours);
  }

 private:
  World& world_;
  int height_;
  int width_;
  GlRenderer gl_;
  PlainRenderer ours_;
};

// After some steps with random controls, from a random posture.
void Disturb(World& world, RandomStream& random) {
  mj_resetData(world.model(), world.data());
  std::vector<double> numbers(static_cast<std::size_t>(world.model()->nq));
  random.FillNormal(numbers);
  for (std::size_t i = 0; i < numbers.size(); ++i) world.data()->qpos[i] += .2 * numbers[i];
  numbers.resize(static_cast<std::size_t>(world.model()->nu));
  for (int step = 0; step < 20; ++step) {
    random.FillNormal(numbers);
    std::copy(numbers.begin(), numbers.end(), world.data()->ctrl);
    mj_step(world.model(), world.data());
  }
  mj_forward(world.model(), world.data());
}

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
    }
  }
  std::sort(psnr.begin(), psnr.end());
  EXPECT_GE(psnr.front(), 40);
  EXPECT_GE(psnr[(psnr.size() - 1) / 2], 46);
}

INSTANTIATE_TEST_SUITE_P(Suite, EveryDomain,
                         testing::Values("acrobot", "ball_in_cup", "cartpole", "cheetah", "finger",
                                         "fish", "hopper", "humanoid", "humanoid_CMU",
                                         "manipulator", "pendulum", "point_mass", "quadruped",
                                         "reacher", "stacker", "swimmer", "walker"),
                         [](const auto& test) { return std::string(test.param); });

void ExpectLikeOpenGl(const std::string& mjcf, double decibels) {
  World world = World::Text(mjcf);
  Pair pair(world, 120, 160);
  for (int camera = 0; camera < world.model()->ncam; ++camera) {
    EXPECT_GE(pair.PsnrOf(camera), decibels) << "camera " << camera;
  }
}

using Scenes = GlTest;

// 2D and cube textures of odd sizes on every shape, transparency, a spot that fades, highlights.
TEST_F(Scenes, TexturesAndLights) {
  ExpectLikeOpenGl(R"(
    <mujoco>
      <statistic extent='4' center='0 0 .5'/>
      <asset>
        <texture type='skybox' builtin='gradient' rgb1='.3 .5 .7' width='128' height='768'
                 mark='random' markrgb='1 1 1'/>
        <texture name='grid' type='2d' builtin='checker' rgb1='.1 .2 .3' rgb2='.6 .3 .4'
                 width='301' height='299' mark='edge' markrgb='.8 .8 .2'/>
        <texture name='cube' type='cube' builtin='checker' rgb1='.1 .8 .3' rgb2='.2 .3 .9'
                 width='64' height='384' mark='cross' markrgb='1 0 0'/>
        <material name='grid' texture='grid' texrepeat='3 2' specular='.8' shininess='.4'/>
        <material name='uniform' texture='grid' texrepeat='2 2' texuniform='true'/>
        <material name='cube' texture='cube'/>
        <material name='uniform_cube' texture='cube' texuniform='true' emission='.2'/>
        <material name='floor' texture='grid' texrepeat='4 4' reflectance='.3'/>
      </asset>
      <worldbody>
        <light pos='1 -1 4' dir='-.2 .2 -1' cutoff='40' exponent='3' attenuation='1 .05 .02'
               ambient='.1 .1 .1'/>
        <light pos='-2 2 3' dir='.5 -.5 -1' type='directional' diffuse='.3 .3 .4'/>
        <camera pos='0 -4 2' xyaxes='1 0 0 0 .5 1'/>
        <camera pos='3 2 1.5' xyaxes='-.5 .9 0 -.3 -.2 1' fovy='60'/>
        <geom type='plane' size='3 3 .4' material='floor'/>
        <geom type='sphere' size='.4' pos='-1.2 0 .6' material='grid'/>
        <geom type='capsule' size='.2 .4' pos='-.4 0 .7' euler='40 30 0' material='uniform'/>
        <geom type='box' size='.3 .2 .4' pos='.4 0 .5' euler='20 10 30' material='cube'/>
        <geom type='cylinder' size='.3 .3' pos='1.2 0 .5' euler='30 50 0' material='grid'/>
        <geom type='ellipsoid' size='.3 .2 .5' pos='0 1 .6' euler='30 50 0'
              material='uniform_cube'/>
        <geom type='box' size='.2 .2 .2' pos='-1 -1 .3' rgba='.9 .3 .2 .4'/>
        <geom type='sphere' size='.25' pos='-.6 -1 .3' rgba='.2 .3 .9 .5'/>
        <site type='box' size='.1 .1 .1' pos='1 -1 .4' rgba='0 1 0 1'/>
      </worldbody>
    </mujoco>)",
                   50);
}

TEST_F(Scenes, HazeOverAnInfiniteFloorAndAnOrthographicCamera) {
  ExpectLikeOpenGl(R"(
    <mujoco>
      <asset>
        <texture type='skybox' builtin='gradient' rgb1='.3 .5 .7' width='100' height='600'/>
        <texture name='grid' type='2d' builtin='checker' rgb1='.1 .2 .3' rgb2='.2 .3 .4'
                 width='300' height='300'/>
        <material name='floor' texture='grid' texuniform='true' reflectance='.2'/>
      </asset>
      <worldbody>
        <light pos='0 0 4' dir='0 0 -1'/>
        <camera pos='0 -6 2' xyaxes='1 0 0 0 .2 1'/>
        <camera pos='30 -6 2' xyaxes='1 0 0 0 .2 1'/>
        <camera pos='3 -3 3' xyaxes='1 1 0 -.5 .5 1' projection='orthographic' fovy='4'/>
        <geom type='plane' size='0 0 .4' material='floor'/>
        <geom type='box' size='.5 .5 .5' pos='0 0 .5' rgba='.8 .2 .2 1'/>
      </worldbody>
    </mujoco>)",
                   50);
}

TEST_F(Scenes, AMirrorOnABoxMeshesAHeightFieldAndAPlaneFromBehind) {
  ExpectLikeOpenGl(R"(
    <mujoco>
      <asset>
        <material name='mirror' reflectance='.6' rgba='.3 .3 .3 1'/>
        <mesh name='tetrahedron' vertex='0 0 0 1 0 0 0 1 0 0 0 1'/>
        <hfield name='hills' nrow='4' ncol='5' size='1 1 .3 .1'
                elevation='0 1 0 1 0  1 0 1 0 1  0 1 0 1 0  1 0 1 0 1'/>
      </asset>
      <worldbody>
        <light pos='0 -1 4' dir='0 .2 -1'/>
        <camera pos='0 -4 2' xyaxes='1 0 0 0 .5 1'/>
        <camera pos='2 -3 3' xyaxes='1 .7 0 -.5 .5 1'/>
        <geom type='box' size='2 2 .1' material='mirror'/>
        <geom type='mesh' mesh='tetrahedron' pos='-.5 0 .6' euler='20 30 40' rgba='.8 .7 .2 1'/>
        <geom type='hfield' hfield='hills' pos='.7 .7 .4' rgba='.3 .8 .4 1'/>
        <geom type='capsule' size='.1 .5' pos='0 -1 .5' euler='0 80 0' rgba='.9 .9 .9 1'/>
        <geom type='plane' size='.5 .5 .1' pos='1 -1 .8' euler='120 20 0' rgba='.9 .3 .9 1'/>
      </worldbody>
    </mujoco>)",
                   46);
}

TEST_F(Scenes, NoLights) {
  ExpectLikeOpenGl(R"(
    <mujoco>
      <visual><headlight active='0'/></visual>
      <worldbody>
        <camera pos='0 -3 1' xyaxes='1 0 0 0 .3 1'/>
        <geom type='box' size='.5 .5 .5' rgba='.8 .2 .2 1'/>
        <geom size='.3' pos='.6 -.6 .5' rgba='.2 .8 .2 1'/>
      </worldbody>
    </mujoco>)",
                   50);
}

}  // namespace
}  // namespace saccade::raycast

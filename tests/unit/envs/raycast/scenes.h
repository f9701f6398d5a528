// What the tests of the renderers look at.

#ifndef SACCADE_TESTS_UNIT_ENVS_RAYCAST_SCENES_H_
#define SACCADE_TESTS_UNIT_ENVS_RAYCAST_SCENES_H_

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include <mujoco/mujoco.h>

#include "core/base/rng.h"
#include "tests/unit/envs/world.h"

namespace saccade::raycast {

// Domains of the Control Suite that need no other files.
inline constexpr const char* kDomains[] = {
    "acrobot",   "ball_in_cup", "cartpole",     "cheetah",     "finger",   "fish",
    "hopper",    "humanoid",    "humanoid_CMU", "manipulator", "pendulum", "point_mass",
    "quadruped", "reacher",     "stacker",      "swimmer",     "walker"};

// After some steps with random controls, from a random posture.
inline void Disturb(testing_envs::World& world, RandomStream& random) {
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

// What a renderer finds behind pixels.
struct Geometry {
  template <class AnyRenderer>
  static Geometry Of(AnyRenderer& renderer, testing_envs::World& world, int camera, int height,
                     int width) {
    Geometry geometry{height, width};
    const auto size = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    geometry.depth.resize(size);
    geometry.segmentation.resize(2 * size);
    renderer.RenderGeometry(world.scene(), camera,
                            {height, width, geometry.depth.data(), geometry.segmentation.data()});
    return geometry;
  }

  // Of pixel number i.
  std::pair<int, int> object(std::size_t i) const {
    return {segmentation[2 * i], segmentation[2 * i + 1]};
  }
  // Whether the pixels around show the same object.
  bool IsInside(std::size_t i) const {
    const int x = static_cast<int>(i) % width;
    const int y = static_cast<int>(i) / width;
    if (x == 0 || y == 0 || x == width - 1 || y == height - 1) return false;
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        if (object(i + static_cast<std::size_t>(dy * width + dx)) != object(i)) return false;
      }
    }
    return true;
  }

  int height = 0;
  int width = 0;
  std::vector<float> depth = {};
  std::vector<std::int32_t> segmentation = {};
};

struct NamedScene {
  const char* name;
  double decibels;  // how near it must be to OpenGL
  const char* mjcf;
};
inline std::ostream& operator<<(std::ostream& out, const NamedScene& scene) {
  return out << scene.name;
}

inline constexpr NamedScene kScenes[] = {
    // 2D and cube textures of odd sizes on every shape, transparency, a spot that fades, highlights.
    {"TexturesAndLights", 50, R"(
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
    </mujoco>)"},
    {"HazeOverAnInfiniteFloorAndAnOrthographicCamera", 50, R"(
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
    </mujoco>)"},
    {"AMirrorOnABoxMeshesAHeightFieldAndAPlaneFromBehind", 46, R"(
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
    </mujoco>)"},
    // In front of a box's far side, and within what the near plane cuts off of a ball.
    {"LightsInsideWhatCastsShadows", 46, R"(
    <mujoco>
      <statistic extent='3' center='0 0 .5'/>
      <visual><map znear='.05'/></visual>
      <worldbody>
        <light pos='-.8 0 1.5' dir='0 0 -1'/>
        <light pos='.8 0 1.5' dir='0 0 -1'/>
        <camera pos='0 -4 2' xyaxes='1 0 0 0 .5 1'/>
        <geom type='plane' size='3 3 .1' rgba='.7 .7 .7 1'/>
        <geom type='box' size='.3 .3 .3' pos='-.8 0 1.6' rgba='.8 .2 .2 1'/>
        <geom size='.2' pos='.8 0 1.5' rgba='.2 .8 .2 1'/>
        <geom type='capsule' size='.1 .3' pos='.8 .1 .5' euler='0 70 0' rgba='.2 .2 .8 1'/>
      </worldbody>
    </mujoco>)"},
    // The far end of the floor and half of the ball are behind the sky.
    {"TransparencyBehindTheSky", 46, R"(
    <mujoco>
      <statistic extent='2' center='0 0 1'/>
      <asset>
        <texture type='skybox' builtin='gradient' rgb1='.9 .3 .2' rgb2='.2 .9 .3'
                 width='100' height='600'/>
      </asset>
      <worldbody>
        <light pos='0 0 4' dir='0 0 -1'/>
        <camera pos='0 0 8' xyaxes='1 .1 0 0 .2 1' fovy='30'/>
        <geom type='plane' size='100 100 .1' rgba='.1 .2 .3 .4'/>
        <geom type='sphere' size='6' pos='8 70 14' rgba='.2 .2 .9 .6'/>
      </worldbody>
    </mujoco>)"},
    // OpenGL adds a light that casts shadows once for each.
    {"GeomsInTheSamePlace", 48, R"(
    <mujoco>
      <statistic extent='3'/>
      <asset>
        <texture type='skybox' builtin='gradient' rgb1='.3 .5 .7' width='100' height='600'/>
      </asset>
      <worldbody>
        <light pos='0 -1 3' dir='0 .3 -1' diffuse='.4 .4 .4'/>
        <camera pos='0 -3 1' xyaxes='1 0 0 0 .3 1'/>
        <geom type='plane' size='3 3 .1'/>
        <geom type='capsule' size='.2 .4' pos='0 0 .5' euler='0 60 0' rgba='.8 .3 .3 1'/>
        <geom type='capsule' size='.2 .4' pos='0 0 .5' euler='0 60 0' rgba='.3 .3 .8 1'/>
        <geom type='box' size='.2 .2 .2' pos='.9 0 .3' rgba='.3 .5 .2 1'/>
        <geom type='box' size='.2 .2 .2' pos='.9 0 .3' rgba='.5 .2 .5 1'/>
        <geom type='box' size='.2 .2 .2' pos='.9 0 .3' rgba='.2 .2 .3 1'/>
        <geom type='plane' size='.4 .4 .1' pos='-1 -.8 .1' rgba='.4 .2 .2 1'/>
        <geom type='plane' size='.4 .4 .1' pos='-1 -.8 .1' rgba='.2 .2 .4 1'/>
        <geom type='sphere' size='.2' pos='-.9 0 .3' rgba='.2 .4 .2 1'/>
        <geom type='sphere' size='.2' pos='-.9 0 .3' rgba='.2 .2 .4 1'/>
      </worldbody>
    </mujoco>)"},
    {"NoLights", 50, R"(
    <mujoco>
      <visual><headlight active='0'/></visual>
      <worldbody>
        <camera pos='0 -3 1' xyaxes='1 0 0 0 .3 1'/>
        <geom type='box' size='.5 .5 .5' rgba='.8 .2 .2 1'/>
        <geom size='.3' pos='.6 -.6 .5' rgba='.2 .8 .2 1'/>
      </worldbody>
    </mujoco>)"},
};

inline const char* SceneCalled(std::string_view name) {
  const auto scene = std::ranges::find(kScenes, name, &NamedScene::name);
  return scene == std::end(kScenes) ? "" : scene->mjcf;
}

}  // namespace saccade::raycast

#endif  // SACCADE_TESTS_UNIT_ENVS_RAYCAST_SCENES_H_

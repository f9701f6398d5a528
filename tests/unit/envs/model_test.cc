#include "envs/mujoco/model.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/envs/world.h"

namespace saccade {
namespace {

using testing_envs::World;

// A ball that falls, seen and lit from where it is.
std::string Falling(const std::string& more) {
  return R"(<mujoco>)" + more + R"(
    <worldbody>
      <body name="ball"><freejoint/><geom size=".1"/><site name="middle"/>
        <camera name="from_the_ball"/><light/></body>
    </worldbody></mujoco>)";
}

// Whether steps under the other header move the camera, and whether the light.
std::array<bool, 2> Moved(World world) {
  const mjModel physics = WithoutViews(*world.model());
  for (int step = 0; step < 10; ++step) mj_step(&physics, world.data());
  mj_step1(&physics, world.data());
  return {world.data()->cam_xpos[2] < 0, world.data()->light_xpos[2] < 0};
}

constexpr std::array<bool, 2> kNone = {false, false};
constexpr std::array<bool, 2> kBoth = {true, true};

TEST(WithoutViews, StepsPlaceNoCameraAndNoLight) {
  EXPECT_EQ(Moved(World::Text(Falling(""))), kNone);
}

TEST(WithoutViews, StepsTheSameState) {
  World whole = World::Text(Falling(""));
  World without = World::Text(Falling(""));
  const mjModel physics = WithoutViews(*without.model());
  for (int step = 0; step < 10; ++step) {
    mj_step(whole.model(), whole.data());
    mj_step(&physics, without.data());
  }
  for (int i = 0; i < 7; ++i) EXPECT_EQ(without.data()->qpos[i], whole.data()->qpos[i]);
}

TEST(WithoutViews, CamerasThatAreSensedAreInTheirPlaces) {
  EXPECT_EQ(Moved(World::Text(Falling(
                R"(<sensor><framepos objtype="camera" objname="from_the_ball"/></sensor>)"))),
            kBoth);
  EXPECT_EQ(Moved(World::Text(Falling(
                R"(<sensor><framepos objtype="site" objname="middle" reftype="camera"
                   refname="from_the_ball"/></sensor>)"))),
            kBoth);
}

// mj_camlight passes over what sleeps: what fell asleep would never be placed.
TEST(WithoutViews, WhereBodiesSleepCamerasAreInTheirPlaces) {
  EXPECT_EQ(Moved(World::Text(Falling(R"(<option><flag sleep="enable"/></option>)"))), kBoth);
}

TEST(WithoutViews, PluginsMaySenseCameras) {
  World world = World::Text(Falling(""));
  mjModel with_plugin = *world.model();
  with_plugin.nplugin = 1;
  EXPECT_EQ(WithoutViews(with_plugin).ncam, 1);
  EXPECT_EQ(WithoutViews(with_plugin).nlight, 1);
}

}  // namespace
}  // namespace saccade

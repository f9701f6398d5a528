#include "envs/mujoco/model.h"

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

// Where the camera is after ten steps of a model under the other header.
double HeightOfTheCamera(World world) {
  const mjModel physics = WithoutViews(*world.model());
  for (int step = 0; step < 10; ++step) mj_step(&physics, world.data());
  mj_step1(&physics, world.data());
  return world.data()->cam_xpos[2];
}

TEST(WithoutViews, StepsPlaceNoCamera) {
  EXPECT_EQ(HeightOfTheCamera(World::Text(Falling(""))), 0);
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
  EXPECT_LT(HeightOfTheCamera(World::Text(Falling(
                R"(<sensor><framepos objtype="camera" objname="from_the_ball"/></sensor>)"))),
            0);
  EXPECT_LT(HeightOfTheCamera(World::Text(Falling(
                R"(<sensor><framepos objtype="site" objname="middle" reftype="camera"
                   refname="from_the_ball"/></sensor>)"))),
            0);
}

// mj_camlight passes over what sleeps: what fell asleep would never be placed.
TEST(WithoutViews, WhereBodiesSleepCamerasAreInTheirPlaces) {
  EXPECT_LT(HeightOfTheCamera(World::Text(Falling(R"(<option><flag sleep="enable"/></option>)"))),
            0);
}

}  // namespace
}  // namespace saccade

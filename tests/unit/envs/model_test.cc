#include "envs/mujoco/model.h"

#include <array>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/testing/temporary_folder.h"
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

// A model with a file beside it, in folders whose names are not equally long.
TEST(ModelDigest, IsOfTheModelAndNotOfItsPlace) {
  const testing_tools::TemporaryFolder root;
  const auto digest = [&](const std::string& folder, const std::string& size) {
    const std::filesystem::path place = root.path() / folder;
    std::filesystem::create_directories(place);
    WriteFileAtomically(place / "tetrahedron.obj",
                        "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\n"
                        "f 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n");
    WriteFileAtomically(place / "m.xml",
                        "<mujoco><asset><mesh name='m' file='tetrahedron.obj'/></asset><worldbody>"
                        "<geom type='mesh' mesh='m'/><geom size='" +
                            size + "'/></worldbody></mujoco>");
    return ModelDigest(*LoadModel(place / "m.xml"));
  };
  const std::string here = digest("here", ".1");
  EXPECT_TRUE(here.starts_with("mujoco 3.")) << here;
  EXPECT_EQ(digest("somewhere/else", ".1"), here);
  EXPECT_NE(digest("here", ".2"), here);
}

}  // namespace
}  // namespace saccade

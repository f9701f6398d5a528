#include "envs/mujoco/camera.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/unit/envs/gl_testing.h"

namespace saccade {
namespace {

using testing_gl::World;

std::string Message(World& world, const std::string& camera) {
  try {
    CameraId(world.model(), camera);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "no error";
}

TEST(CameraId, FindsByNameAndByNumber) {
  World world = World::Suite("cheetah");
  EXPECT_EQ(CameraId(world.model(), "side"), 0);
  EXPECT_EQ(CameraId(world.model(), "back"), 1);
  EXPECT_EQ(CameraId(world.model(), "0"), 0);
  EXPECT_EQ(CameraId(world.model(), "1"), 1);
  EXPECT_EQ(CameraId(world.model(), "-1"), kFreeCamera);
}

TEST(CameraId, TheFirstOfNoneIsTheFreeCamera) {
  World world = World::Text("<mujoco><worldbody><geom size='1'/></worldbody></mujoco>");
  EXPECT_EQ(CameraId(world.model(), "0"), kFreeCamera);
  EXPECT_THAT(Message(world, "1"), testing::HasSubstr("there is no camera '1'"));
}

TEST(CameraId, NamesTheCamerasThatThereAre) {
  World world = World::Suite("cheetah");
  EXPECT_EQ(Message(world, "sid"),
            "there is no camera 'sid' in the model 'cheetah'; did you mean 'side'? It has "
            "side (0), back (1), the free camera (-1)");
  EXPECT_EQ(Message(world, "fixed"),
            "there is no camera 'fixed' in the model 'cheetah'. It has "
            "side (0), back (1), the free camera (-1)");
  for (const char* camera : {"2", "-2", "1 ", "0x1", "", "99999999999999999999"}) {
    EXPECT_THAT(Message(world, camera), testing::StartsWith("there is no camera '")) << camera;
  }
}

TEST(CameraId, PrefersANameThatLooksLikeANumber) {
  World world = World::Text(
      "<mujoco><worldbody><camera/><camera name='0'/><geom size='1'/></worldbody></mujoco>");
  EXPECT_EQ(CameraId(world.model(), "0"), 1);
  EXPECT_THAT(Message(world, "2"),
              testing::HasSubstr("without a name (0), 0 (1), the free camera"));
}

TEST(CameraAfter, GoesInACircleOverTheFreeOne) {
  World world = World::Suite("cheetah");
  EXPECT_EQ(CameraAfter(world.model(), 0, 1), 1);
  EXPECT_EQ(CameraAfter(world.model(), 1, 1), kFreeCamera);
  EXPECT_EQ(CameraAfter(world.model(), kFreeCamera, 1), 0);
  EXPECT_EQ(CameraAfter(world.model(), 0, -1), kFreeCamera);
  EXPECT_EQ(CameraAfter(world.model(), kFreeCamera, -1), 1);
}

TEST(NameOfCamera, IsANumberWhereThereIsNone) {
  World world = World::Text(
      "<mujoco><worldbody><camera/><camera name='eye'/><geom size='1'/></worldbody></mujoco>");
  EXPECT_EQ(NameOfCamera(world.model(), 0), "0");
  EXPECT_EQ(NameOfCamera(world.model(), 1), "eye");
  EXPECT_EQ(NameOfCamera(world.model(), kFreeCamera), "free");
}

}  // namespace
}  // namespace saccade

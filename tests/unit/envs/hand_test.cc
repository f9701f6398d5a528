#include "envs/mujoco/hand.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/envs/world.h"

namespace saccade {
namespace {

using testing::DoubleNear;
using testing_envs::World;

// A ball without gravity, one that is part of the world, and four cameras: one stands 3 m before the
// origin and looks along +y, one looks the same way from beside the ball and follows it, one looks
// straight down, one, orthographic, obliquely down.
World Balls() {
  return World::Text(R"(
<mujoco>
  <option gravity='0 0 0'/>
  <statistic center='0 0 0' extent='2'/>
  <visual><global fovy='45'/></visual>
  <worldbody>
    <camera name='front' pos='0 -3 0' xyaxes='1 0 0 0 0 1' fovy='45'/>
    <camera name='above' pos='0 0 4' fovy='90'/>
    <camera name='flat' pos='0 -3 1.5' xyaxes='1 0 0 0 .5 1' projection='orthographic' fovy='3'/>
    <body name='ball'>
      <freejoint/>
      <camera name='beside' mode='track' pos='0 -3 0' xyaxes='1 0 0 0 0 1' fovy='45'/>
      <geom size='.2' mass='1'/>
    </body>
    <geom name='fixed' size='.2' pos='1 0 0'/>
  </worldbody>
</mujoco>)");
}
constexpr double kAspect = 1.5;
constexpr PicturePoint kMiddle = {kAspect / 2, 0.5};
// How many heights of the picture a metre is, 3 m before an eye with an angle of 45 degrees.
const double kPerMetre = 1 / (2 * 3 * std::tan(M_PI / 8));

Hand HandAt(World& world, const char* camera) {
  return {world.scene(), mj_name2id(world.model(), mjOBJ_CAMERA, camera)};
}

void ExpectOrbit(const Viewpoint& viewpoint, std::array<double, 3> lookat, double distance,
                 double azimuth, double elevation) {
  ASSERT_TRUE(viewpoint.orbit);
  EXPECT_THAT(viewpoint.orbit->lookat,
              testing::ElementsAre(DoubleNear(lookat[0], 1e-6), DoubleNear(lookat[1], 1e-6),
                                   DoubleNear(lookat[2], 1e-6)));
  EXPECT_NEAR(viewpoint.orbit->distance, distance, 1e-9);
  EXPECT_NEAR(viewpoint.orbit->azimuth, azimuth, 1e-9);
  EXPECT_NEAR(viewpoint.orbit->elevation, elevation, 1e-9);
}

TEST(Hand, LooksThroughItsCameraUntilItMoves) {
  World world = Balls();
  Hand hand = HandAt(world, "front");
  EXPECT_EQ(hand.viewpoint().camera, 0);
  EXPECT_FALSE(hand.viewpoint().orbit);
  EXPECT_FALSE(hand.has_moved());
  hand.Turn({0, 0});
  EXPECT_TRUE(hand.has_moved());
  ExpectOrbit(hand.viewpoint(), {0, 0, 0}, 3, 90, 0);
  hand.LookThrough(1);
  EXPECT_FALSE(hand.has_moved());
  EXPECT_EQ(hand.viewpoint().camera, 1);
}

// What is looked at stays as large as it was: the wider camera's orbit is farther away.
TEST(Hand, BeginsWhereACameraWithAnotherAngleStands) {
  World world = Balls();
  Hand hand = HandAt(world, "above");
  hand.Zoom(0);
  const Viewpoint viewpoint = hand.viewpoint();
  ASSERT_TRUE(viewpoint.orbit);
  EXPECT_NEAR(viewpoint.orbit->elevation, -89, 1e-6);  // MuJoCo's limit
  EXPECT_NEAR(viewpoint.orbit->distance, 4 * std::tan(M_PI / 4) / std::tan(M_PI / 8), 1e-9);
}

TEST(Hand, BeginsWhereTheFreeCameraIs) {
  World world = Balls();
  Hand hand(world.scene(), kFreeCamera);
  hand.Turn({0, 0});
  const Viewpoint viewpoint = hand.viewpoint();
  ASSERT_TRUE(viewpoint.orbit);
  mjvCamera free;
  mjv_defaultFreeCamera(world.model(), &free);
  ExpectOrbit(viewpoint, {free.lookat[0], free.lookat[1], free.lookat[2]}, free.distance,
              free.azimuth, free.elevation);
}

TEST(Hand, TurnsShiftsAndZooms) {
  World world = Balls();
  Hand hand = HandAt(world, "front");
  hand.Turn({0.5, 0.25});  // to the right and down: the eye goes left and up
  ExpectOrbit(hand.viewpoint(), {0, 0, 0}, 3, 0, -45);
  hand.Shift({0.1, 0.2});  // across the new gaze, and along what is up in the picture
  const double h = 1 / kPerMetre;
  const double oblique = std::sqrt(0.5) * 0.2 * h;
  ExpectOrbit(hand.viewpoint(), {oblique, 0.1 * h, oblique}, 3, 0, -45);
  hand.LookThrough(0);
  hand.Shift({kPerMetre, 0});
  ExpectOrbit(hand.viewpoint(), {-1, 0, 0}, 3, 90, 0);
  const double before = hand.viewpoint().orbit->distance;
  hand.Zoom(0.1);
  EXPECT_LT(hand.viewpoint().orbit->distance, before);
}

TEST(Hand, GoesAlongWithWhatItsCameraFollowed) {
  World world = Balls();
  Hand hand = HandAt(world, "beside");
  hand.Turn({0, 0});
  ExpectOrbit(hand.viewpoint(), {0, 0, 0}, 3, 90, 0);
  world.data()->qpos[0] = 5;
  mj_forward(world.model(), world.data());
  ExpectOrbit(hand.viewpoint(), {5, 0, 0}, 3, 90, 0);
}

// As steps leave them: bodies are there, cameras are not (WithoutViews).
TEST(Hand, PlacesTheCamerasThatItLooksThrough) {
  World world = Balls();
  Hand hand = HandAt(world, "beside");
  Hand other = HandAt(world, "beside");
  mj_resetData(world.model(), world.data());
  world.data()->qpos[0] = 5;
  mj_kinematics(world.model(), world.data());
  mj_comPos(world.model(), world.data());
  hand.Turn({0, 0});
  ExpectOrbit(hand.viewpoint(), {5, 0, 0}, 3, 90, 0);
  mju_zero(world.data()->cam_xpos, 3 * world.model()->ncam);
  EXPECT_TRUE(other.Grab(kMiddle, kAspect));
}

TEST(Hand, TakesHoldOfWhatCanMove) {
  World world = Balls();
  Hand hand = HandAt(world, "front");
  EXPECT_FALSE(hand.Grab({0, 0}, kAspect));                         // nothing
  EXPECT_FALSE(hand.Grab({kMiddle[0] + kPerMetre, 0.5}, kAspect));  // the fixed ball
  EXPECT_FALSE(hand.holds());
  EXPECT_FALSE(hand.Line(kAspect));
  EXPECT_TRUE(hand.Grab(kMiddle, kAspect));
  EXPECT_TRUE(hand.holds());
}

TEST(Hand, PullsToWhereThePointerGoes) {
  World world = Balls();
  Hand hand = HandAt(world, "front");
  ASSERT_TRUE(hand.Grab(kMiddle, kAspect));
  const PicturePoint by = {0.1, -0.2};  // right and up
  hand.Pull(by);
  const auto line = hand.Line(kAspect);
  ASSERT_TRUE(line);
  for (int i : {0, 1}) {
    EXPECT_NEAR((*line)[0][i], kMiddle[i], 1e-6);
    EXPECT_NEAR((*line)[1][i], kMiddle[i] + by[i], 0.01);
  }
  for (int step = 0; step < 2000; ++step) {
    hand.Push();
    mj_step(world.model(), world.data());
  }
  EXPECT_GT(world.data()->qpos[0], 0);
  const auto later = hand.Line(kAspect);
  ASSERT_TRUE(later);
  for (int i : {0, 1}) {
    EXPECT_NEAR((*later)[0][i], (*line)[1][i], 0.01);  // the point is where it was drawn to
    EXPECT_EQ((*later)[1][i], (*line)[1][i]);
  }
}

// However the eye looks, also straight down and in parallel.
TEST(Hand, PullsInThePlaneOfThePicture) {
  World world = Balls();
  for (const char* camera : {"front", "above", "flat", "beside"}) {
    SCOPED_TRACE(camera);
    Hand hand = HandAt(world, camera);
    for (const bool moves : {false, true}) {
      if (moves) hand.Turn({0.1, 0.05});
      ASSERT_TRUE(hand.Grab(kMiddle, kAspect));
      const PicturePoint by = {0.1, -0.2};
      hand.Pull(by);
      const auto line = hand.Line(kAspect);
      ASSERT_TRUE(line);
      for (const std::size_t i : {0, 1}) EXPECT_NEAR((*line)[1][i], kMiddle[i] + by[i], 1e-4);
    }
  }
}

// By opening, and by reaching for something else.
TEST(Hand, LetsGoWithoutALastingForce) {
  World world = Balls();
  Hand hand = HandAt(world, "front");
  for (const bool reaches : {false, true}) {
    ASSERT_TRUE(hand.Grab(kMiddle, kAspect));
    hand.Pull({0.1, 0});
    hand.Push();
    EXPECT_GT(world.data()->xfrc_applied[6], 0);
    if (reaches) {
      EXPECT_FALSE(hand.Grab({0, 0}, kAspect));  // where nothing is
    } else {
      hand.LetGo();
    }
    EXPECT_FALSE(hand.holds());
    EXPECT_EQ(world.data()->xfrc_applied[6], 0);
    hand.Push();
    hand.Pull({0.1, 0});
    EXPECT_EQ(world.data()->xfrc_applied[6], 0);
  }
}

}  // namespace
}  // namespace saccade

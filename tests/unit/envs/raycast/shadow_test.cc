#include "envs/raycast/shadow.h"

#include <cmath>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "tests/unit/envs/world.h"

namespace saccade::raycast {
namespace {

using Eigen::Vector3d;
using testing_envs::World;

constexpr double kNear = .1;
constexpr double kFar = 20;

// Five above the origin, looking down.
mjvLight Above(int type) {
  mjvLight light = {};
  light.type = type;
  light.pos[2] = 5;
  light.dir[2] = -1;
  light.cutoff = 50;
  return light;
}

class ShadowTest : public testing::TestWithParam<mjtLightType> {
 protected:
  // A map of 100 texels; extent 3.
  World world_ = World::Text(
      "<mujoco><statistic extent='3'/><visual><quality shadowsize='100'/></visual></mujoco>");
  ShadowView view_{Above(GetParam()), *world_.model(), kNear, kFar};
  // Half the width of the map on the floor: extent, or at 60 % of the cutoff.
  double half_width_ =
      GetParam() == mjLIGHT_DIRECTIONAL ? 3 : 5 * std::tan(.6 * 50 * std::acos(-1) / 180);

  bool IsShaded(const Vector3d& point, const Vector3d& size, double height) const {
    const auto query = view_.QueryAt(point);
    if (!query) return false;
    const Ray local{query->ray.origin - Vector3d(0, 0, height), query->ray.direction};
    return view_.Shades(*query, HitBox(local, size, kNear));
  }
};

TEST_P(ShadowTest, LooksThroughTheMiddleOfTheTexel) {
  for (const double x : {-1.3, -.2, .05, 1.1}) {
    const Vector3d point(x, .3, 0);
    const auto query = view_.QueryAt(point);
    ASSERT_TRUE(query);
    EXPECT_NEAR(query->depth, 5, 1e-9);
    const Vector3d there = query->ray.origin + query->depth * query->ray.direction;
    EXPECT_NEAR(there.z(), 0, 1e-9);
    // Half a texel away at most, and another by drawing into 98 of 100 texels.
    EXPECT_LT((there - point).cwiseAbs().maxCoeff(), 1.6 * 2 * half_width_ / 100);
  }
}

TEST_P(ShadowTest, NothingIsShadedBeyondTheMap) {
  EXPECT_TRUE(view_.QueryAt({.97 * half_width_, 0, 0}));
  EXPECT_FALSE(view_.QueryAt({1.01 * half_width_, 0, 0}));
  EXPECT_FALSE(view_.QueryAt({0, -1.01 * half_width_, 0}));
  const bool seen_behind = view_.QueryAt({0, 0, 6}).has_value();
  EXPECT_EQ(seen_behind, GetParam() == mjLIGHT_DIRECTIONAL);
}

TEST_P(ShadowTest, ABoxShadesWhatIsBelowIt) {
  const Vector3d size(.5, .5, .1);
  EXPECT_TRUE(IsShaded({0, 0, 0}, size, 1));
  EXPECT_TRUE(IsShaded({.4, -.4, 0}, size, 1));
  EXPECT_FALSE(IsShaded({.9, 0, 0}, size, 1));
  EXPECT_FALSE(IsShaded({0, 0, 3}, size, 1));  // above it
}

// The depth of the map is moved away from the light, so that a surface does not shade itself.
TEST_P(ShadowTest, ASurfaceDoesNotShadeWhatLiesOnIt) {
  EXPECT_FALSE(IsShaded({0, 0, .1}, {.5, .5, .1}, 0));
  EXPECT_TRUE(IsShaded({0, 0, .1 - 1e-3}, {.5, .5, .1}, 0));
}

// Nor does a slope, although its depth changes within a texel.
TEST_P(ShadowTest, ASlopeDoesNotShadeItself) {
  const Eigen::Matrix3d axes =
      Eigen::AngleAxisd(1, Vector3d(1, 2, 0).normalized()).toRotationMatrix();
  int points = 0;
  for (double x = -.5; x < .5; x += .0173) {
    for (double y = -.5; y < .5; y += .0191) {
      const auto query = view_.QueryAt(axes * Vector3d(x, y, 0));
      ASSERT_TRUE(query);
      const Ray local{axes.transpose() * query->ray.origin,
                      axes.transpose() * query->ray.direction};
      Hit hit = HitPlane(local, {9, 9, 1}, kNear);
      hit.normal = axes * hit.normal;
      ASSERT_FALSE(view_.Shades(*query, hit)) << x << " " << y;
      points += hit.d < query->depth ? 1 : 0;
    }
  }
  EXPECT_GT(points, 1000);  // without the offset these would be shaded
}

INSTANTIATE_TEST_SUITE_P(Lights, ShadowTest, testing::Values(mjLIGHT_SPOT, mjLIGHT_DIRECTIONAL));

}  // namespace
}  // namespace saccade::raycast

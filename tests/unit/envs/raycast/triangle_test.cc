#include "envs/raycast/triangle.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/rng.h"
#include "envs/raycast/intersect.h"
#include "envs/raycast/view.h"

namespace saccade::raycast {
namespace {

using Eigen::Matrix4d;
using Eigen::Vector3d;
using Eigen::Vector4d;

constexpr int kSize = 16;  // pixels a side
constexpr double kNear = .1;
constexpr double kFar = 50;

// From the origin along +y, z upwards, 90 degrees wide and high.
View Ahead() {
  Matrix4d clip_from_world;
  clip_from_world << 1, 0, 0, 0,                                     //
      0, 0, 1, 0,                                                    //
      0, -kNear / (kFar - kNear), 0, kNear * kFar / (kFar - kNear),  //
      0, 1, 0, 0;
  return {clip_from_world, Vector3d::Zero(), kNear, kFar};
}

// What a pixel coordinate looks at.
Ray Through(double x, double y) {
  return {Vector3d::Zero(), {2 * x / kSize - 1, 1, 2 * y / kSize - 1}};
}

Corner At(const Vector3d& world) { return {.clip = Ahead().Project(world), .world = world}; }

Triangle Seen(const Vector3d& a, const Vector3d& b, const Vector3d& c) {
  return {At(a), At(b), At(c), kSize, kSize};
}

Vector3d Somewhere(RandomStream& random, double size) {
  std::vector<double> numbers(3);
  random.FillNormal(numbers);
  return size * Vector3d(numbers[0], numbers[1], numbers[2]);
}

// Corners behind the eye included: what is covered is what a ray through the point meets, and there
// depth and position are those of the meeting point.
TEST(Triangle, CoversWhatRaysMeet) {
  RandomStream random(1, Stream::kBenchmark, 0, 0);
  int covered = 0;
  for (int i = 0; i < 300; ++i) {
    const Vector3d a = Somewhere(random, 3);
    const Vector3d b = Somewhere(random, 3);
    const Vector3d c = Somewhere(random, 3);
    const Triangle triangle = Seen(a, b, c);
    const Triangle::Bounds& bounds = triangle.bounds();
    for (int y = 0; y < kSize; ++y) {
      for (int x = 0; x < kSize; ++x) {
        const Vector3d lambda = triangle.Lambda(x + .5, y + .5);
        const Hit hit = HitTriangle(Through(x + .5, y + .5), a, b, c, 0);
        ASSERT_EQ(triangle.Covers(lambda), hit.d != kNoHit);
        if (hit.d == kNoHit) continue;
        const Vector3d point = hit.d * Through(x + .5, y + .5).direction;
        const Vector3d world = triangle.Interpolate(lambda, &Corner::world);
        ASSERT_NEAR((world - point).norm(), 0, 1e-6 * (1 + point.norm()));
        const Vector4d clip = Ahead().Project(point);
        ASSERT_NEAR(triangle.Depth(lambda), clip.z() / clip.w(), 1e-6);
        if (point.y() < kNear) continue;
        ++covered;
        ASSERT_TRUE(bounds.x0 <= x && x < bounds.x1 && bounds.y0 <= y && y < bounds.y1);
      }
    }
  }
  EXPECT_GT(covered, 1000);
}

// Points that lie on the edges between triangles: along the axes, the diagonal and in corners.
TEST(Triangle, SharedEdgesAreCoveredOnce) {
  const auto corner = [](int i, int k) { return Vector3d(i / 4., 1, k / 4.); };
  std::vector<Triangle> triangles;
  for (int i = -4; i < 4; ++i) {
    for (int k = -4; k < 4; ++k) {
      triangles.push_back(Seen(corner(i, k), corner(i + 1, k), corner(i, k + 1)));
      triangles.push_back(Seen(corner(i + 1, k), corner(i + 1, k + 1), corner(i, k + 1)));
    }
  }
  for (int y = 1; y < kSize; ++y) {
    for (int x = 1; x < kSize; ++x) {
      int covers = 0;
      for (const Triangle& triangle : triangles) covers += triangle.Covers(triangle.Lambda(x, y));
      ASSERT_EQ(covers, 1) << x << " " << y;
    }
  }
}

// The middle of an edge is exactly on it; what rounding makes of that, both triangles must agree on.
TEST(Triangle, SharedEdgesAreCoveredOnceHoweverTheyRound) {
  RandomStream random(3, Stream::kBenchmark, 0, 0);
  for (int i = 0; i < 2000; ++i) {
    const auto corner = [&](double x, double y) -> Corner {
      const double w = 1 + random.Uniform();
      return {.clip = {(2 * x / kSize - 1) * w, (2 * y / kSize - 1) * w, .5 * w, w},
              .world = {x, y, 0}};
    };
    const Corner a = corner(2, 1);
    const Corner b = corner(12, 14);
    const Triangle left(a, b, corner(2 + 5 * random.Uniform(), 12), kSize, kSize);
    const Triangle right(b, a, corner(12, 5 * random.Uniform()), kSize, kSize);
    ASSERT_EQ(left.is_front(), right.is_front());
    const int covers =
        int{left.Covers(left.Lambda(7, 7.5))} + int{right.Covers(right.Lambda(7, 7.5))};
    ASSERT_EQ(covers, 1);
  }
}

TEST(Triangle, KnowsItsFront) {
  EXPECT_TRUE(Seen({-1, 2, -1}, {1, 2, -1}, {0, 2, 1}).is_front());
  EXPECT_FALSE(Seen({1, 2, -1}, {-1, 2, -1}, {0, 2, 1}).is_front());
}

TEST(Triangle, WhatIsNotThereCoversNothing) {
  const double nan = std::nan("");
  for (const Triangle& triangle :
       {Seen({0, 2, 0}, {1, 2, 1}, {2, 2, 2}), Seen({nan, 2, 0}, {1, 2, 0}, {0, 2, 1}),
        Seen({0, -2, 0}, {1, -2, 0}, {0, -2, 1}), Seen({9, 2, 9}, {8, 2, 9}, {9, 2, 8})}) {
    const Triangle::Bounds& bounds = triangle.bounds();
    EXPECT_TRUE(bounds.x0 >= bounds.x1 || bounds.y0 >= bounds.y1);
  }
}

}  // namespace
}  // namespace saccade::raycast

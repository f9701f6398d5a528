#include "envs/raycast/intersect.h"

#include <cmath>
#include <vector>

#include <Eigen/Geometry>
#include <gtest/gtest.h>
#include <mujoco/mujoco.h>

#include "core/base/rng.h"
#include "envs/raycast/triangle_tree.h"

namespace saccade::raycast {
namespace {

using Eigen::Vector3d;

class Rays {
 public:
  Vector3d Point(double size) {
    std::vector<double> numbers(3);
    random_.FillNormal(numbers);
    return size * Vector3d(numbers[0], numbers[1], numbers[2]);
  }
  // Towards somewhere near the origin.
  Ray Next() {
    const Vector3d origin = Point(3);
    return {origin, Point(.5) - origin};
  }

 private:
  RandomStream random_{2, Stream::kBenchmark, 0, 0};
};

// MuJoCo's own function is the reference; from inside, both give where the ray leaves.
TEST(HitBox, IsWhereMuJoCoHitsIt) {
  const Vector3d size(.4, .7, .6);
  constexpr double kPosition[3] = {0, 0, 0};
  constexpr double kAxes[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  Rays rays;
  int hits = 0;
  for (int i = 0; i < 3000; ++i) {
    const Ray ray = rays.Next();
    Vector3d normal;
    const double expected = mju_rayGeom(kPosition, kAxes, size.data(), ray.origin.data(),
                                        ray.direction.data(), mjGEOM_BOX, normal.data());
    const Hit hit = HitBox(ray, size, 0);
    if (expected < 0) {
      ASSERT_EQ(hit.d, kNoHit);
      continue;
    }
    ++hits;
    ASSERT_NEAR(hit.d, expected, 1e-9);
    ASSERT_NEAR(std::abs(hit.normal.dot(normal)), 1, 1e-6);
  }
  EXPECT_GT(hits, 500);
}

// What is nearer than `nearest` is not seen, as before a near plane: then the far side is.
TEST(HitBox, BeginsAtTheNearest) {
  const Ray ray{{0, 0, 3}, {0, 0, -1}};
  EXPECT_EQ(HitBox(ray, {1, 1, 1}, 0).d, 2);
  EXPECT_EQ(HitBox(ray, {1, 1, 1}, 2.5).d, 4);
  EXPECT_EQ(HitBox(ray, {1, 1, 1}, 4.5).d, kNoHit);
}

TEST(HitPlane, IsFromBothSidesWithinItsSize) {
  const Vector3d size(1, 2, .1);
  EXPECT_EQ(HitPlane({{.5, 0, 3}, {0, 0, -1}}, size, 0).d, 3);
  EXPECT_EQ(HitPlane({{.5, 0, -3}, {0, 0, 1}}, size, 0).d, 3);
  EXPECT_EQ(HitPlane({{1.5, 0, 3}, {0, 0, -1}}, size, 0).d, kNoHit);
  EXPECT_EQ(HitPlane({{99, 99, 3}, {0, 0, -1}}, {0, 0, 1}, 0).d, 3);
  EXPECT_EQ(HitPlane({{0, 0, 3}, {1, 0, 0}}, size, 0).d, kNoHit);
}

TEST(TriangleTree, FindsWhatLookingAtEveryTriangleFinds) {
  Rays rays;
  Mesh mesh;
  for (int i = 0; i < 300; ++i) {
    const Vector3d middle = rays.Point(1);
    for (int k = 0; k < 3; ++k) {
      mesh.vertices.push_back({(middle + rays.Point(.2)).cast<float>(), {0, 0, 1}});
    }
    mesh.triangles.push_back({3 * i, 3 * i + 1, 3 * i + 2});
  }
  const TriangleTree tree(mesh);
  int hits = 0;
  for (int i = 0; i < 1000; ++i) {
    const Ray ray = rays.Next();
    Hit expected;
    for (const auto& [a, b, c] : mesh.triangles) {
      const auto at = [&](int vertex) -> Vector3d {
        return mesh.vertices[static_cast<std::size_t>(vertex)].position.cast<double>();
      };
      const Hit hit = HitTriangle(ray, at(a), at(b), at(c), .3);
      if (hit.d < expected.d) expected = hit;
    }
    const Hit hit = tree.First(ray, .3);
    ASSERT_EQ(hit.d, expected.d);
    ASSERT_EQ(hit.normal, expected.normal);
    if (hit.d != kNoHit) ++hits;
  }
  EXPECT_GT(hits, 100);
}

TEST(TriangleTree, OfNothingIsMissed) {
  EXPECT_EQ(TriangleTree({}).First({{0, 0, 0}, {0, 0, 1}}, 0).d, kNoHit);
}

}  // namespace
}  // namespace saccade::raycast

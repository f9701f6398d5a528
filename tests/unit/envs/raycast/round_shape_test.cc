#include "envs/raycast/round_shape.h"

#include <array>
#include <cmath>
#include <vector>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "core/base/rng.h"
#include "envs/raycast/mesh.h"
#include "envs/raycast/triangle_tree.h"

namespace saccade::raycast {
namespace {

using Eigen::Vector3d;

constexpr int kSlices = 28;
constexpr int kStacks = 16;

Mesh Moved(Mesh mesh, float z, float scale_z) {
  for (Vertex& vertex : mesh.vertices) {
    vertex.position.z() = scale_z * vertex.position.z() + z;
  }
  return mesh;
}

Mesh Ball() { return MakeSphere(kSlices, kStacks); }

Mesh Capsule(float height) {
  Mesh mesh = Moved(MakeTube(kSlices, kStacks), 0, height);
  mesh.Append(Moved(MakeHalfSphere(1, kSlices, kStacks / 2), height - 1, 1));
  mesh.Append(Moved(MakeHalfSphere(-1, kSlices, kStacks / 2), 1 - height, 1));
  return mesh;
}

Mesh Cylinder(float height) {
  Mesh mesh = Moved(MakeTube(kSlices, kStacks), 0, height);
  mesh.Append(Moved(MakeDisc(1, kSlices, kStacks / 2), height - 1, 1));
  mesh.Append(Moved(MakeDisc(-1, kSlices, kStacks / 2), 1 - height, 1));
  return mesh;
}

// Rays from all sides, of all lengths, that pass near the shape; and some along its axis.
std::vector<ThinRay> Rays(float height) {
  RandomStream random(1, Stream::kBenchmark, 0, 0);
  std::vector<ThinRay> rays;
  for (int i = 0; i < 20000; ++i) {
    std::vector<double> n(7);
    random.FillNormal(n);
    const Vector3d from = Vector3d(n[0], n[1], n[2]).normalized() * (3 + height + 20 * n[6] * n[6]);
    Vector3d direction = Vector3d(.7 * n[3], .7 * n[4], .5 * (1 + height) * n[5]) - from;
    if (i % 20 == 0) direction = {0, 0, from.z() > 0 ? -2.0 : 2.0};
    ThinRay ray;
    for (std::size_t k = 0; k < 3; ++k) {
      const auto axis = static_cast<Eigen::Index>(k);
      ray.origin[k] = static_cast<float>(from[axis]);
      ray.direction[k] = static_cast<float>(direction[axis]);
    }
    rays.push_back(ray);
  }
  return rays;
}

// Where the triangles are met, but for a few rays that graze an outline or cross on an edge.
void ExpectEntries(const Mesh& mesh, float height, RoundShapes::Ends ends) {
  const RoundShapes shapes(kSlices, kStacks);
  const TriangleTree tree(mesh);
  int hits = 0;
  int wrong = 0;
  int other_normal = 0;
  for (const ThinRay& thin : Rays(height)) {
    const Ray ray = {Vector3d(thin.origin[0], thin.origin[1], thin.origin[2]),
                     Vector3d(thin.direction[0], thin.direction[1], thin.direction[2])};
    const Hit hit = tree.First(ray, 0);
    const Entry entry = shapes.Enter(thin, height, ends);
    const bool is_hit = hit.d < kNoHit;
    hits += static_cast<int>(is_hit);
    if (is_hit != (entry.d < kNoHit)) {
      ++wrong;
    } else if (is_hit) {
      EXPECT_NEAR(entry.d, hit.d, 2e-5);
      const Vector3d normal(entry.normal[0], entry.normal[1], entry.normal[2]);
      other_normal += static_cast<int>(std::abs(normal.dot(hit.normal.normalized())) < .99999);
    }
  }
  EXPECT_GT(hits, 5000);
  EXPECT_LT(wrong, 10);
  EXPECT_LT(other_normal, 10);
}

TEST(RoundShapes, BallsAreEnteredWhereTheirTrianglesAre) {
  ExpectEntries(Ball(), 0, RoundShapes::Ends::kBalls);
}

TEST(RoundShapes, CapsulesAreEnteredWhereTheirTrianglesAre) {
  ExpectEntries(Capsule(.3F), .3F, RoundShapes::Ends::kBalls);
  ExpectEntries(Capsule(4), 4, RoundShapes::Ends::kBalls);
}

TEST(RoundShapes, CylindersAreEnteredWhereTheirTrianglesAre) {
  ExpectEntries(Cylinder(1), 1, RoundShapes::Ends::kFlat);
  ExpectEntries(Cylinder(.2F), .2F, RoundShapes::Ends::kFlat);
}

}  // namespace
}  // namespace saccade::raycast

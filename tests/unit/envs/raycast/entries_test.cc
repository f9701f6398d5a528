#include <array>
#include <cmath>
#include <vector>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "core/base/rng.h"
#include "envs/raycast/entries-inl.h"
#include "envs/raycast/mesh.h"
#include "envs/raycast/round_shape-inl.h"
#include "envs/raycast/round_shape.h"
#include "envs/raycast/triangle_tree.h"

namespace saccade::raycast {
namespace {

namespace simd = HWY_NAMESPACE;  // of this file's own instruction set

using Eigen::Vector3d;
using simd::kLanes;
using Lanes = std::array<float, kLanes>;

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

// Rays from all sides, of all lengths: to places in and near the shape, to where sectors are counted
// from, to both poles, and along the axis.
std::vector<Ray> RaysNear(float height) {
  RandomStream random(1, Stream::kBenchmark, 0, 0);
  std::vector<Ray> rays;
  for (int i = 0; i < 20000; ++i) {
    std::vector<double> n(7);
    random.FillNormal(n);
    const Vector3d from = Vector3d(n[0], n[1], n[2]).normalized() * (3 + height + 20 * n[6] * n[6]);
    Vector3d to = {.7 * n[3], .7 * n[4], .5 * (1 + height) * n[5]};
    if (i % 4 == 1) to = {.97, .1 * n[4], .5 * (1 + height) * n[5]};
    if (i % 4 == 3) to = {.2 * n[3], .2 * n[4], (n[5] > 0 ? .95 : -.95) * (1 + height)};
    Vector3d direction = to - from;
    if (i % 20 == 0) direction = {0, 0, from.z() > 0 ? -2.0 : 2.0};
    // As single precision has it.
    rays.push_back({from.cast<float>().cast<double>(), direction.cast<float>().cast<double>()});
  }
  return rays;
}

struct Entry {
  float d;
  Vector3d normal;
};

// Of as many rays as there are lanes, from ray `first` on; one that is `left_out` is not asked for.
template <class Enter>
std::array<Entry, kLanes> EntriesOf(const std::vector<Ray>& rays, std::size_t first,
                                    std::size_t left_out, const Enter& enter) {
  const simd::Floats d;
  alignas(64) std::array<Lanes, 7> numbers = {};
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    for (std::size_t k = 0; k < 3; ++k) {
      const auto axis = static_cast<Eigen::Index>(k);
      numbers[k][lane] = static_cast<float>(rays[first + lane].origin[axis]);
      numbers[3 + k][lane] = static_cast<float>(rays[first + lane].direction[axis]);
    }
    numbers[6][lane] = kLanes > 1 && lane == left_out ? 0 : 1;
  }
  const auto load = [&](std::size_t k) { return simd::hn::LoadU(d, numbers[k].data()); };
  const simd::Rays together = {{load(0), load(1), load(2)}, {load(3), load(4), load(5)}};
  const simd::Entries entries = enter(together, simd::hn::Gt(load(6), simd::hn::Zero(d)));
  simd::hn::StoreU(entries.d, d, numbers[0].data());
  for (std::size_t k = 0; k < 3; ++k) simd::hn::StoreU(entries.normal[k], d, numbers[1 + k].data());
  std::array<Entry, kLanes> result;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    result[lane] = {numbers[0][lane],
                    Vector3d(numbers[1][lane], numbers[2][lane], numbers[3][lane])};
  }
  return result;
}

// Where the triangles are met, but for a few rays that graze an outline or cross on an edge.
template <class Enter>
void ExpectEntries(const Mesh& mesh, float height, const Enter& enter) {
  const TriangleTree tree(mesh);
  const std::vector<Ray> rays = RaysNear(height);
  int hits = 0;
  int wrong = 0;
  int other_normal = 0;
  for (std::size_t i = 0; i < rays.size(); ++i) {
    const std::size_t lane = i % kLanes;
    const Entry entry = EntriesOf(rays, i - lane, (lane + 1) % kLanes, enter)[lane];
    const Hit hit = tree.First(rays[i], 0);
    const bool is_hit = hit.d < kNoHit;
    hits += static_cast<int>(is_hit);
    if (is_hit != (entry.d < kNoHit)) {
      ++wrong;
    } else if (is_hit) {
      EXPECT_NEAR(entry.d, hit.d, 2e-5);
      other_normal +=
          static_cast<int>(std::abs(entry.normal.dot(hit.normal.normalized())) < .99999);
    }
  }
  EXPECT_GT(hits, 5000);
  EXPECT_LT(wrong, 10);
  EXPECT_LT(other_normal, 10);
}

void ExpectRoundEntries(const Mesh& mesh, float height, RoundShapes::Ends ends) {
  const RoundShapes shapes(kSlices, kStacks);
  ExpectEntries(mesh, height, [&](const simd::Rays& rays, simd::FloatM asked) {
    return simd::RoundShapeRays(shapes).Enter(rays, asked, height, ends);
  });
}

TEST(Entries, OfBallsAreWhereTheirTrianglesAre) {
  ExpectRoundEntries(Ball(), 0, RoundShapes::Ends::kBalls);
}

TEST(Entries, OfCapsulesAreWhereTheirTrianglesAre) {
  ExpectRoundEntries(Capsule(.3F), .3F, RoundShapes::Ends::kBalls);
  ExpectRoundEntries(Capsule(4), 4, RoundShapes::Ends::kBalls);
}

TEST(Entries, OfCylindersAreWhereTheirTrianglesAre) {
  ExpectRoundEntries(Cylinder(1), 1, RoundShapes::Ends::kFlat);
  ExpectRoundEntries(Cylinder(.2F), .2F, RoundShapes::Ends::kFlat);
}

TEST(Entries, OfBoxesAreWhereTheirTrianglesAre) {
  ExpectEntries(MakeBox(4), 0,
                [](const simd::Rays& rays, simd::FloatM) { return simd::EnterBox(rays); });
}

TEST(Entries, OfRectanglesAreWhereTheirTrianglesAre) {
  ExpectEntries(MakePatch(4), 0, [](const simd::Rays& rays, simd::FloatM) {
    return simd::EnterRectangle(rays, {1, 1});
  });
}

}  // namespace
}  // namespace saccade::raycast

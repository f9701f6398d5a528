// The triangles of a mesh in a tree of boxes, so that a ray looks at few of them.
//
// Each node halves its triangles by their middles along the longest axis of its box; leaves hold at
// most four. Thread safety: const after construction. Cost: O(n log² n) to build, O(log n) for a
// ray through most meshes.

#ifndef SACCADE_ENVS_RAYCAST_TRIANGLE_TREE_H_
#define SACCADE_ENVS_RAYCAST_TRIANGLE_TREE_H_

#include <array>
#include <vector>

#include <Eigen/Geometry>

#include "envs/raycast/intersect.h"
#include "envs/raycast/mesh.h"

namespace saccade::raycast {

class TriangleTree {
 public:
  explicit TriangleTree(const Mesh& mesh);

  // The first triangle, from either side, that `ray` meets at d ≥ nearest.
  Hit First(const Ray& ray, double nearest) const;

 private:
  using Corners = std::array<Eigen::Vector3d, 3>;
  struct Node {
    Eigen::AlignedBox3d box;
    int begin;  // triangles [begin, end)
    int end;
    int second = 0;  // the second child; the first follows its parent. 0: a leaf
  };

  void Build(int begin, int end);
  void Search(int node, const Ray& ray, double nearest, Hit& first) const;

  std::vector<Corners> triangles_;
  std::vector<Node> nodes_;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_TRIANGLE_TREE_H_

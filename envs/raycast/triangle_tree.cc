#include "envs/raycast/triangle_tree.h"

#include <algorithm>

namespace saccade::raycast {
namespace {

using Eigen::AlignedBox3d;
using Eigen::Vector3d;

constexpr int kMostInLeaf = 4;

// Whether the ray is in the box somewhere in [nearest, farthest].
bool Meets(const AlignedBox3d& box, const Ray& ray, double nearest, double farthest) {
  for (int k = 0; k < 3; ++k) {
    const double low = box.min()[k] - ray.origin[k];
    const double high = box.max()[k] - ray.origin[k];
    if (ray.direction[k] == 0) {
      if (low > 0 || high < 0) return false;
      continue;
    }
    const double a = low / ray.direction[k];
    const double b = high / ray.direction[k];
    nearest = std::max(nearest, std::min(a, b));
    farthest = std::min(farthest, std::max(a, b));
  }
  return nearest <= farthest;
}

}  // namespace

TriangleTree::TriangleTree(const Mesh& mesh) {
  for (const auto& ids : mesh.triangles) {
    Corners corners;
    for (std::size_t k = 0; k < 3; ++k) {
      corners[k] = mesh.vertices[static_cast<std::size_t>(ids[k])].position.cast<double>();
    }
    const Vector3d sum = corners[0] + corners[1] + corners[2];
    if (sum.allFinite()) triangles_.push_back(corners);  // others are nowhere
  }
  if (!triangles_.empty()) Build(0, static_cast<int>(triangles_.size()));
}

void TriangleTree::Build(int begin, int end) {
  const std::size_t self = nodes_.size();
  nodes_.push_back({{}, begin, end});
  AlignedBox3d box;
  for (int i = begin; i < end; ++i) {
    for (const Vector3d& corner : triangles_[static_cast<std::size_t>(i)]) box.extend(corner);
  }
  nodes_[self].box = box;
  if (end - begin <= kMostInLeaf) return;
  Eigen::Index axis = 0;
  box.sizes().maxCoeff(&axis);
  const auto middle_of = [axis](const Corners& c) { return c[0][axis] + c[1][axis] + c[2][axis]; };
  const int middle = begin + (end - begin) / 2;
  std::nth_element(triangles_.begin() + begin, triangles_.begin() + middle,
                   triangles_.begin() + end,
                   [&](const Corners& a, const Corners& b) { return middle_of(a) < middle_of(b); });
  Build(begin, middle);
  nodes_[self].second = static_cast<int>(nodes_.size());
  Build(middle, end);
}

Hit TriangleTree::First(const Ray& ray, double nearest) const {
  Hit first;
  if (!nodes_.empty()) Search(0, ray, nearest, first);
  return first;
}

void TriangleTree::Search(int node, const Ray& ray, double nearest, Hit& first) const {
  const Node& here = nodes_[static_cast<std::size_t>(node)];
  if (!Meets(here.box, ray, nearest, first.d)) return;
  if (here.second != 0) {
    Search(node + 1, ray, nearest, first);
    Search(here.second, ray, nearest, first);
    return;
  }
  for (int i = here.begin; i < here.end; ++i) {
    const auto& [a, b, c] = triangles_[static_cast<std::size_t>(i)];
    const Hit hit = HitTriangle(ray, a, b, c, nearest);
    if (hit.d < first.d) first = hit;
  }
}

}  // namespace saccade::raycast

#include "envs/raycast/surface.h"

#include <Eigen/Geometry>

namespace saccade::raycast {
namespace {

template <class T>
void Pad(std::vector<T>& values) {
  values.resize((values.size() + kMostLanes - 1) / kMostLanes * kMostLanes);
}

}  // namespace

Surface::Surface(const Mesh& mesh) : facet_count_(mesh.facets.size()), panels_(mesh.panels) {
  std::vector<int> numbers(mesh.vertices.size(), -1);  // here, of the mesh's vertices
  for (const auto& facet : mesh.facets) AddPiece(mesh, facet, numbers);
  for (const Panel& panel : mesh.panels) AddPiece(mesh, panel.corners, numbers);
  for (const Vertex& vertex : vertices_) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      positions_[axis].push_back(vertex.position[static_cast<Eigen::Index>(axis)]);
      normals_[axis].push_back(vertex.normal[static_cast<Eigen::Index>(axis)]);
    }
  }
  for (auto& values : positions_) Pad(values);
  for (auto& values : normals_) Pad(values);
  for (auto& values : plane_normals_) Pad(values);
  Pad(plane_offsets_);
}

void Surface::AddPiece(const Mesh& mesh, const std::array<int, 4>& corners,
                       std::vector<int>& numbers) {
  std::array<std::int32_t, 4> piece;
  for (std::size_t k = 0; k < 4; ++k) {
    const auto vertex = static_cast<std::size_t>(corners[k]);
    if (numbers[vertex] < 0) {
      numbers[vertex] = static_cast<int>(vertices_.size());
      vertices_.push_back(mesh.vertices[vertex]);
    }
    piece[k] = numbers[vertex];
  }
  corners_.push_back(piece);
  const auto at = [&](std::size_t k) {
    return mesh.vertices[static_cast<std::size_t>(corners[k])].position;
  };
  // Across the diagonals; of a triangle, across two of its sides.
  Eigen::Vector3f normal = (at(2) - at(0)).cross(at(3) - at(1));
  const float length = normal.norm();
  if (length > 0) normal /= length;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    plane_normals_[axis].push_back(normal[static_cast<Eigen::Index>(axis)]);
  }
  plane_offsets_.push_back(normal.dot(at(0)));
}

}  // namespace saccade::raycast

#include "envs/raycast/surface.h"

namespace saccade::raycast {
namespace {

template <class T>
void Pad(std::vector<T>& values) {
  values.resize((values.size() + Surface::kPadding - 1) / Surface::kPadding * Surface::kPadding);
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
  for (auto& values : corners_) Pad(values);
}

void Surface::AddPiece(const Mesh& mesh, const std::array<int, 4>& corners,
                       std::vector<int>& numbers) {
  for (std::size_t k = 0; k < 4; ++k) {
    const auto vertex = static_cast<std::size_t>(corners[k]);
    if (numbers[vertex] < 0) {
      numbers[vertex] = static_cast<int>(vertices_.size());
      vertices_.push_back(mesh.vertices[vertex]);
    }
    corners_[k].push_back(numbers[vertex]);
  }
  ++piece_count_;
}

}  // namespace saccade::raycast

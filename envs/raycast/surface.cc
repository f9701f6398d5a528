#include "envs/raycast/surface.h"

#include <algorithm>
#include <limits>

#include <Eigen/Geometry>

namespace saccade::raycast {
namespace {

// So that as many can be read from any of them on.
template <class T>
void Pad(std::vector<T>& values) {
  values.resize(values.size() + kMostLanes);
}

}  // namespace

Surface::Surface(const Mesh& mesh) : facet_count_(mesh.facets.size()) {
  std::vector<std::array<int, 4>> pieces = mesh.facets;
  for (const Panel& panel : mesh.panels) {
    pieces.push_back(panel.corners);
    cuts_.push_back({CutView(panel.columns), CutView(panel.rows)});
  }
  const std::vector<std::int32_t> numbers = AddVertices(mesh, pieces);
  for (const auto& piece : pieces) {
    AddPlane(mesh, piece);
    for (std::size_t k = 0; k < 4; ++k) {
      corners_[k].push_back(numbers[static_cast<std::size_t>(piece[k])]);
    }
  }
  NumberSides();
  row_lengths_.assign(pieces.size(), 1);
  for (std::size_t i = pieces.size(); i-- > 1;) {
    const auto follows = [&](const auto& numbers_of_corner) {
      return numbers_of_corner[i] == numbers_of_corner[i - 1] + 1;
    };
    if (std::ranges::all_of(corners_, follows)) row_lengths_[i - 1] = row_lengths_[i] + 1;
  }
  for (const Vertex& vertex : vertices_) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      positions_[axis].push_back(vertex.position[static_cast<Eigen::Index>(axis)]);
      normals_[axis].push_back(vertex.normal[static_cast<Eigen::Index>(axis)]);
    }
  }
  for (auto& values : positions_) Pad(values);
  for (auto& values : normals_) Pad(values);
  for (auto& values : corners_) Pad(values);
  for (auto& values : plane_normals_) Pad(values);
  Pad(plane_offsets_);
}

std::vector<std::int32_t> Surface::AddVertices(const Mesh& mesh,
                                               const std::vector<std::array<int, 4>>& pieces) {
  std::vector<int> uses(mesh.vertices.size());
  std::vector<std::int32_t> numbers(mesh.vertices.size(), -1);
  const auto add = [&](std::size_t vertex) {
    if (numbers[vertex] >= 0 || uses[vertex] == 0) return;
    numbers[vertex] = static_cast<std::int32_t>(vertices_.size());
    vertices_.push_back(mesh.vertices[vertex]);
  };
  for (const auto& piece : pieces) {
    for (std::size_t k = 0; k < 4; ++k) {
      const bool is_again =
          std::find(piece.begin(), piece.begin() + k, piece[k]) != piece.begin() + k;
      if (!is_again) ++uses[static_cast<std::size_t>(piece[k])];
    }
  }
  // Of pieces that share no corners: first all first corners, then all second ones, …
  const auto is_alone = [&](const std::array<int, 4>& piece) {
    return std::ranges::all_of(
        piece, [&](int corner) { return uses[static_cast<std::size_t>(corner)] == 1; });
  };
  for (auto begin = pieces.begin(); begin != pieces.end();) {
    const auto end = std::find_if_not(begin, pieces.end(), is_alone);
    for (std::size_t k = 0; k < 4; ++k) {
      for (auto piece = begin; piece != end; ++piece) add(static_cast<std::size_t>((*piece)[k]));
    }
    begin = std::find_if(end, pieces.end(), is_alone);
  }
  // Of grids, row by row, as they lie in the mesh.
  for (std::size_t vertex = 0; vertex < mesh.vertices.size(); ++vertex) add(vertex);
  return numbers;
}

void Surface::NumberSides() {
  constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> side_at(vertices_.size(), kNone);
  for (std::size_t piece = facet_count_; piece < corners_[0].size(); ++piece) {
    std::array<std::uint32_t, 2>& sides = sides_.emplace_back();
    for (std::size_t k = 0; k < 2; ++k) {
      std::uint32_t& side = side_at[static_cast<std::size_t>(corners_[k][piece])];
      if (side == kNone) side = side_count_++;
      sides[k] = side;
    }
  }
}

void Surface::AddPlane(const Mesh& mesh, const std::array<int, 4>& corners) {
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

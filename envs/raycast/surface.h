// The flat pieces of a mesh (its facets, then its panels), laid out so that many can be read at once.
//
// Thread safety: const after construction.

#ifndef SACCADE_ENVS_RAYCAST_SURFACE_H_
#define SACCADE_ENVS_RAYCAST_SURFACE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "envs/raycast/mesh.h"

namespace saccade::raycast {

// As many values as are read at once at most; arrays are padded to a multiple of them.
inline constexpr std::size_t kMostLanes = 16;

class Surface {
 public:
  explicit Surface(const Mesh& mesh);

  // Corners of pieces only; vertices within panels are not among them.
  const std::vector<Vertex>& vertices() const { return vertices_; }
  // Coordinate `axis` of all their positions, and of all their normals.
  const float* positions(int axis) const {
    return positions_[static_cast<std::size_t>(axis)].data();
  }
  const float* normals(int axis) const { return normals_[static_cast<std::size_t>(axis)].data(); }

  std::size_t piece_count() const { return corners_.size(); }
  // Of every piece, counter-clockwise from outside.
  const std::array<std::int32_t, 4>& corners(std::size_t piece) const { return corners_[piece]; }
  // Of the plane of every piece, normal · p = offset: coordinate `axis` of its unit normal, outwards,
  // and its offset. Padding looks nowhere.
  const float* plane_normals(int axis) const {
    return plane_normals_[static_cast<std::size_t>(axis)].data();
  }
  const float* plane_offsets() const { return plane_offsets_.data(); }
  bool is_panel(std::size_t piece) const { return piece >= facet_count_; }
  const Panel& panel(std::size_t piece) const { return panels_[piece - facet_count_]; }

 private:
  void AddPiece(const Mesh& mesh, const std::array<int, 4>& corners, std::vector<int>& numbers);

  std::vector<Vertex> vertices_;
  std::array<std::vector<float>, 3> positions_;
  std::array<std::vector<float>, 3> normals_;
  std::vector<std::array<std::int32_t, 4>> corners_;
  std::array<std::vector<float>, 3> plane_normals_;
  std::vector<float> plane_offsets_;
  std::size_t facet_count_;
  std::vector<Panel> panels_;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_SURFACE_H_

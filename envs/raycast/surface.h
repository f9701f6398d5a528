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

// As many values as are read at once at most; arrays are as much longer.
inline constexpr std::size_t kMostLanes = 16;

// A Cut in single precision.
struct CutView {
  explicit CutView(const Cut& cut)
      : cells(cut.cells),
        first(static_cast<float>(cut.first)),
        step(static_cast<float>(cut.step)),
        inverse_first(static_cast<float>(1 / cut.line(1))),
        inverse_step(static_cast<float>(1 / cut.step)),
        inverse_last(static_cast<float>(1 / (1 - cut.line(cut.cells - 1)))) {}

  float Line(int i) const {
    return i <= 0 ? 0 : i >= cells ? 1 : first + static_cast<float>(i - 1) * step;
  }

  // 1 / (Line(i + 1) − Line(i)), but for rounding.
  float Inverse(int i) const {
    return i == 0 ? inverse_first : i == cells - 1 ? inverse_last : inverse_step;
  }

  int cells;
  float first;
  float step;
  float inverse_first;  // of the width of the first cell, one between, and the last
  float inverse_step;
  float inverse_last;
};

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

  std::size_t piece_count() const { return row_lengths_.size(); }
  // Of every piece, counter-clockwise from outside.
  std::array<std::int32_t, 4> corners(std::size_t piece) const {
    return {corners_[0][piece], corners_[1][piece], corners_[2][piece], corners_[3][piece]};
  }
  // Corner `k` of all pieces.
  const std::int32_t* corner_numbers(std::size_t k) const { return corners_[k].data(); }
  // How many pieces, from this one on, have corners of which each is the next after that of the
  // piece before, so that many can be read at once.
  std::size_t row_length(std::size_t piece) const { return row_lengths_[piece]; }
  // Of the plane of every piece, normal · p = offset: coordinate `axis` of its unit normal, outwards,
  // and its offset. Padding looks nowhere.
  const float* plane_normals(int axis) const {
    return plane_normals_[static_cast<std::size_t>(axis)].data();
  }
  const float* plane_offsets() const { return plane_offsets_.data(); }
  bool is_panel(std::size_t piece) const { return piece >= facet_count_; }
  // Of a panel, numbers of its sides s = 0 and s = 1 below side_count(): those that begin at the same
  // corner, as a tube's do, have the same.
  const std::array<std::uint32_t, 2>& sides(std::size_t piece) const {
    return sides_[piece - facet_count_];
  }
  std::size_t side_count() const { return side_count_; }
  // Of a panel, its columns and rows.
  const std::array<CutView, 2>& cuts(std::size_t piece) const {
    return cuts_[piece - facet_count_];
  }

 private:
  // The corners of pieces; returns the numbers that the mesh's vertices get.
  std::vector<std::int32_t> AddVertices(const Mesh& mesh,
                                        const std::vector<std::array<int, 4>>& pieces);
  void AddPlane(const Mesh& mesh, const std::array<int, 4>& corners);
  void NumberSides();

  std::vector<Vertex> vertices_;
  std::array<std::vector<float>, 3> positions_;
  std::array<std::vector<float>, 3> normals_;
  std::array<std::vector<std::int32_t>, 4> corners_;
  std::vector<std::size_t> row_lengths_;
  std::array<std::vector<float>, 3> plane_normals_;
  std::vector<float> plane_offsets_;
  std::size_t facet_count_;
  std::vector<std::array<std::uint32_t, 2>> sides_;  // of panels
  std::uint32_t side_count_ = 0;
  std::vector<std::array<CutView, 2>> cuts_;  // of panels
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_SURFACE_H_

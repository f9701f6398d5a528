// MuJoCo's round shapes, which are convex polyhedra: of every height one regular polygon of `slices`
// corners.
//
//   ball       a sphere's facets, at heights sin(π i / stacks)
//   capsule    a prism of half height h with half a ball on either end
//   cylinder   the prism with flat ends
//
// all of radius 1. A ray enters a convex body where it crosses the last of the planes that it crosses
// inwards. From a plane's facet one comes to it by going on to the neighbour beyond whose edge the
// crossing is, and if the ray crosses that one outwards, it misses the body (round_shape-inl.h).
//
// Thread safety: const after construction.

#ifndef SACCADE_ENVS_RAYCAST_ROUND_SHAPE_H_
#define SACCADE_ENVS_RAYCAST_ROUND_SHAPE_H_

#include <array>
#include <cstddef>
#include <vector>

namespace saccade::raycast {

class RoundShapes {
 public:
  enum class Ends { kBalls, kFlat };

  RoundShapes(int slices, int stacks);

  std::size_t slices() const { return middles_[0].size(); }
  // Of the polygon: from its centre to the middle of a side, and x and y of the directions of
  // corners (and the first again) and of middles.
  float apothem() const { return apothem_; }
  const std::array<std::vector<float>, 2>& edges() const { return edges_; }
  const std::array<std::vector<float>, 2>& middles() const { return middles_; }
  // Of the rings of a ball from pole to pole: from which height to which, and in the middle of a
  // facet the normal's parts outwards and upwards, and the plane's distance from the centre.
  enum RingNumber { kLow, kHigh, kOut, kUp, kDistance, kRingNumbers };
  const std::array<std::vector<float>, kRingNumbers>& rings() const { return rings_; }
  std::size_t ring_count() const { return rings_[0].size(); }

 private:
  float apothem_;
  std::array<std::vector<float>, 2> edges_;
  std::array<std::vector<float>, 2> middles_;
  std::array<std::vector<float>, kRingNumbers> rings_;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_ROUND_SHAPE_H_

// Where rays enter MuJoCo's round shapes, which are convex polyhedra: of every height one regular
// polygon of `slices` corners.
//
//   ball       a sphere's facets, at heights sin(π i / stacks)
//   capsule    a prism of half height h with half a ball on either end
//   cylinder   the prism with flat ends
//
// all of radius 1. A ray enters a convex body where it crosses the last of the planes that it crosses
// inwards. From a plane's facet one comes to it by going on to the neighbour beyond whose edge the
// crossing is, and if the ray crosses that one outwards, it misses the body.

#ifndef SACCADE_ENVS_RAYCAST_ROUND_SHAPE_H_
#define SACCADE_ENVS_RAYCAST_ROUND_SHAPE_H_

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

namespace saccade::raycast {

// The points origin + d · direction.
struct ThinRay {
  std::array<float, 3> origin;
  std::array<float, 3> direction;
};

struct Entry {
  float d = std::numeric_limits<float>::infinity();  // none
  std::array<float, 3> normal = {0, 0, 0};           // of the facet, outwards
};

class RoundShapes {
 public:
  enum class Ends { kBalls, kFlat };

  RoundShapes(int slices, int stacks);

  // Of the prism |z| ≤ `height` with its ends. Of a body that the ray starts in, any entry behind.
  Entry Enter(const ThinRay& ray, float height, Ends ends) const;

 private:
  struct Point2 {
    float x;
    float y;
  };

  std::size_t SectorOf(float x, float y) const;
  // To which side of a sector (x, y) is: -1, 0 or 1.
  int Beside(std::size_t sector, float x, float y) const;
  std::size_t Next(std::size_t sector, int step) const;
  bool EnterPrism(const ThinRay& ray, Entry* entry) const;
  Entry EnterBall(const ThinRay& ray) const;
  Entry EnterDisc(const ThinRay& ray, float height) const;

  std::size_t slices_;
  float apothem_;              // of the polygon
  std::vector<Point2> edges_;  // directions of corners, and the first again
  std::vector<Point2> middles_;
  // Of the rings of a ball from pole to pole: from which height to which, and in the middle of a
  // facet the normal's parts outwards and upwards, and the plane's distance from the centre.
  struct Ring {
    float low;
    float high;
    float out;
    float up;
    float distance;
  };
  std::vector<Ring> rings_;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_ROUND_SHAPE_H_

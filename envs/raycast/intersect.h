// Where a ray meets what is flat.

#ifndef SACCADE_ENVS_RAYCAST_INTERSECT_H_
#define SACCADE_ENVS_RAYCAST_INTERSECT_H_

#include <limits>

#include <Eigen/Core>

namespace saccade::raycast {

// The points origin + d · direction; the direction has any length.
struct Ray {
  Eigen::Vector3d origin;
  Eigen::Vector3d direction;
};

inline constexpr double kNoHit = std::numeric_limits<double>::infinity();

struct Hit {
  double d = kNoHit;
  Eigen::Vector3d normal = {0, 0, 0};  // of the surface; of any length and sense
};

// The smallest d ≥ nearest at which `ray` meets, from either side,
//   the rectangle |x| ≤ size_x, |y| ≤ size_y in the plane z = 0, endless along an axis of size 0
Hit HitPlane(const Ray& ray, const Eigen::Vector3d& size, double nearest);
//   the surface of the box |x| ≤ size_x, |y| ≤ size_y, |z| ≤ size_z
Hit HitBox(const Ray& ray, const Eigen::Vector3d& size, double nearest);
//   the triangle a, b, c
Hit HitTriangle(const Ray& ray, const Eigen::Vector3d& a, const Eigen::Vector3d& b,
                const Eigen::Vector3d& c, double nearest);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_INTERSECT_H_

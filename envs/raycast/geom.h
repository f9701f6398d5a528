// MuJoCo's assembled geoms (mjvGeom), read as vectors.

#ifndef SACCADE_ENVS_RAYCAST_GEOM_H_
#define SACCADE_ENVS_RAYCAST_GEOM_H_

#include <Eigen/Core>
#include <mujoco/mujoco.h>

namespace saccade::raycast {

inline Eigen::Vector3d ToVector(const float* values) {
  return Eigen::Map<const Eigen::Vector3f>(values).cast<double>();
}

// Where a geom's frame is in the world; its axes are columns. Skins are in the world already.
Eigen::Matrix3d AxesOf(const mjvGeom& geom);
Eigen::Vector3d PositionOf(const mjvGeom& geom);

inline Eigen::Vector3d NormalOf(const mjvGeom& plane) { return AxesOf(plane).col(2); }

// Whether `point` is on the side of a plane that its normal does not look to.
bool IsBehind(const Eigen::Vector3d& point, const mjvGeom& plane);

// A plane seen from behind, of which the back is drawn, with .3 of its opacity.
inline bool ShowsBack(const Eigen::Vector3d& eye, const mjvGeom& geom) {
  return geom.type == mjGEOM_PLANE && IsBehind(eye, geom);
}

// Drawn as its mesh's triangles, not as a shape of unit size.
bool IsMesh(const mjvGeom& geom);

// Of the sphere that holds a geom of simple shape, as large as it is now.
double RadiusOf(const mjvGeom& geom);
// Of the sphere around a geom's centre by which MuJoCo sorts transparent geoms: the model's, if it has
// one.
double BoundingRadius(const mjvGeom& geom);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_GEOM_H_

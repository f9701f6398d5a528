// From the world to the pixels of an image, as MuJoCo's OpenGL renderer projects.
//
//   eye space: x right, y up, d along the gaze;  near n, far f;  at distance n the window has half
//   width h and half height g around (cx, cy)
//   perspective    X = (n x − cx d) / h,  Y = (n y − cy d) / g,  Z = n (f − d) / (f − n),  W = d
//   orthographic   X = (x − cx) / h,      Y = (y − cy) / g,      Z = (f − d) / (f − n),    W = 1
//
// Depth Z/W is 1 at the near plane and 0 at the far one.

#ifndef SACCADE_ENVS_RAYCAST_VIEW_H_
#define SACCADE_ENVS_RAYCAST_VIEW_H_

#include <Eigen/Core>
#include <Eigen/Geometry>
#include <mujoco/mujoco.h>

namespace saccade::raycast {

struct View {
  Eigen::Matrix4d clip_from_world;
  Eigen::Vector3d eye;
  double near;
  double far;
  bool is_orthographic = false;

  Eigen::Vector4d Project(const Eigen::Vector3d& point) const {
    return clip_from_world * point.homogeneous();
  }
};

// Of the camera of an assembled scene, for images of width / height = `aspect`.
View ViewOfCamera(const mjvScene& scene, double aspect);

// The same, seen in the mirror through `point` with unit normal `normal`: what is drawn of a world
// whose reflection the camera sees.
View Mirrored(const View& view, const Eigen::Vector3d& point, const Eigen::Vector3d& normal);

// Axes (right, up, ahead) as rows, of who looks along `ahead` with `up` upwards.
Eigen::Matrix3d LookAlong(const Eigen::Vector3d& ahead, const Eigen::Vector3d& up);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_VIEW_H_

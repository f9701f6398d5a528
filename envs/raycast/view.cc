#include "envs/raycast/view.h"

#include "envs/raycast/geom.h"

namespace saccade::raycast {

using Eigen::Matrix3d;
using Eigen::Matrix4d;
using Eigen::Vector3d;

Matrix3d LookAlong(const Vector3d& ahead, const Vector3d& up) {
  Matrix3d axes;
  axes.row(2) = ahead.normalized();
  axes.row(0) = ahead.cross(up).normalized();
  axes.row(1) = axes.row(0).cross(axes.row(2));
  return axes;
}

View ViewOfCamera(const mjvScene& scene, double aspect) {
  const mjvGLCamera camera = mjv_averageCamera(&scene.camera[0], &scene.camera[1]);
  View view;
  view.eye = ToVector(camera.pos);
  view.near = camera.frustum_near;
  view.far = camera.frustum_far;
  view.is_orthographic = camera.orthographic != 0;
  const double half_height = (static_cast<double>(camera.frustum_top) - camera.frustum_bottom) / 2;
  const double half_width = camera.frustum_width > 0 ? camera.frustum_width : aspect * half_height;
  const double cx = camera.frustum_center;
  const double cy = (static_cast<double>(camera.frustum_top) + camera.frustum_bottom) / 2;
  const double n = view.near;
  const double f = view.far;
  Matrix4d clip_from_eye;
  if (view.is_orthographic) {
    clip_from_eye << 1 / half_width, 0, 0, -cx / half_width,  //
        0, 1 / half_height, 0, -cy / half_height,             //
        0, 0, -1 / (f - n), f / (f - n),                      //
        0, 0, 0, 1;
  } else {
    clip_from_eye << n / half_width, 0, -cx / half_width, 0,  //
        0, n / half_height, -cy / half_height, 0,             //
        0, 0, -n / (f - n), n * f / (f - n),                  //
        0, 0, 1, 0;
  }
  Matrix4d eye_from_world = Matrix4d::Identity();
  const Matrix3d axes = LookAlong(ToVector(camera.forward), ToVector(camera.up));
  eye_from_world.topLeftCorner<3, 3>() = axes;
  eye_from_world.topRightCorner<3, 1>() = -axes * view.eye;
  view.clip_from_world = clip_from_eye * eye_from_world;
  return view;
}

View Mirrored(const View& view, const Vector3d& point, const Vector3d& normal) {
  // p ↦ p − 2 n nᵀ (p − point)
  Matrix4d mirror = Matrix4d::Identity();
  mirror.topLeftCorner<3, 3>() -= 2 * normal * normal.transpose();
  mirror.topRightCorner<3, 1>() = 2 * normal * normal.dot(point);
  View mirrored = view;
  mirrored.clip_from_world = view.clip_from_world * mirror;
  mirrored.eye = (mirror * view.eye.homogeneous()).head<3>();
  return mirrored;
}

}  // namespace saccade::raycast

#include "envs/mujoco/bare_rays.h"

#include <array>
#include <cstddef>

#include <Eigen/Geometry>
#include <mujoco/mujoco.h>

namespace saccade {
namespace {

using Eigen::Vector3d;

Vector3d ToVector(const float* values) {
  return Eigen::Map<const Eigen::Vector3f>(values).cast<double>();
}

}  // namespace

BareRays::BareRays(const RendererContext& context)
    : height_(context.height),
      width_(context.width),
      visual_(context.model),
      directions_(std::size_t{3} * context.height * context.width),
      distances_(directions_.size() / 3),
      geoms_(distances_.size()) {}

const std::vector<double>& BareRays::Cast(const Scene& scene, int camera) {
  visual_.Update(scene, camera);
  const mjvGLCamera eye = mjv_averageCamera(&visual_.get().camera[0], &visual_.get().camera[1]);
  const Vector3d place = ToVector(eye.pos);
  const Vector3d ahead = ToVector(eye.forward).normalized();
  const Vector3d right = ahead.cross(ToVector(eye.up)).normalized();
  const Vector3d up = right.cross(ahead);
  const double half_height = (eye.frustum_top - eye.frustum_bottom) / 2 / eye.frustum_near;
  const double half_width = half_height * width_ / height_;
  double* direction = directions_.data();
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x, direction += 3) {
      const double across = (2 * (x + 0.5) / width_ - 1) * half_width;
      const double along = (1 - 2 * (y + 0.5) / height_) * half_height;
      Eigen::Map<Vector3d>{direction} = (ahead + across * right + along * up).normalized();
    }
  }
  mj_multiRay(scene.model, scene.data, place.data(), directions_.data(), /*geomgroup=*/nullptr,
              /*flg_static=*/1, /*bodyexclude=*/-1, geoms_.data(), distances_.data(),
              /*normal=*/nullptr, height_ * width_, mjMAXVAL);
  return distances_;
}

}  // namespace saccade

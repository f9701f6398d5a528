#include "envs/mujoco/hand.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace saccade {
namespace {

constexpr double kDegrees = 180 / std::numbers::pi;

double TanOfHalf(double degrees) { return std::tan(degrees / kDegrees / 2); }

Orbit FreeOrbit(const mjModel& m) {
  mjvCamera camera;
  mjv_defaultCamera(&camera);
  mjv_defaultFreeCamera(&m, &camera);
  Orbit orbit{{}, camera.distance, camera.azimuth, camera.elevation};
  std::copy_n(camera.lookat, 3, orbit.lookat.begin());
  return orbit;
}

// The orbit from which `lookat`'s surroundings are as large as camera `id` shows them.
Orbit OrbitOf(const mjModel& m, const mjData& d, int id, const std::array<double, 3>& lookat) {
  const double* eye = d.cam_xpos + 3 * id;
  const double* frame = d.cam_xmat + 9 * id;
  const double forward[3] = {-frame[2], -frame[5], -frame[8]};
  double away[3];
  mju_sub3(away, lookat.data(), eye);
  double distance = mju_dot3(away, forward);
  if (distance < 1e-3 * m.stat.extent) distance = m.stat.extent;  // it is behind the eye
  Orbit orbit;
  for (int i = 0; i < 3; ++i) orbit.lookat[i] = eye[i] + distance * forward[i];
  orbit.azimuth = std::atan2(forward[1], forward[0]) * kDegrees;
  orbit.elevation = std::asin(std::clamp(forward[2], -1.0, 1.0)) * kDegrees;
  orbit.distance = distance;
  if (m.cam_projection[id] == mjPROJ_PERSPECTIVE && m.vis.global.orthographic == 0) {
    orbit.distance *= TanOfHalf(m.cam_fovy[id]) / TanOfHalf(m.vis.global.fovy);
  }
  return orbit;
}

}  // namespace

Hand::Hand(const mjModel* model, int camera) : camera_(camera), scene_(model) {
  mjv_defaultPerturb(&pull_);
}

void Hand::LookThrough(int camera) {
  camera_ = camera;
  orbit_.reset();
}

Viewpoint Hand::viewpoint(const Scene& scene) const {
  if (!orbit_) return camera_;
  Orbit orbit = *orbit_;
  const std::array<double, 3> anchor = Anchor(scene);
  mju_addTo3(orbit.lookat.data(), anchor.data());
  return Viewpoint(orbit);
}

std::array<double, 3> Hand::Anchor(const Scene& scene) const {
  const mjModel& m = *scene.model;
  const double* place = nullptr;
  if (camera_ != kFreeCamera) {
    const int body = m.cam_bodyid[camera_];
    if (m.cam_mode[camera_] == mjCAMLIGHT_TRACK) place = scene.data->xpos + 3 * body;
    if (m.cam_mode[camera_] == mjCAMLIGHT_TRACKCOM) place = scene.data->subtree_com + 3 * body;
  }
  std::array<double, 3> anchor = {};
  if (place != nullptr) std::copy_n(place, 3, anchor.begin());
  return anchor;
}

void Hand::LeaveCamera(const Scene& scene) {
  if (orbit_) return;
  const mjModel& m = *scene.model;
  const std::array<double, 3> anchor = Anchor(scene);
  if (camera_ == kFreeCamera) {
    orbit_ = FreeOrbit(m);
    return;
  }
  const bool follows =
      m.cam_mode[camera_] == mjCAMLIGHT_TRACK || m.cam_mode[camera_] == mjCAMLIGHT_TRACKCOM;
  std::array<double, 3> middle = anchor;
  if (!follows) std::copy_n(m.stat.center, 3, middle.begin());
  orbit_ = OrbitOf(m, *scene.data, camera_, middle);
  mju_subFrom3(orbit_->lookat.data(), anchor.data());
}

void Hand::Move(const Scene& scene, int action, double dx, double dy) {
  LeaveCamera(scene);
  mjvCamera camera;
  mjv_defaultCamera(&camera);
  std::ranges::copy(orbit_->lookat, camera.lookat);
  camera.distance = orbit_->distance;
  camera.azimuth = orbit_->azimuth;
  camera.elevation = orbit_->elevation;
  mjv_moveCamera(scene.model, action, dx, dy, &camera);
  std::copy_n(camera.lookat, 3, orbit_->lookat.begin());
  orbit_->distance = camera.distance;
  orbit_->azimuth = camera.azimuth;
  orbit_->elevation = camera.elevation;
}

void Hand::Turn(const Scene& scene, const PicturePoint& by) {
  Move(scene, mjMOUSE_ROTATE_V, by[0], by[1]);
}
void Hand::Shift(const Scene& scene, const PicturePoint& by) {
  Move(scene, mjMOUSE_MOVE_V, by[0], by[1]);
}
void Hand::Zoom(const Scene& scene, double by) { Move(scene, mjMOUSE_ZOOM, 0, by); }

bool Hand::Grab(const Scene& scene, const PicturePoint& at, double aspect) {
  const mjModel& m = *scene.model;
  const mjData& d = *scene.data;
  scene_.Update(scene, viewpoint(scene));
  mjvOption options;
  mjv_defaultOption(&options);
  double point[3];
  int geom = -1;
  int flex = -1;
  int skin = -1;
  const int body = mjv_select(&m, &d, &options, aspect, at[0] / aspect, 1 - at[1], &scene_.get(),
                              point, &geom, &flex, &skin);
  if (body <= 0 || m.body_weldid[body] == 0) return false;  // nothing, or part of the world
  double offset[3];
  mju_sub3(offset, point, d.xpos + 3 * body);
  mjv_defaultPerturb(&pull_);
  pull_.select = body;
  pull_.active = mjPERT_TRANSLATE;
  mju_mulMatTVec3(pull_.localpos, d.xmat + 9 * body, offset);
  mjv_initPerturb(&m, scene.data, &scene_.get(), &pull_);
  return true;
}

void Hand::Pull(const Scene& scene, const PicturePoint& by) {
  if (!holds()) return;
  scene_.Update(scene, viewpoint(scene));
  mjv_movePerturb(scene.model, scene.data, mjMOUSE_MOVE_V, by[0], by[1], &scene_.get(), &pull_);
}

void Hand::Push(const Scene& scene) const {
  if (holds()) mjv_applyPerturbForce(scene.model, scene.data, &pull_);
}

void Hand::LetGo(const Scene& scene) {
  if (holds()) mju_zero(scene.data->xfrc_applied + 6 * pull_.select, 6);
  mjv_defaultPerturb(&pull_);
}

std::array<double, 3> Hand::HeldPoint(const Scene& scene) const {
  std::array<double, 3> point;
  mju_mulMatVec3(point.data(), scene.data->xmat + 9 * pull_.select, pull_.localpos);
  mju_addTo3(point.data(), scene.data->xpos + 3 * pull_.select);
  return point;
}

// A point at depth z before the eye, to the right by x and up by y, is at (x n / z, y n / z) of the
// near plane, n away; of an orthographic one at (x, y).
std::optional<PicturePoint> Hand::Project(const double* point, double aspect) const {
  const mjvScene& scene = scene_.get();
  const mjvGLCamera camera = mjv_averageCamera(&scene.camera[0], &scene.camera[1]);
  const std::array<double, 3> forward = {camera.forward[0], camera.forward[1], camera.forward[2]};
  const std::array<double, 3> up = {camera.up[0], camera.up[1], camera.up[2]};
  double right[3];
  mju_cross(right, forward.data(), up.data());
  double away[3];
  for (int i = 0; i < 3; ++i) away[i] = point[i] - camera.pos[i];
  const double z = mju_dot3(away, forward.data());
  if (z < camera.frustum_near) return std::nullopt;
  const double scale = camera.orthographic != 0 ? 1 : camera.frustum_near / z;
  const double height = static_cast<double>(camera.frustum_top) - camera.frustum_bottom;
  const double x = (mju_dot3(away, right) * scale - camera.frustum_center) / height;
  const double y = (camera.frustum_top - mju_dot3(away, up.data()) * scale) / height;
  return PicturePoint{x + aspect / 2, y};
}

std::optional<std::array<PicturePoint, 2>> Hand::Line(const Scene& scene, double aspect) {
  if (!holds()) return std::nullopt;
  scene_.Update(scene, viewpoint(scene));
  const auto from = Project(HeldPoint(scene).data(), aspect);
  const auto to = Project(pull_.refselpos, aspect);
  if (!from || !to) return std::nullopt;
  return std::array<PicturePoint, 2>{*from, *to};
}

}  // namespace saccade

#include "envs/mujoco/hand.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "envs/mujoco/camera.h"

namespace saccade {
namespace {

constexpr double kDegrees = 180 / std::numbers::pi;

double TanOfHalf(double degrees) { return std::tan(degrees / kDegrees / 2); }

bool IsTracking(const mjModel& m, int camera) {
  return camera != kFreeCamera &&
         (m.cam_mode[camera] == mjCAMLIGHT_TRACK || m.cam_mode[camera] == mjCAMLIGHT_TRACKCOM);
}

Orbit FreeOrbit(const mjModel& m) {
  mjvCamera camera;
  mjv_defaultCamera(&camera);
  mjv_defaultFreeCamera(&m, &camera);
  return OrbitOf(camera);
}

// The orbit from which what is around `lookat` is as large as perspective camera `id` shows it.
Orbit OrbitAround(const mjModel& m, const mjData& d, int id, const std::array<double, 3>& lookat) {
  const double* eye = d.cam_xpos + 3 * id;
  const double* frame = d.cam_xmat + 9 * id;
  const double forward[3] = {-frame[2], -frame[5], -frame[8]};
  double away[3];
  mju_sub3(away, lookat.data(), eye);
  double distance = mju_dot3(away, forward);
  if (!(distance >= 1e-3 * m.stat.extent)) distance = m.stat.extent;  // it is behind the eye
  Orbit orbit;
  for (std::size_t i = 0; i < 3; ++i) orbit.lookat[i] = eye[i] + distance * forward[i];
  orbit.azimuth = std::atan2(forward[1], forward[0]) * kDegrees;
  orbit.elevation = std::asin(std::clamp(forward[2], -1.0, 1.0)) * kDegrees;
  orbit.distance = distance;
  if (m.cam_projection[id] == mjPROJ_PERSPECTIVE && m.vis.global.orthographic == 0) {
    orbit.distance *= TanOfHalf(m.cam_fovy[id]) / TanOfHalf(m.vis.global.fovy);
  }
  return orbit;
}

std::array<double, 3> ToDouble(const float* vector) { return {vector[0], vector[1], vector[2]}; }

// An assembled scene's eye: a point z before it, to the right by x and up by y, is at (x s, y s) of
// the near plane, with s = near / z, of an orthographic one 1.
struct Eye {
  explicit Eye(const mjvScene& scene)
      : camera(mjv_averageCamera(&scene.camera[0], &scene.camera[1])),
        forward(ToDouble(camera.forward)),
        up(ToDouble(camera.up)) {
    mju_cross(right.data(), forward.data(), up.data());
  }

  double height() const { return static_cast<double>(camera.frustum_top) - camera.frustum_bottom; }
  double DepthOf(const double* point) const {
    const std::array<double, 3> eye = ToDouble(camera.pos);
    double away[3];
    mju_sub3(away, point, eye.data());
    return mju_dot3(away, forward.data());
  }
  bool IsBefore(const double* point) const { return DepthOf(point) >= camera.frustum_near; }
  double ScaleAt(const double* point) const {
    return camera.orthographic != 0 ? 1 : camera.frustum_near / DepthOf(point);
  }

  mjvGLCamera camera;
  std::array<double, 3> forward;
  std::array<double, 3> up;
  std::array<double, 3> right;
};

}  // namespace

Hand::Hand(const Scene& scene, int camera) : scene_(scene), camera_(camera), visual_(scene.model) {
  mjv_defaultPerturb(&pull_);
}

const Scene& Hand::SceneNow() const {
  mj_camlight(scene_.model, scene_.data);
  return scene_;
}

void Hand::LookThrough(int camera) {
  camera_ = camera;
  orbit_.reset();
}

Viewpoint Hand::viewpoint() const {
  if (!orbit_) return camera_;
  Orbit orbit = *orbit_;
  mju_addTo3(orbit.lookat.data(), Anchor().data());
  return Viewpoint(orbit);
}

std::array<double, 3> Hand::Anchor() const {
  const mjModel& m = *scene_.model;
  std::array<double, 3> anchor = {};
  if (!IsTracking(m, camera_)) return anchor;
  const bool by_mass = m.cam_mode[camera_] == mjCAMLIGHT_TRACKCOM;
  const double* places = by_mass ? scene_.data->subtree_com : scene_.data->xpos;
  std::copy_n(places + 3 * m.cam_bodyid[camera_], 3, anchor.begin());
  return anchor;
}

void Hand::LeaveCamera() {
  if (orbit_) return;
  const mjModel& m = *scene_.model;
  if (camera_ == kFreeCamera) {
    orbit_ = FreeOrbit(m);
    return;
  }
  const std::array<double, 3> anchor = Anchor();
  std::array<double, 3> middle = anchor;
  if (!IsTracking(m, camera_)) std::copy_n(m.stat.center, 3, middle.begin());
  orbit_ = OrbitAround(m, *SceneNow().data, camera_, middle);
  mju_subFrom3(orbit_->lookat.data(), anchor.data());
}

void Hand::MoveFreely(int action, double dx, double dy) {
  LeaveCamera();
  mjvCamera camera;
  mjv_defaultCamera(&camera);
  SetOrbit(*orbit_, camera);
  mjv_moveCamera(scene_.model, action, dx, dy, &camera);
  orbit_ = OrbitOf(camera);
}

void Hand::Turn(const PicturePoint& by) { MoveFreely(mjMOUSE_ROTATE_V, by[0], by[1]); }

void Hand::Zoom(double by) { MoveFreely(mjMOUSE_ZOOM, 0, by); }

void Hand::Shift(const PicturePoint& by) {
  LeaveCamera();
  const auto moved = InWorld(by, viewpoint().orbit->lookat.data());
  if (moved) mju_subFrom3(orbit_->lookat.data(), moved->data());
}

bool Hand::Grab(const PicturePoint& at, double aspect) {
  LetGo();
  const mjModel& m = *scene_.model;
  const mjData& d = *scene_.data;
  visual_.Update(SceneNow(), viewpoint());
  mjvOption options;
  mjv_defaultOption(&options);
  double point[3];
  int geom = -1;
  int flex = -1;
  int skin = -1;
  const int body = mjv_select(&m, &d, &options, aspect, at[0] / aspect, 1 - at[1], &visual_.get(),
                              point, &geom, &flex, &skin);
  if (body <= 0 || m.body_weldid[body] == 0) return false;  // nothing, or part of the world
  double offset[3];
  mju_sub3(offset, point, d.xpos + 3 * body);
  pull_.select = body;
  pull_.active = mjPERT_TRANSLATE;
  mju_mulMatTVec3(pull_.localpos, d.xmat + 9 * body, offset);
  mjv_initPerturb(&m, scene_.data, &visual_.get(), &pull_);
  return true;
}

void Hand::Pull(const PicturePoint& by) {
  if (!holds()) return;
  const auto moved = InWorld(by, pull_.refselpos);
  if (moved) mju_addTo3(pull_.refselpos, moved->data());
}

void Hand::Push() const {
  if (holds()) mjv_applyPerturbForce(scene_.model, scene_.data, &pull_);
}

void Hand::LetGo() {
  if (holds()) mju_zero(scene_.data->xfrc_applied + 6 * pull_.select, 6);
  mjv_defaultPerturb(&pull_);
}

std::array<double, 3> Hand::HeldPoint() const {
  std::array<double, 3> point;
  mju_mulMatVec3(point.data(), scene_.data->xmat + 9 * pull_.select, pull_.localpos);
  mju_addTo3(point.data(), scene_.data->xpos + 3 * pull_.select);
  return point;
}

std::optional<std::array<double, 3>> Hand::InWorld(const PicturePoint& by, const double* point) {
  visual_.Update(SceneNow(), viewpoint());
  const Eye eye(visual_.get());
  if (!eye.IsBefore(point)) return std::nullopt;
  const double height = eye.height() / eye.ScaleAt(point);
  std::array<double, 3> moved;
  for (std::size_t i = 0; i < 3; ++i) {
    moved[i] = height * (by[0] * eye.right[i] - by[1] * eye.up[i]);
  }
  return moved;
}

std::optional<PicturePoint> Hand::Project(const double* point, double aspect) const {
  const Eye eye(visual_.get());
  if (!eye.IsBefore(point)) return std::nullopt;
  const mjvGLCamera& camera = eye.camera;
  const std::array<double, 3> place = ToDouble(camera.pos);
  double away[3];
  mju_sub3(away, point, place.data());
  const double scale = eye.ScaleAt(point);
  const double half_width =
      camera.frustum_width > 0 ? camera.frustum_width : aspect * eye.height() / 2;
  const double x = mju_dot3(away, eye.right.data()) * scale - camera.frustum_center;
  const double y = camera.frustum_top - mju_dot3(away, eye.up.data()) * scale;
  return PicturePoint{aspect / 2 * (1 + x / half_width), y / eye.height()};
}

std::optional<std::array<PicturePoint, 2>> Hand::Line(double aspect) {
  if (!holds()) return std::nullopt;
  visual_.Update(SceneNow(), viewpoint());
  const auto from = Project(HeldPoint().data(), aspect);
  const auto to = Project(pull_.refselpos, aspect);
  if (!from || !to) return std::nullopt;
  return std::array<PicturePoint, 2>{*from, *to};
}

}  // namespace saccade

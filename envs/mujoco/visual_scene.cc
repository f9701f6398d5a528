#include "envs/mujoco/visual_scene.h"

#include <algorithm>
#include <cstdint>

#include "core/base/error.h"
#include "envs/mujoco/camera.h"

namespace saccade {
namespace {

// As many as dm_control reserves: with too few, MuJoCo leaves geoms out and raises a warning.
int SceneCapacity(const mjModel& m) {
  const auto most = std::max({m.nbody, m.ngeom, m.nsite, m.ncam, m.nlight});
  const auto estimate = 3 * most + 4 * m.ngeom + 3 * m.nbody + m.nsite + m.ntendon + m.njnt + m.nu +
                        m.nskin + m.ncam + m.nlight;
  return static_cast<int>(std::max<std::int64_t>(1000, estimate));
}

mjvCamera CameraOf(const mjModel* model, const Viewpoint& viewpoint) {
  SACCADE_CHECK(kFreeCamera <= viewpoint.camera && viewpoint.camera < model->ncam);
  mjvCamera camera;
  mjv_defaultCamera(&camera);
  if (viewpoint.camera == kFreeCamera) {
    mjv_defaultFreeCamera(model, &camera);
  } else {
    camera.type = mjCAMERA_FIXED;
    camera.fixedcamid = viewpoint.camera;
  }
  if (viewpoint.orbit) SetOrbit(*viewpoint.orbit, camera);
  return camera;
}

}  // namespace

int SkyTextureOf(const mjModel* model) {
  for (int id = 0; id < model->ntex; ++id) {
    if (model->tex_type[id] == mjTEXTURE_SKYBOX) return id;
  }
  return -1;
}

VisualScene::VisualScene(const mjModel* model) : model_signature_(model->signature) {
  mjv_defaultOption(&options_);
  options_.flags[mjVIS_RANGEFINDER] = 0;
  mjv_defaultPerturb(&no_perturbation_);
  mjv_defaultScene(&scene_);
  mjv_makeScene(model, &scene_, SceneCapacity(*model));
}

VisualScene::~VisualScene() { mjv_freeScene(&scene_); }

void VisualScene::Update(const Scene& scene, const Viewpoint& viewpoint) {
  SACCADE_CHECK(scene.model->signature == model_signature_);
  mjvCamera camera = CameraOf(scene.model, viewpoint);
  mjv_updateCamera(scene.model, scene.data, &camera, &scene_);
  mjv_updateScene(scene.model, scene.data, &options_, &no_perturbation_, &camera, mjCAT_ALL,
                  &scene_);
}

void VisualScene::Write(const GeometryView& out, int x, int y, const Front& front) const {
  const std::size_t i = static_cast<std::size_t>(y) * out.width + x;
  if (out.depth != nullptr) out.depth[i] = static_cast<float>(DistanceOf(front.depth));
  if (out.segmentation == nullptr) return;
  const bool is_there = 0 <= front.geom && front.geom < scene_.ngeom;  // a driver may say anything
  const mjvGeom* geom = is_there ? scene_.geoms + front.geom : nullptr;
  out.segmentation[2 * i] = geom == nullptr ? -1 : geom->objid;
  out.segmentation[2 * i + 1] = geom == nullptr ? -1 : geom->objtype;
}

// With near plane n and far plane f, what is z metres away has depth d:
//   perspective   d = n (f − z) / (z (f − n)),    orthographic   d = (f − z) / (f − n)
double VisualScene::DistanceOf(double depth) const {
  const mjvGLCamera camera = mjv_averageCamera(&scene_.camera[0], &scene_.camera[1]);
  const double near = camera.frustum_near;
  const double far = camera.frustum_far;
  if (camera.orthographic != 0) return far - depth * (far - near);
  return near * far / (near + depth * (far - near));
}

}  // namespace saccade

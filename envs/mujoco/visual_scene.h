// What MuJoCo would draw of a simulation: geoms with their materials, lights and the camera, as its
// own visualizer assembles them (mjv_updateScene). Needs no OpenGL.
//
// Default mjvOption but for the rays of rangefinders, all categories, no perturbation, as in
// dm_control's physics.render.
//
// Thread safety: one instance per renderer; the model is only read.
// Determinism: the scene depends on the state and the camera alone. MuJoCo moves infinite planes
// along with the camera that its scene had before; here that is the camera of the picture itself,
// so that there is floor below whatever it looks at. In dm_control, which makes a scene per
// picture, an infinite floor stays at the origin and ends at about 50 times the model's extent.

#ifndef SACCADE_ENVS_MUJOCO_VISUAL_SCENE_H_
#define SACCADE_ENVS_MUJOCO_VISUAL_SCENE_H_

#include <cstdint>

#include <mujoco/mujoco.h>

#include "core/api/env.h"

namespace saccade {

class VisualScene {
 public:
  explicit VisualScene(const mjModel* model);
  ~VisualScene();
  VisualScene(const VisualScene&) = delete;
  VisualScene& operator=(const VisualScene&) = delete;

  // Assembles `scene`, of the model given or a copy of it, seen by camera `camera` (an id of the
  // model, or kFreeCamera).
  void Update(const Scene& scene, int camera);

  mjvScene& get() { return scene_; }
  const mjvScene& get() const { return scene_; }

 private:
  std::uint64_t model_signature_;
  mjvScene scene_;
  mjvOption options_;
  mjvPerturb no_perturbation_;
};

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_VISUAL_SCENE_H_

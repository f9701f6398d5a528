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
#include "core/api/renderer.h"

namespace saccade {

// The id of the texture that is the sky; -1 where there is none.
int SkyTextureOf(const mjModel_* model);

class VisualScene {
 public:
  explicit VisualScene(const mjModel* model);
  ~VisualScene();
  VisualScene(const VisualScene&) = delete;
  VisualScene& operator=(const VisualScene&) = delete;

  // Assembles `scene`, of the model given or a copy of it.
  void Update(const Scene& scene, const Viewpoint& viewpoint);

  mjvScene& get() { return scene_; }
  const mjvScene& get() const { return scene_; }

  // What is in front at the middle of a pixel: a geom's number in the scene (-1: none), and its depth,
  // 1 at the near plane and 0 at the far one.
  struct Front {
    int geom = -1;
    double depth = 0;
  };
  // Fills `out` with what front(x, y) is; y counts from below, as in OpenGL.
  template <class FrontAt>
  void WriteGeometry(const GeometryView& out, const FrontAt& front) const {
    for (int y = 0; y < out.height; ++y) {
      for (int x = 0; x < out.width; ++x) Write(out, x, y, front(x, out.height - 1 - y));
    }
  }

 private:
  void Write(const GeometryView& out, int x, int y, const Front& front) const;
  // Metres along the camera's axis.
  double DistanceOf(double depth) const;

  std::uint64_t model_signature_;
  mjvScene scene_;
  mjvOption options_;
  mjvPerturb no_perturbation_;
};

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_VISUAL_SCENE_H_

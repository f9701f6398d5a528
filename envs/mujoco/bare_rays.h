// The rays of a picture through mj_multiRay and nothing else: what MuJoCo itself offers for looking
// without OpenGL, for benchmarks.
//
// One ray through the middle of every pixel, without colours, lights or materials.

#ifndef SACCADE_ENVS_MUJOCO_BARE_RAYS_H_
#define SACCADE_ENVS_MUJOCO_BARE_RAYS_H_

#include <vector>

#include "core/api/env.h"
#include "core/api/renderer.h"
#include "envs/mujoco/visual_scene.h"

namespace saccade {

class BareRays {
 public:
  explicit BareRays(const RendererContext& context);

  // Distances of `scene`, seen by camera `camera`, in metres along each ray; -1 of nothing. Row 0 is
  // on top. Orthographic cameras are taken for ones with perspective.
  const std::vector<double>& Cast(const Scene& scene, int camera);

 private:
  int height_;
  int width_;
  VisualScene visual_;
  std::vector<double> directions_;
  std::vector<double> distances_;
  std::vector<int> geoms_;
};

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_BARE_RAYS_H_

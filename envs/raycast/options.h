// What of MuJoCo's look is drawn.

#ifndef SACCADE_ENVS_RAYCAST_OPTIONS_H_
#define SACCADE_ENVS_RAYCAST_OPTIONS_H_

#include <mujoco/mujoco.h>

#include "core/config/visitor.h"

namespace saccade::raycast {

struct RaycastOptions {
  bool shadows = true;
  bool reflections = true;
  bool skybox = true;
  int samples = -1;

  void Visit(config::Visitor& v);
  // Switches off what is not wanted.
  void Apply(mjvScene& scene) const;
  // Per pixel, 1 or 4.
  int SamplesOf(const mjModel& model) const;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_OPTIONS_H_

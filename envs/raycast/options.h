// What of MuJoCo's look is drawn.

#ifndef SACCADE_ENVS_RAYCAST_OPTIONS_H_
#define SACCADE_ENVS_RAYCAST_OPTIONS_H_

#include <string>

#include <mujoco/mujoco.h>

#include "core/config/visitor.h"

namespace saccade::raycast {

struct RaycastOptions {
  std::string look = "reference";  // or "fast"
  std::string shadows = "auto";    // or "true" or "false"
  std::string reflections = "auto";
  bool skybox = true;
  int samples = -1;
  int supersampling = 1;

  void Visit(config::Visitor& v);
  // Switches off what is not wanted.
  void Apply(mjvScene& scene) const;
  // Per pixel, 1 or 4.
  int SamplesOf(const mjModel& model) const;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_OPTIONS_H_

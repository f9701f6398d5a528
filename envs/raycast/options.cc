#include "envs/raycast/options.h"

namespace saccade::raycast {

void RaycastOptions::Visit(config::Visitor& v) {
  using config::Rule;
  v.Field("shadows", shadows, "draw shadows");
  v.Field("reflections", reflections, "draw reflections");
  v.Field("skybox", skybox, "draw the sky; without, the background is black");
  v.Field(
      "samples", samples,
      "samples per pixel against jagged edges: 0 for one, 1 to 4 for four, -1 as the model says",
      Rule::Between(-1, 4));
}

void RaycastOptions::Apply(mjvScene& scene) const {
  if (!shadows) scene.flags[mjRND_SHADOW] = 0;
  if (!reflections) scene.flags[mjRND_REFLECTION] = 0;
  if (!skybox) scene.flags[mjRND_SKYBOX] = 0;
}

int RaycastOptions::SamplesOf(const mjModel& model) const {
  return (samples >= 0 ? samples : model.vis.quality.offsamples) > 0 ? 4 : 1;
}

}  // namespace saccade::raycast

#include "envs/raycast/options.h"

namespace saccade::raycast {
namespace {

// Whether an effect of MuJoCo's look is drawn, which `choice` may leave to the look.
bool IsOn(const std::string& choice, const std::string& look) {
  return choice == "auto" ? look == "reference" : choice == "true";
}

}  // namespace

void RaycastOptions::Visit(config::Visitor& v) {
  using config::Rule;
  v.Field(
      "look", look,
      "reference: all that MuJoCo draws; fast: without shadows, reflections and samples, unless "
      "they are asked for",
      Rule::OneOf({"reference", "fast"}));
  v.Field("shadows", shadows, "draw shadows; auto as the look says",
          Rule::OneOf({"auto", "true", "false"}));
  v.Field("reflections", reflections, "draw reflections; auto as the look says",
          Rule::OneOf({"auto", "true", "false"}));
  v.Field("skybox", skybox, "draw the sky; without, the background is black");
  v.Field(
      "samples", samples,
      "samples per pixel against jagged edges: 0 for one, 1 to 4 for four, -1 as the look says, "
      "which is as many as the model, or one",
      Rule::Between(-1, 4));
  v.Field("supersampling", supersampling,
          "draw this many times as high and wide, and average: smooth edges in small images",
          Rule::Between(1, 16));
}

void RaycastOptions::Apply(mjvScene& scene) const {
  if (!IsOn(shadows, look)) scene.flags[mjRND_SHADOW] = 0;
  if (!IsOn(reflections, look)) scene.flags[mjRND_REFLECTION] = 0;
  if (!skybox) scene.flags[mjRND_SKYBOX] = 0;
}

int RaycastOptions::SamplesOf(const mjModel& model) const {
  const int of_look = look == "reference" ? model.vis.quality.offsamples : 0;
  return (samples >= 0 ? samples : of_look) > 0 ? 4 : 1;
}

}  // namespace saccade::raycast

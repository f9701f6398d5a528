#include "envs/raycast/register.h"

#include <memory>

#include "envs/raycast/simd_renderer.h"

namespace saccade::raycast {

void RegisterRenderer(Registry& registry) {
  registry.renderers().Add<RaycastOptions>(
      "raycast", "MuJoCo's pictures without OpenGL, drawn by the processor",
      [](const RaycastOptions& options, const RendererContext& context) {
        return std::make_shared<SimdBlueprint>(options, context);
      });
}

}  // namespace saccade::raycast

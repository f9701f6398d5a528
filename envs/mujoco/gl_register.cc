#include "envs/mujoco/gl_register.h"

#include <memory>

#include "envs/mujoco/gl_renderer.h"

namespace saccade {

void RegisterGlRenderer(Registry& registry) {
  registry.renderers().Add<GlRendererOptions>(
      "gl", "MuJoCo's own OpenGL renderer, on a GPU or in software (EGL, then OSMesa)",
      [](const GlRendererOptions& options, const RendererContext& context) {
        return std::make_shared<GlBlueprint>(options, context);
      });
}

}  // namespace saccade

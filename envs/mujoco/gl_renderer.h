// MuJoCo's own OpenGL renderer off the screen: the reference for what an image is.
//
// Draws what dm_control's physics.render draws from the same state: with the same MuJoCo and OpenGL
// the bytes are equal, but for the light on infinite planes away from their origin (visual_scene.h).
//
// Shapes: RGB or luma (BT.601), row 0 on top, any size up to the RendererContext's.
// Thread safety: as core/api/renderer.h; the model is only read. Every Render takes the OpenGL
// context for its thread and gives it back (about 20 µs with Mesa), so that an instance can follow
// its worker from thread to thread. It leaves the thread without a current context.
// Determinism: the same state gives the same bytes from call to call, thread to thread and between
// Mesa's platforms; another OpenGL draws other low bits.
// Cost: a software rasteriser draws the cheetah at 84 × 84 about 45 times a second and core, and
// about 20 times faster without shadows, samples and reflections. No allocation of ours per frame;
// the first one of a model compiles shaders. About 40 MB per instance for a suite model, mostly its
// sky.
// Departures: no others, unless an option asks for one; none of the options changes geometry. With
// supersampling n, the scene is drawn n times as high and wide, and a pixel is the mean of n × n:
// small images get smooth edges for less than what samples cost in software, and details that fall
// between the pixels do not flicker.

#ifndef SACCADE_ENVS_MUJOCO_GL_RENDERER_H_
#define SACCADE_ENVS_MUJOCO_GL_RENDERER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <mujoco/mujoco.h>

#include "core/api/renderer.h"
#include "core/config/visitor.h"
#include "envs/mujoco/gl_context.h"
#include "envs/mujoco/visual_scene.h"

namespace saccade {

struct GlRendererOptions {
  std::string backend = "auto";
  bool shadows = true;
  bool reflections = true;
  bool skybox = true;
  int samples = -1;
  int supersampling = 1;

  void Visit(config::Visitor& v);
};

class GlRenderer final : public Renderer {
 public:
  // Throws kEnvironment when there is no OpenGL, kInput when the image is too large for it.
  GlRenderer(const GlRendererOptions& options, const RendererContext& context);
  ~GlRenderer() override;

  void Render(const Scene& scene, const Viewpoint& viewpoint, ImageView out) override;
  void RenderGeometry(const Scene& scene, const Viewpoint& viewpoint,
                      const GeometryView& out) override;
  void UseTexture(int id, std::shared_ptr<const TexturePicture> picture) override;
  std::string description() const override;

  // The processor draws, not a graphics card.
  bool software() const { return gl_->info().software(); }

 private:
  void MakeDrawingContext(const GlRendererOptions& options, const mjModel& shared, int height,
                          int width);
  // Colours into frame_; or, unless `geometry` is nullptr, numbers of geoms into frame_ and depths, 1
  // at the near plane and 0 at the far one, into `geometry`.
  void Draw(const Scene& scene, const Viewpoint& viewpoint, mjrRect frame, float* geometry);

  const mjModel& model_;
  std::unique_ptr<GlContext> gl_;
  int supersampling_;
  mjrContext drawing_;
  VisualScene scene_;
  std::vector<std::uint8_t> frame_;  // RGB as OpenGL has it, row 0 at the bottom
  std::vector<float> depth_;         // the same; empty until it is asked for
};

class GlBlueprint final : public RendererBlueprint {
 public:
  GlBlueprint(const GlRendererOptions& options, const RendererContext& context)
      : options_(options), context_(context) {}

  std::unique_ptr<Renderer> MakeRenderer() const override {
    return std::make_unique<GlRenderer>(options_, context_);
  }
  std::shared_ptr<const TexturePicture> MakeTexture(int id, const ImageView& image) const override;

 private:
  GlRendererOptions options_;
  RendererContext context_;
};

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_GL_RENDERER_H_

// MuJoCo's OpenGL renderer in plain loops, without OpenGL: pass by pass, triangle by triangle.
//
// The passes, each of which rounds what it draws to 8 bits:
//   1. on the first reflecting plane, or upper side of a box, what its mirror shows: all lights,
//      no shadows, no sky
//   2. opaque geoms in the light of the lights without shadows, and their own; a reflecting one is
//      added to its mirror
//   3. for each light with shadows, its light added where it reaches
//   4. the sky, and the haze before it when there is an infinite plane
//   5. transparent geoms in all lights, without shadows: from near to far, and again from far to
//      near
// Coverage and depth are per sample; colour, texture and shadow once per pixel and triangle, in the
// middle of the pixel, even if that lies outside the triangle.
//
// Departures from OpenGL: numbers are doubles, and points on an edge fall to one side without
// fixed-point rounding; shadows come from rays through the texels of its shadow maps (shadow.h), and
// of what such a ray meets in a geom only the first counts; the alpha of textures is left out. Not
// drawn: flexes, labels, and what only decorates.
//
// Thread safety: as core/api/renderer.h. Determinism: the same bytes with the same build and C
// library, on every thread. Cost: about that of Mesa's OpenGL, it scales with threads, and it
// allocates.
//
// Reference: MuJoCo 3.17.0's renderer (EGL with Mesa 22.3's llvmpipe).

#ifndef SACCADE_ENVS_RAYCAST_PLAIN_RENDERER_H_
#define SACCADE_ENVS_RAYCAST_PLAIN_RENDERER_H_

#include <string>

#include "core/api/renderer.h"
#include "envs/mujoco/visual_scene.h"
#include "envs/raycast/assets.h"
#include "envs/raycast/options.h"

namespace saccade::raycast {

class PlainRenderer final : public Renderer {
 public:
  PlainRenderer(const RaycastOptions& options, const RendererContext& context);

  void Render(const Scene& scene, const Viewpoint& viewpoint, ImageView out) override;
  void RenderGeometry(const Scene& scene, const Viewpoint& viewpoint,
                      const GeometryView& out) override;
  std::string description() const override;

 private:
  RaycastOptions options_;
  Assets assets_;
  VisualScene scene_;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_PLAIN_RENDERER_H_

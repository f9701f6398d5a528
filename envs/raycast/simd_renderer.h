// MuJoCo's pictures without OpenGL, fast: what PlainRenderer draws, many samples and points at once.
//
// First the piece in front of every sample is found, then every triangle at a pixel is coloured
// once. Only vertices that such triangles have are lit, and only rays that can meet something are
// followed to lights.
//
// Thread safety: as core/api/renderer.h. Determinism: the same bytes with the same build and C
// library, on every thread and with every instruction set of ours. Cost: memory grows to what
// pictures need and is kept; then none is allocated, but for skins and the haze over an endless
// plane.

#ifndef SACCADE_ENVS_RAYCAST_SIMD_RENDERER_H_
#define SACCADE_ENVS_RAYCAST_SIMD_RENDERER_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/api/renderer.h"
#include "envs/mujoco/visual_scene.h"
#include "envs/raycast/assets.h"
#include "envs/raycast/draw_list.h"
#include "envs/raycast/options.h"
#include "envs/raycast/painting.h"
#include "envs/raycast/shadow_map.h"
#include "envs/raycast/sight.h"

namespace saccade::raycast {

// A texture with its smaller levels, for every thread to read.
struct SimdTexture final : TexturePicture {
  SimdTexture(const mjModel& model, int its_id, const ImageView& image)
      : id(its_id), texture(model, its_id, image) {}
  int id;  // whose place it can take
  Texture texture;
};

class SimdRenderer final : public Renderer {
 public:
  SimdRenderer(const RaycastOptions& options, const RendererContext& context)
      : SimdRenderer(options, context, std::make_shared<Assets>(*context.model)) {}
  // `assets` are of the context's model.
  SimdRenderer(const RaycastOptions& options, const RendererContext& context,
               std::shared_ptr<const Assets> assets);

  void Render(const Scene& scene, const Viewpoint& viewpoint, ImageView out) override;
  void RenderGeometry(const Scene& scene, const Viewpoint& viewpoint,
                      const GeometryView& out) override;
  void UseTexture(int id, std::shared_ptr<const TexturePicture> picture) override;
  std::string description() const override;

 private:
  // nullptr for none (-1), and for what is no picture in colours.
  const Texture* TextureOf(int id) const;
  void Assemble(const Scene& scene, const Viewpoint& viewpoint);
  Parts PartsOf(const mjvGeom& geom) const;
  void AddGeom(Sight& sight, const mjvGeom& geom, Sight::Added how) const;
  void Draw(const mjModel& model, ImageView out);
  void DrawMirror();
  void DrawSky(const mjModel& model);
  void LightHidden(std::span<const ShadowMap> shadows);
  void DrawHaze(const mjModel& model);
  void DrawTransparent(Sight& sight, double reflectance);

  RaycastOptions options_;
  std::shared_ptr<const Assets> assets_;
  // In the place of the model's textures, in their order; nullptr: none.
  std::vector<std::shared_ptr<const SimdTexture>> pictures_;
  VisualScene scene_;
  DrawList list_;
  std::vector<Solid> skins_;
  std::vector<ShadowMap> shadows_;  // as many as were ever needed
  std::optional<Shape> haze_;
  std::vector<std::uint32_t> order_;   // of transparent instances
  std::vector<int> geom_of_instance_;  // of pictures of geometry
  Sight sight_;
  Sight mirrored_;
  Painting painting_;
  Image large_;  // what is averaged, when it is
};

// Renderers that share their assets, which are made with the first.
class SimdBlueprint final : public RendererBlueprint {
 public:
  SimdBlueprint(const RaycastOptions& options, const RendererContext& context)
      : options_(options), context_(context) {}

  std::unique_ptr<Renderer> MakeRenderer() const override;
  std::shared_ptr<const TexturePicture> MakeTexture(int id, const ImageView& image) const override;

 private:
  RaycastOptions options_;
  RendererContext context_;
  mutable std::once_flag once_;
  mutable std::shared_ptr<const Assets> assets_;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_SIMD_RENDERER_H_

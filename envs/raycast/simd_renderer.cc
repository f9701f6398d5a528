#include "envs/raycast/simd_renderer.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <optional>
#include <utility>

#include <Eigen/Geometry>

#include "core/base/error.h"
#include "core/base/log.h"
#include "envs/raycast/geom.h"
#include "envs/raycast/kernels.h"
#include "envs/raycast/lighting.h"
#include "envs/raycast/shadow_casters.h"

namespace saccade::raycast {

using Eigen::Vector3d;

SimdRenderer::SimdRenderer(const RaycastOptions& options, const RendererContext& context,
                           std::shared_ptr<const Assets> assets)
    : options_(options),
      assets_(std::move(assets)),
      pictures_(static_cast<std::size_t>(context.model->ntex)),
      scene_(context.model) {
  if (context.model->nflex > 0) {
    LogWarningOnce("raycast-flex", "the renderer raycast does not draw flexes; gl does");
  }
  options.Apply(scene_.get());
}

std::string SimdRenderer::description() const { return "raycast: the processor, without OpenGL"; }

void SimdRenderer::UseTexture(int id, std::shared_ptr<const TexturePicture> picture) {
  SACCADE_CHECK(0 <= id && static_cast<std::size_t>(id) < pictures_.size());
  auto mine = std::dynamic_pointer_cast<const SimdTexture>(picture);
  SACCADE_CHECK(picture == nullptr || (mine != nullptr && mine->id == id));
  pictures_[static_cast<std::size_t>(id)] = std::move(mine);
}

const Texture* SimdRenderer::TextureOf(int id) const {
  if (id < 0) return nullptr;
  const SimdTexture* const picture = pictures_[static_cast<std::size_t>(id)].get();
  return picture != nullptr ? &picture->texture : assets_->texture(id);
}

Parts SimdRenderer::PartsOf(const mjvGeom& geom) const {
  if (geom.type != mjGEOM_SKIN) return assets_->PartsOf(geom);
  Parts parts;
  parts.Add(skins_[static_cast<std::size_t>(geom.objid)]);
  return parts;
}

void SimdRenderer::AddGeom(Sight& sight, const mjvGeom& geom, Sight::Added how) const {
  const Texture* texture = geom.matid < 0 ? nullptr : TextureOf(geom.texid);
  if (scene_.get().nlight == 0) how.ambient = kAmbientWithoutLights;
  for (const Part& part : PartsOf(geom)) sight.Add(geom, part, texture, how);
}

void SimdRenderer::Assemble(const Scene& scene, const Viewpoint& viewpoint) {
  scene_.Update(scene, viewpoint);
  skins_.clear();
  for (int i = 0; i < scene_.get().nskin; ++i) {
    skins_.emplace_back(MakeSkin(*scene.model, scene_.get(), i));
  }
}

void SimdRenderer::Render(const Scene& scene, const Viewpoint& viewpoint, ImageView out) {
  SACCADE_CHECK(out.channels == 1 || out.channels == 3);
  if (out.size() == 0) return;
  Assemble(scene, viewpoint);
  const int n = options_.supersampling;
  if (n == 1) return Draw(*scene.model, out);
  if (large_.height() != n * out.height || large_.width() != n * out.width) {
    large_ = Image(n * out.height, n * out.width, 3);
  }
  Draw(*scene.model, large_.view());
  Shrink(large_.view(), n, out);
}

// One sample in the middle of every pixel.
void SimdRenderer::RenderGeometry(const Scene& scene, const Viewpoint& viewpoint,
                                  const GeometryView& out) {
  if (out.height == 0 || out.width == 0) return;
  Assemble(scene, viewpoint);
  const Size size = {out.height, out.width, 1};
  const View view = ViewOfCamera(scene_.get(), static_cast<double>(size.width) / size.height);
  sight_.Begin(size, view, nullptr);
  geom_of_instance_.clear();
  for (int i = 0; i < scene_.get().ngeom; ++i) {
    const mjvGeom& geom = scene_.get().geoms[i];
    AddGeom(sight_, geom, {.shows_backs = ShowsBack(view.eye, geom)});
    geom_of_instance_.resize(sight_.instances.size(), i);
  }
  Rasterise(sight_, 0, {0, size.height});
  scene_.WriteGeometry(out, [&](int x, int y) -> VisualScene::Front {
    const std::size_t i = static_cast<std::size_t>(y) * size.stride() + static_cast<std::size_t>(x);
    const std::uint32_t piece = sight_.front[i];
    if (piece == kNothing) return {};
    return {geom_of_instance_[sight_.pieces[piece].instance], sight_.depth[i]};
  });
}

void SimdRenderer::Draw(const mjModel& model, ImageView out) {
  const Size size = {out.height, out.width, options_.SamplesOf(model)};
  const mjvScene& scene = scene_.get();
  const View view = ViewOfCamera(scene, static_cast<double>(size.width) / size.height);
  list_.Fill(scene, model, view.eye);
  painting_.samples.assign(size.sample_count(), 0);

  sight_.Begin(size, view, nullptr);
  for (const mjvLight* light : list_.plain_lights) sight_.AddLight(*light, 0);
  const std::size_t casting = list_.casting_lights.size();
  shadows_.resize(std::max(shadows_.size(), casting));
  for (std::size_t i = 0; i < casting; ++i) {
    shadows_[i].Begin(*list_.casting_lights[i], model, view, assets_->round_shapes());
    sight_.AddLight(*list_.casting_lights[i], 1 + i);
    for (int k = 0; k < scene.ngeom; ++k) {
      const mjvGeom& geom = scene.geoms[k];
      if (Casts(geom)) shadows_[i].AddCaster(geom, PartsOf(geom));
    }
  }
  const bool reflects = scene.flags[mjRND_REFLECTION] != 0;
  if (list_.reflecting != nullptr) AddGeom(sight_, *list_.reflecting, {.adds = reflects});
  for (const mjvGeom* geom : list_.opaque) AddGeom(sight_, *geom, {});
  Rasterise(sight_, 0, {0, size.height});
  painting_.sky = nullptr;
  painting_.first_of_sky = painting_.end_of_sky = 0;
  DrawMirror();
  DrawSky(model);
  painting_.panels.Begin(sight_);
  Paint(sight_, {shadows_.data(), casting}, painting_);
  LightHidden({shadows_.data(), casting});
  sight_.MergePasses();
  DrawHaze(model);
  DrawTransparent(sight_, 1);
  Resolve(size, painting_.samples, out);
}

// Where the reflecting geom is in front, what it mirrors.
void SimdRenderer::DrawMirror() {
  if (list_.reflecting == nullptr || scene_.get().flags[mjRND_REFLECTION] == 0) return;
  const std::optional<mjvGeom> mirror = MirrorOf(*list_.reflecting, sight_.view.eye);
  if (!mirror) return;
  mirrored_.Begin(sight_.size, Mirrored(sight_.view, PositionOf(*mirror), NormalOf(*mirror)),
                  &*mirror);
  for (const mjvLight* light : list_.lights) mirrored_.AddLight(*light, 0);
  // It was the first to be drawn, and is its first piece: the plane, or the box's upper side. A depth
  // that nothing reaches keeps all else as it is.
  const auto piece = std::find_if(sight_.pieces.begin(), sight_.pieces.end(),
                                  [](const Piece& p) { return p.instance == 0 && p.piece == 0; });
  if (piece == sight_.pieces.end()) return;
  const auto mirror_id = static_cast<std::uint32_t>(piece - sight_.pieces.begin());
  std::transform(sight_.front.begin(), sight_.front.end(), mirrored_.depth.begin(),
                 [=](std::uint32_t id) {
                   return id == mirror_id ? 0 : std::numeric_limits<float>::infinity();
                 });
  const double reflectance = list_.reflecting->reflectance;
  for (const mjvGeom* geom : list_.opaque) {
    AddGeom(mirrored_, *geom, {.reflectance = reflectance});
  }
  Rasterise(mirrored_, 0, {0, mirrored_.size.height});
  Paint(mirrored_, {}, painting_);
  DrawTransparent(mirrored_, reflectance);
}

// The sky is where nothing is. Only where something may be behind it, it has to be drawn.
void SimdRenderer::DrawSky(const mjModel& model) {
  const View& view = sight_.view;
  painting_.sky = scene_.get().flags[mjRND_SKYBOX] != 0 ? TextureOf(assets_->sky()) : nullptr;
  painting_.has_rays = !view.is_orthographic;
  if (painting_.sky == nullptr) return;
  std::pair<int, int> rows = {0, sight_.size.height};
  const double radius = SkyRadius(view.far);
  if (painting_.has_rays) {
    painting_.rays = sight_.Rays();
    painting_.seen_sky.Begin(sight_.size, painting_.rays, *painting_.sky);
    // The nearest that the sky is along the gaze, in a corner of the picture.
    const double nearest = 0.999 * radius * sight_.CosineOfCorner() *
                           std::cos(std::numbers::pi / model.vis.quality.numslices);
    const bool is_before_some = std::ranges::any_of(
        list_.transparent, [&](const mjvGeom* geom) { return MayReach(*geom, view.eye, nearest); });
    if (!is_before_some) {
      const double depth = view.near * (view.far / nearest - 1) / (view.far - view.near);
      rows = RowsBeyond(sight_, static_cast<float>(depth));
    }
    if (rows.first >= rows.second) return;
  }
  const std::size_t instance = sight_.instances.size();
  const std::size_t first_piece = sight_.pieces.size();
  sight_.AddSurrounding(assets_->cylinder(), radius, Mapping(*painting_.sky));
  Rasterise(sight_, instance, rows);
  if (!painting_.has_rays) return;
  painting_.first_of_sky = static_cast<std::uint32_t>(first_piece);
  painting_.end_of_sky = static_cast<std::uint32_t>(sight_.pieces.size());
}

// Where geoms coincide, OpenGL adds a light that casts shadows once for each of them.
void SimdRenderer::LightHidden(std::span<const ShadowMap> shadows) {
  if (list_.hidden.empty()) return;
  const Texture* const sky =
      std::exchange(painting_.sky, nullptr);  // where nothing is, nothing is lit
  for (auto geom = list_.hidden.begin(); geom != list_.hidden.end();) {
    std::ranges::fill(sight_.front, kNothing);
    const std::size_t first = sight_.instances.size();
    for (const int layer = geom->layer; geom != list_.hidden.end() && geom->layer == layer;
         ++geom) {
      AddGeom(sight_, *geom->geom, {.adds = true, .only_casting = true});
    }
    Rasterise(sight_, first, {0, sight_.size.height});
    Paint(sight_, shadows, painting_);
  }
  painting_.sky = sky;
}

void SimdRenderer::DrawHaze(const mjModel& model) {
  if (painting_.sky == nullptr) return;
  const std::optional<Haze> haze =
      HazeOf(scene_.get(), model, sight_.view.eye, SkyRadius(sight_.view.far));
  if (!haze) return;
  haze_.emplace(MakeHaze(*haze, model.vis.quality.numslices));
  order_ = {static_cast<std::uint32_t>(sight_.instances.size())};
  Instance& instance = sight_.AddSurrounding(*haze_, 1, Mapping({}, nullptr));
  for (std::size_t c = 0; c < 3; ++c) instance.rgb[c] = model.vis.rgba.haze[c];
  instance.fades = true;
  BlendPieces(sight_, order_, true, painting_);
}

// From near to far, and again from far to near.
void SimdRenderer::DrawTransparent(Sight& sight, double reflectance) {
  if (list_.transparent.empty()) return;
  order_.clear();
  for (const mjvGeom* geom : list_.transparent) {
    Sight::Added how = {.reflectance = reflectance, .alpha = geom->rgba[3]};
    if (ShowsBack(sight_.view.eye, *geom)) {
      how.alpha *= 0.3;
      how.shows_backs = true;
    }
    const std::size_t first = sight.instances.size();
    AddGeom(sight, *geom, how);
    for (std::size_t i = first; i < sight.instances.size(); ++i) {
      order_.push_back(static_cast<std::uint32_t>(i));
    }
  }
  const std::size_t count = order_.size();
  for (std::size_t i = count; i-- > 0;) order_.push_back(order_[i]);
  BlendPieces(sight, order_, false, painting_);
}

std::unique_ptr<Renderer> SimdBlueprint::MakeRenderer() const {
  std::call_once(once_, [this] { assets_ = std::make_shared<Assets>(*context_.model); });
  return std::make_unique<SimdRenderer>(options_, context_, assets_);
}

std::shared_ptr<const TexturePicture> SimdBlueprint::MakeTexture(int id,
                                                                 const ImageView& image) const {
  const mjModel& model = *context_.model;
  SACCADE_CHECK(0 <= id && id < model.ntex && image.channels == 3 && image.size() > 0);
  if (model.tex_type[id] != mjTEXTURE_2D) RequireCubeShape(image);
  return std::make_shared<SimdTexture>(model, id, image);
}

}  // namespace saccade::raycast

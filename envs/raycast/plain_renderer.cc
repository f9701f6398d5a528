#include "envs/raycast/plain_renderer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include <Eigen/Core>
#include <Eigen/Geometry>

#include "core/base/error.h"
#include "core/base/log.h"
#include "envs/raycast/draw_list.h"
#include "envs/raycast/geom.h"
#include "envs/raycast/lighting.h"
#include "envs/raycast/mapping.h"
#include "envs/raycast/samples.h"
#include "envs/raycast/shadow.h"
#include "envs/raycast/shadow_casters.h"
#include "envs/raycast/triangle.h"
#include "envs/raycast/view.h"

namespace saccade::raycast {
namespace {

using Eigen::Matrix3d;
using Eigen::Vector3d;

// The state in which triangles are drawn, as OpenGL has one.
struct Pass {
  const View* view;
  std::vector<const mjvLight*> lights = {};
  bool emission = true;
  double reflectance = 1;  // scales the colours of what is drawn
  Blend blend = Blend::kReplace;
  bool writes_depth = true;
  bool shows_backs = false;             // of faces, instead of their fronts
  bool only_marks = false;              // marks samples, and draws nothing
  int only_number = -1;                 // if not -1, what samples are given instead of a colour
  const mjvGeom* mirror = nullptr;      // draws marked samples only, of what is before this plane
  const ShadowView* shadows = nullptr;  // of the one light
};

class Frame {
 public:
  Frame(const Assets& assets, const mjModel& model, const mjvScene& scene, SampleBuffer& samples)
      : assets_(assets),
        model_(model),
        scene_(scene),
        samples_(samples),
        view_(ViewOfCamera(scene, static_cast<double>(samples.width()) / samples.height())) {
    for (int i = 0; i < scene.nskin; ++i) skins_.emplace_back(MakeSkin(model, scene, i));
    list_.Fill(scene, model, view_.eye);
  }

  void Draw() {
    DrawMirror();
    DrawOpaque();
    DrawSky();
    DrawTransparent({.view = &view_, .lights = list_.lights});
  }

  // Of every sample, which geom is nearest.
  void Number() {
    for (int i = 0; i < scene_.ngeom; ++i) {
      DrawGeom(scene_.geoms[i], {.view = &view_, .only_number = i});
    }
  }

 private:
  Parts PartsOf(const mjvGeom& geom) const {
    if (geom.type != mjGEOM_SKIN) return assets_.PartsOf(geom);
    Parts parts;
    parts.Add(skins_[static_cast<std::size_t>(geom.objid)]);
    return parts;
  }

  void DrawMirror() {
    if (list_.reflecting == nullptr || scene_.flags[mjRND_REFLECTION] == 0) return;
    const std::optional<mjvGeom> mirror = MirrorOf(*list_.reflecting, view_.eye);
    if (!mirror) return;
    DrawGeom(*mirror, {.view = &view_, .only_marks = true});
    const View view = Mirrored(view_, PositionOf(*mirror), NormalOf(*mirror));
    const Pass pass = {.view = &view,
                       .lights = list_.lights,
                       .reflectance = list_.reflecting->reflectance,
                       .mirror = &*mirror};
    for (const mjvGeom* geom : list_.opaque) DrawGeom(*geom, pass);
    DrawTransparent(pass);
  }

  void DrawOpaque() {
    Pass pass{.view = &view_, .lights = list_.plain_lights};
    if (list_.reflecting != nullptr) {
      Pass onto_mirror = pass;
      onto_mirror.blend = Blend::kAdd;
      DrawGeom(*list_.reflecting, onto_mirror);
    }
    for (const mjvGeom* geom : list_.opaque) DrawGeom(*geom, pass);
    for (const mjvLight* light : list_.casting_lights) AddLight(*light);
  }

  void AddLight(const mjvLight& light) {
    const ShadowView shadows(light, model_, view_.near, view_.far);
    const Pass pass{.view = &view_,
                    .lights = {&light},
                    .emission = false,
                    .blend = Blend::kAdd,
                    .shadows = &shadows};
    if (list_.reflecting != nullptr) DrawGeom(*list_.reflecting, pass);
    for (const mjvGeom* geom : list_.opaque) DrawGeom(*geom, pass);
  }

  void DrawTransparent(Pass pass) {
    pass.blend = Blend::kAlpha;
    pass.writes_depth = false;
    const auto draw = [&](const mjvGeom* geom) { DrawGeom(*geom, pass); };
    std::for_each(list_.transparent.begin(), list_.transparent.end(), draw);
    std::for_each(list_.transparent.rbegin(), list_.transparent.rend(), draw);
  }

  // A cylinder around the eye, seen from inside.
  void DrawSky() {
    const Texture* texture = assets_.texture(assets_.sky());
    if (scene_.flags[mjRND_SKYBOX] == 0 || texture == nullptr) return;
    const double radius = SkyRadius(view_.far);
    const Mesh& shape = assets_.cylinder().mesh;
    const Mapping mapping(*texture);
    std::vector<Corner> corners;
    for (const Vertex& vertex : shape.vertices) {
      corners.push_back(CornerAt(view_, view_.eye + radius * vertex.position.cast<double>()));
      corners.back().texture = mapping.AtCorner(vertex);
    }
    const Pass pass{.view = &view_, .shows_backs = true};
    for (const auto& triangle : shape.triangles) {
      DrawTriangle(TriangleOf(corners, triangle), pass, mapping);
    }
    DrawHaze(radius);
  }

  void DrawHaze(double radius) {
    const std::optional<Haze> haze = HazeOf(scene_, model_, view_.eye, radius);
    if (!haze) return;
    const Mesh mesh = MakeHaze(*haze, model_.vis.quality.numslices);
    std::vector<Corner> corners;
    for (const Vertex& vertex : mesh.vertices) {
      corners.push_back(CornerAt(view_, view_.eye + vertex.position.cast<double>()));
      corners.back().colour = ToVector(model_.vis.rgba.haze);
      corners.back().alpha = vertex.texcoord.x();
    }
    const Pass pass{.view = &view_, .blend = Blend::kAlpha, .shows_backs = true};
    for (const auto& triangle : mesh.triangles) {
      DrawTriangle(TriangleOf(corners, triangle), pass, Mapping({}, nullptr));
    }
  }

  static Corner CornerAt(const View& view, const Vector3d& world) {
    return {.clip = view.Project(world), .world = world};
  }

  Triangle TriangleOf(const std::vector<Corner>& corners, const std::array<int, 3>& ids) const {
    const auto at = [&](std::size_t k) { return corners[static_cast<std::size_t>(ids[k])]; };
    return {at(0), at(1), at(2), samples_.width(), samples_.height()};
  }

  void DrawGeom(const mjvGeom& geom, Pass pass) {
    double alpha = geom.rgba[3];
    if (ShowsBack(view_.eye, geom)) {
      alpha *= 0.3;
      pass.shows_backs = !pass.shows_backs;
    }
    const Mapping mapping(geom, geom.matid < 0 ? nullptr : assets_.texture(geom.texid));
    for (const Part& part : PartsOf(geom)) {
      std::vector<Corner> corners;
      for (const Vertex& vertex : part.shape->mesh.vertices) {
        corners.push_back(CornerOf(vertex, part, geom, pass));
        corners.back().texture = mapping.AtCorner(vertex);
        corners.back().alpha = alpha;
      }
      for (const auto& triangle : part.shape->mesh.triangles) {
        DrawTriangle(TriangleOf(corners, triangle), pass, mapping);
      }
    }
  }

  Corner CornerOf(const Vertex& vertex, const Part& part, const mjvGeom& geom,
                  const Pass& pass) const {
    const Matrix3d axes = AxesOf(geom);
    const Vector3d scale = part.scale.cast<double>();
    const Vector3d local =
        part.offset.cast<double>() + scale.cwiseProduct(vertex.position.cast<double>());
    Corner corner = CornerAt(*pass.view, PositionOf(geom) + axes * local);
    const Vector3d normal = (axes * vertex.normal.cast<double>().cwiseQuotient(scale)).normalized();
    Material material = MaterialOf(geom);
    material.rgb *= pass.reflectance;
    corner.colour = (pass.emission ? material.emission : 0) * material.rgb;
    if (scene_.nlight == 0) corner.colour += kAmbientWithoutLights * material.rgb;
    for (const mjvLight* light : pass.lights) {
      corner.colour += LightAt(*light, material, corner.world, normal, pass.view->eye);
    }
    corner.colour = corner.colour.cwiseMax(0).cwiseMin(1);
    return corner;
  }

  void DrawTriangle(const Triangle& triangle, const Pass& pass, const Mapping& mapping) {
    // A mirror turns the order of the corners around.
    const bool front = triangle.is_front() != (pass.mirror != nullptr);
    if (front == pass.shows_backs) return;
    const Triangle::Bounds& bounds = triangle.bounds();
    for (int y = bounds.y0; y < bounds.y1; ++y) {
      for (int x = bounds.x0; x < bounds.x1; ++x) {
        const unsigned covered = Cover(triangle, pass, x, y);
        if (covered != 0) Shade(triangle, pass, mapping, x, y, covered);
      }
    }
  }

  // Which samples of a pixel are to be drawn, as bits.
  unsigned Cover(const Triangle& triangle, const Pass& pass, int x, int y) {
    unsigned covered = 0;
    for (std::size_t i = 0; i < samples_.pattern().size(); ++i) {
      const Vector3d lambda =
          triangle.Lambda(x + samples_.pattern()[i].x(), y + samples_.pattern()[i].y());
      if (!triangle.Covers(lambda)) continue;
      SampleBuffer::Sample& sample = samples_.at(x, y, i);
      if (pass.only_marks) {
        sample.marked = true;
        continue;
      }
      if (pass.mirror != nullptr &&
          (!sample.marked ||
           IsBehind(triangle.Interpolate(lambda, &Corner::world), *pass.mirror))) {
        continue;
      }
      const double depth = triangle.Depth(lambda);
      if (!(0 <= depth && depth <= 1 && depth >= sample.depth)) continue;
      if (pass.writes_depth) sample.depth = depth;
      covered |= 1U << i;
    }
    return covered;
  }

  void Shade(const Triangle& triangle, const Pass& pass, const Mapping& mapping, int x, int y,
             unsigned covered) {
    const auto for_covered = [&](const auto& function) {
      for (std::size_t i = 0; i < samples_.pattern().size(); ++i) {
        if ((covered >> i & 1U) != 0) function(samples_.at(x, y, i));
      }
    };
    if (pass.only_number != -1) {
      return for_covered([&](SampleBuffer::Sample& sample) { sample.geom = pass.only_number; });
    }
    const auto middle = [&](int px, int py) { return triangle.Lambda(px + .5, py + .5); };
    const Vector3d lambda = middle(x, y);
    if (pass.shadows != nullptr &&
        !IsLit(*pass.shadows, triangle.Interpolate(lambda, &Corner::world))) {
      return;
    }
    Vector3d colour = triangle.Interpolate(lambda, &Corner::colour);
    if (mapping.has_texture()) {
      const auto texture = [&](int px, int py) {
        return triangle.Interpolate(middle(px, py), &Corner::texture);
      };
      // OpenGL takes derivatives within blocks of 2 × 2 pixels.
      const int x0 = x & ~1;
      const int y0 = y & ~1;
      colour = colour.cwiseProduct(
          mapping.Colour(texture(x, y), texture(x0, y0), texture(x0 + 1, y0), texture(x0, y0 + 1)));
    }
    const double alpha = triangle.Interpolate(lambda, &Corner::alpha);
    for_covered([&](SampleBuffer::Sample& sample) { Write(colour, alpha, pass.blend, sample); });
  }

  bool IsLit(const ShadowView& light, const Vector3d& point) const {
    const auto query = light.QueryAt(point);
    if (!query) return true;
    return std::none_of(scene_.geoms, scene_.geoms + scene_.ngeom, [&](const mjvGeom& caster) {
      return Casts(caster) &&
             light.Shades(*query, HitGeom(query->ray, caster, PartsOf(caster), light.near()));
    });
  }

  const Assets& assets_;
  const mjModel& model_;
  const mjvScene& scene_;
  SampleBuffer& samples_;
  View view_;
  std::vector<Solid> skins_;
  DrawList list_;
};

}  // namespace

PlainRenderer::PlainRenderer(const RaycastOptions& options, const RendererContext& context)
    : options_(options), assets_(*context.model), scene_(context.model) {
  if (context.model->nflex > 0) {
    LogWarningOnce("raycast-flex", "the renderer raycast does not draw flexes; gl does");
  }
  options.Apply(scene_.get());
}

void PlainRenderer::Render(const Scene& scene, const Viewpoint& viewpoint, ImageView out) {
  SACCADE_CHECK(out.channels == 1 || out.channels == 3);
  if (out.size() == 0) return;
  scene_.Update(scene, viewpoint);
  const int n = options_.supersampling;
  Image large(n * out.height, n * out.width, 3);
  SampleBuffer samples(large.height(), large.width(), options_.SamplesOf(*scene.model));
  Frame(assets_, *scene.model, scene_.get(), samples).Draw();
  samples.Resolve(large.view());
  Shrink(large.view(), n, out);
}

void PlainRenderer::RenderGeometry(const Scene& scene, const Viewpoint& viewpoint,
                                   const GeometryView& out) {
  if (out.height == 0 || out.width == 0) return;
  scene_.Update(scene, viewpoint);
  SampleBuffer samples(out.height, out.width, 1);
  Frame(assets_, *scene.model, scene_.get(), samples).Number();
  scene_.WriteGeometry(out, [&](int x, int y) -> VisualScene::Front {
    return {samples.at(x, y, 0).geom, samples.at(x, y, 0).depth};
  });
}

std::string PlainRenderer::description() const { return "raycast: the processor, without OpenGL"; }

}  // namespace saccade::raycast

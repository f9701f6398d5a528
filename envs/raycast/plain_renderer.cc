#include "envs/raycast/plain_renderer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include <Eigen/Core>
#include <Eigen/Geometry>

#include "core/base/error.h"
#include "core/base/log.h"
#include "envs/raycast/geom.h"
#include "envs/raycast/intersect.h"
#include "envs/raycast/lighting.h"
#include "envs/raycast/mapping.h"
#include "envs/raycast/samples.h"
#include "envs/raycast/shadow.h"
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
    for (int i = 0; i < std::min(scene.nlight, kMostLights); ++i) {
      lights_.push_back(&scene.lights[i]);
    }
    for (int i = 0; i < scene.nskin; ++i) skins_.emplace_back(MakeSkin(model, scene, i));
    SortGeoms();
  }

  void Draw() {
    DrawMirror();
    DrawOpaque();
    DrawSky();
    DrawTransparent({.view = &view_, .lights = lights_}, nullptr);
  }

 private:
  void SortGeoms() {
    for (int i = 0; i < scene_.ngeom; ++i) {
      const mjvGeom& geom = scene_.geoms[i];
      const bool from_behind = geom.type == mjGEOM_PLANE && IsBehind(view_.eye, geom);
      if (geom.rgba[3] < 0.995F || from_behind) {
        transparent_.push_back(&geom);
        continue;
      }
      opaque_.push_back(&geom);
      const bool may_reflect = geom.type == mjGEOM_PLANE || geom.type == mjGEOM_BOX;
      if (reflecting_ == nullptr && may_reflect && geom.reflectance > 0) reflecting_ = &geom;
    }
    const auto distance = [&](const mjvGeom* geom) {
      if (geom->type == mjGEOM_PLANE) return 1e10;
      const double d = (ToVector(geom->pos) - view_.eye).norm() - BoundingRadius(*geom);
      return std::isfinite(d) ? d : 1e10;
    };
    std::stable_sort(transparent_.begin(), transparent_.end(),
                     [&](const mjvGeom* a, const mjvGeom* b) { return distance(a) < distance(b); });
  }

  std::vector<Part> PartsOf(const mjvGeom& geom) const {
    if (geom.type != mjGEOM_SKIN) return assets_.PartsOf(geom);
    return {Part(skins_[static_cast<std::size_t>(geom.objid)])};
  }

  void DrawMirror() {
    if (reflecting_ == nullptr || scene_.flags[mjRND_REFLECTION] == 0) return;
    mjvGeom mirror = *reflecting_;
    if (mirror.type == mjGEOM_BOX) {  // its upper side
      mirror.type = mjGEOM_PLANE;
      mirror.dataid = -1;
      for (int k = 0; k < 3; ++k) mirror.pos[k] += mirror.size[2] * mirror.mat[3 * k + 2];
    }
    if (IsBehind(view_.eye, mirror)) return;
    DrawGeom(mirror, {.view = &view_, .only_marks = true});
    const View view = Mirrored(view_, PositionOf(mirror), NormalOf(mirror));
    const Pass pass = {.view = &view,
                       .lights = lights_,
                       .reflectance = reflecting_->reflectance,
                       .mirror = &mirror};
    for (const mjvGeom* geom : opaque_) {
      if (geom != reflecting_) DrawGeom(*geom, pass);
    }
    DrawTransparent(pass, reflecting_);
  }

  void DrawOpaque() {
    const bool shadows = scene_.flags[mjRND_SHADOW] != 0 && model_.vis.quality.shadowsize > 0;
    const auto casts = [&](const mjvLight* light) { return shadows && light->castshadow != 0; };
    Pass pass{.view = &view_};
    for (const mjvLight* light : lights_) {
      if (!casts(light)) pass.lights.push_back(light);
    }
    if (reflecting_ != nullptr) {
      Pass onto_mirror = pass;
      onto_mirror.blend = Blend::kAdd;
      DrawGeom(*reflecting_, onto_mirror);
    }
    for (const mjvGeom* geom : opaque_) {
      if (geom != reflecting_) DrawGeom(*geom, pass);
    }
    for (const mjvLight* light : lights_) {
      if (casts(light) && IsKnown(*light)) AddLight(*light);
    }
  }

  void AddLight(const mjvLight& light) {
    const ShadowView shadows(light, model_, view_.near, view_.far);
    const Pass pass{.view = &view_,
                    .lights = {&light},
                    .emission = false,
                    .blend = Blend::kAdd,
                    .shadows = &shadows};
    for (const mjvGeom* geom : opaque_) DrawGeom(*geom, pass);
  }

  void DrawTransparent(Pass pass, const mjvGeom* left_out) {
    pass.blend = Blend::kAlpha;
    pass.writes_depth = false;
    const auto draw = [&](const mjvGeom* geom) {
      if (geom != left_out) DrawGeom(*geom, pass);
    };
    std::for_each(transparent_.begin(), transparent_.end(), draw);
    std::for_each(transparent_.rbegin(), transparent_.rend(), draw);
  }

  // A cylinder around the eye, seen from inside; its texture stands upright, MuJoCo's z for
  // OpenGL's y.
  void DrawSky() {
    const Texture* texture = assets_.sky();
    if (scene_.flags[mjRND_SKYBOX] == 0 || texture == nullptr) return;
    const double radius = 0.7F * view_.far;
    const Mesh& shape = assets_.cylinder();
    std::vector<Corner> corners;
    for (const Vertex& vertex : shape.vertices) {
      const Vector3d p = vertex.position.cast<double>();
      Corner corner = CornerAt(view_, view_.eye + radius * p);
      corner.texture = {p.x(), p.z(), -p.y()};
      corners.push_back(corner);
    }
    const Pass pass{.view = &view_, .shows_backs = true};
    for (const auto& triangle : shape.triangles) {
      DrawTriangle(TriangleOf(corners, triangle), pass, Mapping(*texture));
    }
    DrawHaze(radius);
  }

  // A cone from the eye's height down to the plane's horizon: clear, thick in between, clear.
  void DrawHaze(double radius) {
    const auto is_infinite_plane = [](const mjvGeom& geom) {
      return geom.type == mjGEOM_PLANE && geom.size[0] == 0 && geom.size[1] == 0;
    };
    const std::span<const mjvGeom> geoms(scene_.geoms, static_cast<std::size_t>(scene_.ngeom));
    const auto plane = std::find_if(geoms.begin(), geoms.end(), is_infinite_plane);
    if (scene_.flags[mjRND_HAZE] == 0 || plane == geoms.end()) return;
    if (IsBehind(view_.eye, *plane)) return;
    const Matrix3d axes = AxesOf(*plane);
    const double elevation = (view_.eye - PositionOf(*plane)).dot(axes.col(2));
    const double width = model_.vis.map.haze;
    const double angle = std::atan2(1, width);
    const double thick =
        std::sqrt(0.5) * width * std::sin(angle) / std::sin(0.75 * std::numbers::pi - angle);
    const int slices = model_.vis.quality.numslices;
    const auto corner = [&](int slice, double height, double alpha) {
      const double azimuth = 2 * std::numbers::pi * slice / slices;
      const double r = radius * (1 - width * (1 - height));
      const Vector3d p(r * std::cos(azimuth), r * std::sin(azimuth), (height - 1) * elevation);
      Corner result = CornerAt(view_, view_.eye + axes * p);
      result.colour = ToVector(model_.vis.rgba.haze);
      result.alpha = alpha;
      return result;
    };
    const Pass pass{.view = &view_, .blend = Blend::kAlpha, .shows_backs = true};
    for (const bool upper : {false, true}) {
      for (int i = 0; i < slices; ++i) {
        const double low = upper ? thick : 0;
        const double high = upper ? 1 : thick;
        const double alpha = upper ? 1 : 0;  // at the lower edge
        const std::vector<Corner> quad = {corner(i, low, alpha), corner(i + 1, low, alpha),
                                          corner(i + 1, high, 1 - alpha),
                                          corner(i, high, 1 - alpha)};
        DrawTriangle(TriangleOf(quad, {0, 1, 3}), pass, Mapping({}, nullptr));
        DrawTriangle(TriangleOf(quad, {1, 2, 3}), pass, Mapping({}, nullptr));
      }
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
    if (geom.type == mjGEOM_PLANE && IsBehind(view_.eye, geom)) {
      alpha *= 0.3;
      pass.shows_backs = !pass.shows_backs;
    }
    const Mapping mapping(geom, geom.matid < 0 ? nullptr : assets_.texture(geom.texid));
    for (const Part& part : PartsOf(geom)) {
      std::vector<Corner> corners;
      for (const Vertex& vertex : part.mesh->vertices) {
        corners.push_back(CornerOf(vertex, part, geom, pass));
        corners.back().texture = mapping.AtCorner(vertex);
        corners.back().alpha = alpha;
      }
      for (const auto& triangle : part.mesh->triangles) {
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
    for (std::size_t i = 0; i < samples_.pattern().size(); ++i) {
      if ((covered >> i & 1U) != 0) Write(colour, alpha, pass.blend, samples_.at(x, y, i));
    }
  }

  bool IsLit(const ShadowView& light, const Vector3d& point) const {
    const auto query = light.QueryAt(point);
    if (!query) return true;
    return std::none_of(scene_.geoms, scene_.geoms + scene_.ngeom, [&](const mjvGeom& caster) {
      return caster.category != mjCAT_DECOR &&
             light.Shades(*query, HitGeom(query->ray, caster, light.near()));
    });
  }

  Hit HitGeom(const Ray& ray, const mjvGeom& geom, double nearest) const {
    const Matrix3d axes = AxesOf(geom);
    const Ray local = {axes.transpose() * (ray.origin - PositionOf(geom)),
                       axes.transpose() * ray.direction};
    Hit first;
    if (geom.type == mjGEOM_PLANE) {
      first = HitPlane(local, ToVector(geom.size), nearest);
    } else if (geom.type == mjGEOM_BOX) {
      first = HitBox(local, ToVector(geom.size), nearest);
    } else {
      for (const Part& part : PartsOf(geom)) {
        const Hit hit = HitPart(local, part, nearest);
        if (hit.d < first.d) first = hit;
      }
    }
    first.normal = axes * first.normal;
    return first;
  }

  static Hit HitPart(const Ray& ray, const Part& part, double nearest) {
    const Vector3d scale = part.scale.cast<double>();
    const Ray unit = {(ray.origin - part.offset.cast<double>()).cwiseQuotient(scale),
                      ray.direction.cwiseQuotient(scale)};
    Hit hit = part.tree->First(unit, nearest);
    hit.normal = hit.normal.cwiseQuotient(scale);
    return hit;
  }

  static constexpr double kAmbientWithoutLights = 0.3;

  const Assets& assets_;
  const mjModel& model_;
  const mjvScene& scene_;
  SampleBuffer& samples_;
  View view_;
  std::vector<const mjvLight*> lights_;
  std::vector<Solid> skins_;
  std::vector<const mjvGeom*> opaque_;
  std::vector<const mjvGeom*> transparent_;  // from near to far
  const mjvGeom* reflecting_ = nullptr;
};

}  // namespace

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

PlainRenderer::PlainRenderer(const RaycastOptions& options, const RendererContext& context)
    : options_(options), assets_(*context.model), scene_(context.model) {
  if (context.model->nflex > 0) {
    LogWarningOnce("raycast-flex", "the renderer raycast does not draw flexes; gl does");
  }
  if (!options.shadows) scene_.get().flags[mjRND_SHADOW] = 0;
  if (!options.reflections) scene_.get().flags[mjRND_REFLECTION] = 0;
  if (!options.skybox) scene_.get().flags[mjRND_SKYBOX] = 0;
}

void PlainRenderer::Render(const Scene& scene, int camera, ImageView out) {
  SACCADE_CHECK(out.channels == 1 || out.channels == 3);
  if (out.size() == 0) return;
  scene_.Update(scene, camera);
  const int wanted = options_.samples >= 0 ? options_.samples : scene.model->vis.quality.offsamples;
  SampleBuffer samples(out.height, out.width, wanted > 0);
  Frame(assets_, *scene.model, scene_.get(), samples).Draw();
  samples.Resolve(out);
}

std::string PlainRenderer::description() const { return "raycast: the processor, without OpenGL"; }

}  // namespace saccade::raycast

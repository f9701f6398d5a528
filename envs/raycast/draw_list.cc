#include "envs/raycast/draw_list.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstring>
#include <limits>
#include <numbers>
#include <span>

#include "envs/raycast/geom.h"
#include "envs/raycast/lighting.h"

namespace saccade::raycast {

using Eigen::Vector3d;

namespace {

bool IsEndlessPlane(const mjvGeom& geom) {
  return geom.type == mjGEOM_PLANE && geom.size[0] == 0 && geom.size[1] == 0;
}

// By what is where: equal only if both are the same triangles.
std::strong_ordering ComparePlaces(const mjvGeom& a, const mjvGeom& b) {
  const auto compare = [](const auto& x, const auto& y) {
    return std::memcmp(x, y, sizeof(x)) <=> 0;
  };
  if (const auto order = compare(a.pos, b.pos); order != 0) return order;
  if (const auto order = compare(a.mat, b.mat); order != 0) return order;
  if (const auto order = compare(a.size, b.size); order != 0) return order;
  if (const auto order = a.type <=> b.type; order != 0) return order;
  if (a.type != mjGEOM_PLANE) return a.dataid <=> b.dataid;
  // Of planes the number only tells those of the model; and textures move the lines of endless ones.
  if (const auto order = compare(a.texrepeat, b.texrepeat); order != 0) return order;
  return (a.dataid >= 0) <=> (b.dataid >= 0);
}

// Of the sphere around its centre that holds it.
double Extent(const mjvGeom& geom) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (geom.type == mjGEOM_SKIN) return kInfinity;
  if (IsMesh(geom)) return BoundingRadius(geom);
  if (geom.type != mjGEOM_PLANE) return RadiusOf(geom);
  const bool ends = geom.size[0] > 0 && geom.size[1] > 0;
  return ends ? std::hypot(geom.size[0], geom.size[1]) : kInfinity;
}

}  // namespace

void DrawList::Fill(const mjvScene& scene, const mjModel& model, const Vector3d& eye) {
  opaque.clear();
  transparent.clear();
  lights.clear();
  plain_lights.clear();
  casting_lights.clear();
  hidden.clear();
  by_distance_.clear();
  reflecting = nullptr;

  const bool shadows = scene.flags[mjRND_SHADOW] != 0 && model.vis.quality.shadowsize > 0;
  for (int i = 0; i < std::min(scene.nlight, kMostLights); ++i) {
    const mjvLight& light = scene.lights[i];
    lights.push_back(&light);
    (shadows && light.castshadow != 0 ? casting_lights : plain_lights).push_back(&light);
  }
  std::erase_if(casting_lights, [](const mjvLight* light) { return !IsKnown(*light); });

  const auto distance = [&](const mjvGeom& geom) {
    if (geom.type == mjGEOM_PLANE) return 1e10;
    const double d = (ToVector(geom.pos) - eye).norm() - BoundingRadius(geom);
    return std::isfinite(d) ? d : 1e10;
  };
  for (int i = 0; i < scene.ngeom; ++i) {
    const mjvGeom& geom = scene.geoms[i];
    const bool may_reflect = geom.type == mjGEOM_PLANE || geom.type == mjGEOM_BOX;
    if (geom.rgba[3] < 0.995F || ShowsBack(eye, geom)) {
      by_distance_.emplace_back(distance(geom), &geom);
    } else if (reflecting == nullptr && may_reflect && geom.reflectance > 0) {
      reflecting = &geom;
    } else {
      opaque.push_back(&geom);
    }
  }
  std::sort(by_distance_.begin(), by_distance_.end());  // of the same distance, the first first
  for (const auto& [_, geom] : by_distance_) transparent.push_back(geom);
  if (!casting_lights.empty()) FindHidden();
}

void DrawList::FindHidden() {
  constexpr int kMostLayers = 8;  // by then what is lit again and again is white
  by_place_ = opaque;
  if (reflecting != nullptr) by_place_.push_back(reflecting);
  std::erase_if(by_place_, [](const mjvGeom* geom) { return geom->type == mjGEOM_SKIN; });
  std::sort(by_place_.begin(), by_place_.end(), [&](const mjvGeom* a, const mjvGeom* b) {
    const std::strong_ordering order = ComparePlaces(*a, *b);
    if (order != 0) return order < 0;
    if (a == reflecting || b == reflecting) return a == reflecting && b != reflecting;
    return a < b;  // as they are drawn
  });
  int layer = 0;
  for (std::size_t i = 0; i + 1 < by_place_.size(); ++i) {
    const bool is_hidden = ComparePlaces(*by_place_[i], *by_place_[i + 1]) == 0;
    if (is_hidden && layer < kMostLayers) hidden.push_back({layer, by_place_[i]});
    layer = is_hidden ? layer + 1 : 0;
  }
  std::sort(hidden.begin(), hidden.end(), [](const Hidden& a, const Hidden& b) {
    return std::pair(a.layer, a.geom) < std::pair(b.layer, b.geom);
  });
}

bool MayReach(const mjvGeom& geom, const Vector3d& eye, double distance) {
  return !((ToVector(geom.pos) - eye).norm() + Extent(geom) <= distance);
}

std::optional<mjvGeom> MirrorOf(const mjvGeom& reflecting, const Vector3d& eye) {
  mjvGeom mirror = reflecting;
  if (mirror.type == mjGEOM_BOX) {
    mirror.type = mjGEOM_PLANE;
    mirror.dataid = -1;
    for (int k = 0; k < 3; ++k) mirror.pos[k] += mirror.size[2] * mirror.mat[3 * k + 2];
  }
  if (IsBehind(eye, mirror)) return std::nullopt;
  return mirror;
}

Vector3d Haze::At(double azimuth, double height) const {
  const double r = radius * (1 - width * (1 - height));
  return axes * Vector3d(r * std::cos(azimuth), r * std::sin(azimuth), (height - 1) * elevation);
}

std::optional<Haze> HazeOf(const mjvScene& scene, const mjModel& model, const Vector3d& eye,
                           double radius) {
  const std::span<const mjvGeom> geoms(scene.geoms, static_cast<std::size_t>(scene.ngeom));
  const auto plane = std::find_if(geoms.begin(), geoms.end(), IsEndlessPlane);
  if (scene.flags[mjRND_HAZE] == 0 || plane == geoms.end() || IsBehind(eye, *plane)) {
    return std::nullopt;
  }
  Haze haze;
  haze.axes = AxesOf(*plane);
  haze.elevation = (eye - PositionOf(*plane)).dot(haze.axes.col(2));
  haze.width = model.vis.map.haze;
  const double angle = std::atan2(1, haze.width);
  haze.thick =
      std::sqrt(0.5) * haze.width * std::sin(angle) / std::sin(0.75 * std::numbers::pi - angle);
  haze.radius = radius;
  return haze;
}

Mesh MakeHaze(const Haze& haze, int slices) {
  Mesh mesh;
  const auto vertex = [&](int slice, double height, float thickness) -> Vertex {
    const double azimuth = 2 * std::numbers::pi * slice / slices;
    return {haze.At(azimuth, height).cast<float>(), {0, 0, 0}, {thickness, 0}};
  };
  const auto add_ring = [&](double low, double high, float at_low) {
    for (int i = 0; i < slices; ++i) {
      const int first = static_cast<int>(mesh.vertices.size());
      mesh.vertices.insert(mesh.vertices.end(),
                           {vertex(i, low, at_low), vertex(i + 1, low, at_low),
                            vertex(i + 1, high, 1 - at_low), vertex(i, high, 1 - at_low)});
      mesh.triangles.push_back({first, first + 1, first + 3});
      mesh.triangles.push_back({first + 1, first + 2, first + 3});
      mesh.facets.push_back({first, first + 1, first + 2, first + 3});
    }
  };
  add_ring(0, haze.thick, 0);
  add_ring(haze.thick, 1, 1);
  return mesh;
}

double SkyRadius(double far) { return 0.7F * far; }

}  // namespace saccade::raycast

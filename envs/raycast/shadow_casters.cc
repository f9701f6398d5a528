#include "envs/raycast/shadow_casters.h"

#include "envs/raycast/geom.h"

namespace saccade::raycast {
namespace {

using Eigen::Matrix3d;
using Eigen::Vector3d;

Hit HitPart(const Ray& ray, const Part& part, double nearest) {
  const Vector3d scale = part.scale.cast<double>();
  const Ray unit = {(ray.origin - part.offset.cast<double>()).cwiseQuotient(scale),
                    ray.direction.cwiseQuotient(scale)};
  Hit hit = part.tree->First(unit, nearest);
  hit.normal = hit.normal.cwiseQuotient(scale);
  return hit;
}

}  // namespace

bool Casts(const mjvGeom& geom) { return geom.category != mjCAT_DECOR; }

Hit HitGeom(const Ray& ray, const mjvGeom& geom, const Parts& parts, double nearest) {
  const Matrix3d axes = AxesOf(geom);
  const Ray local = {axes.transpose() * (ray.origin - PositionOf(geom)),
                     axes.transpose() * ray.direction};
  Hit first;
  if (geom.type == mjGEOM_PLANE) {
    first = HitPlane(local, ToVector(geom.size), nearest);
  } else if (geom.type == mjGEOM_BOX) {
    first = HitBox(local, ToVector(geom.size), nearest);
  } else {
    for (const Part& part : parts) {
      const Hit hit = HitPart(local, part, nearest);
      if (hit.d < first.d) first = hit;
    }
  }
  first.normal = axes * first.normal;
  return first;
}

}  // namespace saccade::raycast

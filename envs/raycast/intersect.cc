#include "envs/raycast/intersect.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Geometry>

namespace saccade::raycast {

using Eigen::Vector3d;

Hit HitPlane(const Ray& ray, const Vector3d& size, double nearest) {
  const double d = -ray.origin.z() / ray.direction.z();
  if (!(d >= nearest && d < kNoHit)) return {};
  const Vector3d point = ray.origin + d * ray.direction;
  for (int k = 0; k < 2; ++k) {
    if (size[k] > 0 && std::abs(point[k]) > size[k]) return {};
  }
  return {d, Vector3d::UnitZ()};
}

Hit HitBox(const Ray& ray, const Vector3d& size, double nearest) {
  Hit in{-kNoHit};
  Hit out;
  for (int k = 0; k < 3; ++k) {
    const double a = (-size[k] - ray.origin[k]) / ray.direction[k];
    const double b = (size[k] - ray.origin[k]) / ray.direction[k];
    if (ray.direction[k] == 0) {
      if (std::abs(ray.origin[k]) > size[k]) return {};
      continue;
    }
    if (std::min(a, b) > in.d) in = {std::min(a, b), Vector3d::Unit(k)};
    if (std::max(a, b) < out.d) out = {std::max(a, b), Vector3d::Unit(k)};
  }
  if (!(in.d <= out.d)) return {};
  if (in.d >= nearest) return in;
  return out.d >= nearest ? out : Hit{};
}

Hit HitTriangle(const Ray& ray, const Vector3d& a, const Vector3d& b, const Vector3d& c,
                double nearest) {
  const Vector3d ab = b - a;
  const Vector3d ac = c - a;
  const Vector3d normal = ab.cross(ac);
  const double slope = ray.direction.dot(normal);
  if (slope == 0) return {};
  const Vector3d from_a = ray.origin - a;
  const double d = -from_a.dot(normal) / slope;
  if (!(d >= nearest)) return {};
  const Vector3d across = from_a.cross(ray.direction);
  const double u = -ac.dot(across) / slope;
  const double v = ab.dot(across) / slope;
  return u >= 0 && v >= 0 && u + v <= 1 ? Hit{d, normal} : Hit{};
}

}  // namespace saccade::raycast

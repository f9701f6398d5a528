#include "envs/raycast/shadow.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "envs/raycast/geom.h"
#include "envs/raycast/view.h"

namespace saccade::raycast {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

// Some direction across `direction`, the one that MuJoCo takes.
Vector3d Across(const Vector3d& direction) {
  const Vector3d first = direction.cross(-Vector3d::UnitX());
  return first.squaredNorm() > 0.01 ? first : direction.cross(Vector3d::UnitY());
}

}  // namespace

ShadowView::ShadowView(const mjvLight& light, const mjModel& model, double near, double far)
    : position_(ToVector(light.pos)),
      directional_(light.type == mjLIGHT_DIRECTIONAL),
      near_(near),
      far_(far),
      size_(model.vis.quality.shadowsize) {
  const Vector3d direction = ToVector(light.dir);
  axes_ = LookAlong(direction, Across(direction));
  const double angle = std::min(2.0 * light.cutoff * model.vis.map.shadowscale, 160.0);
  half_width_ = directional_ ? model.stat.extent * model.vis.map.shadowclip
                             : std::tan(angle * std::numbers::pi / 360);
}

std::optional<ShadowView::Query> ShadowView::QueryAt(const Vector3d& point) const {
  const Vector3d seen = axes_ * (point - position_);
  const double depth = seen.z();
  if (!(depth > 0 || directional_)) return std::nullopt;
  Vector2d middle;
  for (int k = 0; k < 2; ++k) {
    const double map = seen[k] / (directional_ ? half_width_ : half_width_ * depth);  // -1 to 1
    const double texel = std::floor((map + 1) / 2 * size_);
    if (!(texel >= 1 && texel < size_ - 1)) return std::nullopt;
    middle[k] = half_width_ * (2 * (texel - 0.5) / (size_ - 2) - 1);
  }
  const Vector3d across = axes_.transpose() * Vector3d(middle.x(), middle.y(), 0);
  const Vector3d ahead = axes_.row(2);
  Query query{{position_, ahead}, std::min(depth, far_)};
  (directional_ ? query.ray.origin : query.ray.direction) += across;
  return query;
}

bool ShadowView::Shades(const Query& query, const Hit& hit) const {
  if (hit.d >= query.depth) return false;
  // The plane through the hit, n·(origin + d direction) = const, from texel to texel:
  //   directional  n·δ + n·ahead ∂d = 0;   spot  d n·δ + n·direction ∂d = 0
  const double step = 2 * half_width_ / (size_ - 2) * (directional_ ? 1 : hit.d);
  const double along = hit.normal.dot(query.ray.direction);
  const double right = std::abs(hit.normal.dot(axes_.row(0)));
  const double up = std::abs(hit.normal.dot(axes_.row(1)));
  const double slope = step * std::max(right, up) / std::abs(along);
  // Depths are 1 at the near plane and 0 at the far one: (f − d)/(f − n), for a spot n (f − d)/(d
  // (f − n)).
  const double n = near_;
  const double f = far_;
  const double range = directional_ ? f - n : hit.d * hit.d * (f - n) / (n * f);
  return hit.d + 1.5 * slope + kUnits * range < query.depth;
}

}  // namespace saccade::raycast

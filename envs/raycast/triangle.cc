#include "envs/raycast/triangle.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Geometry>

namespace saccade::raycast {

using Eigen::Matrix3d;
using Eigen::Vector2d;
using Eigen::Vector3d;
using Eigen::Vector4d;

Triangle::Triangle(const Corner& a, const Corner& b, const Corner& c, int width, int height)
    : corners_{a, b, c} {
  Matrix3d screen;
  for (int i = 0; i < 3; ++i) {
    const Vector4d& p = corner(i).clip;
    screen.row(i) << (p.x() + p.w()) * width / 2, (p.y() + p.w()) * height / 2, p.w();
  }
  for (int i = 0; i < 3; ++i) {
    lambda_.col(i) = screen.row((i + 1) % 3).cross(screen.row((i + 2) % 3));
  }
  determinant_ = screen.row(0).dot(lambda_.col(0));
  if (determinant_ < 0) lambda_ = -lambda_;
  const bool is_there = determinant_ != 0 && std::isfinite(determinant_) && lambda_.allFinite();
  if (is_there) bounds_ = FindBounds(width, height);
}

Triangle::Bounds Triangle::FindBounds(int width, int height) const {
  Vector2d low(width, height);
  Vector2d high(0, 0);
  const auto include = [&](const Vector4d& clip) {
    const Vector2d p((clip.x() / clip.w() + 1) * width / 2, (clip.y() / clip.w() + 1) * height / 2);
    low = low.cwiseMin(p);
    high = high.cwiseMax(p);
  };
  // Of the part beyond the near plane, where Z ≤ w: its corners, and where edges cross the plane.
  for (int i = 0; i < 3; ++i) {
    const Vector4d& a = corner(i).clip;
    const Vector4d& b = corner((i + 1) % 3).clip;
    const double before_a = a.z() - a.w();
    const double before_b = b.z() - b.w();
    if (before_a <= 0) include(a);
    if ((before_a < 0 && before_b > 0) || (before_a > 0 && before_b < 0)) {
      include(a + before_a / (before_a - before_b) * (b - a));
    }
  }
  if (!(low.x() <= high.x() && low.y() <= high.y())) return {0, 0, 0, 0};
  const auto clamp = [](double value, int most) {
    return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(most)));
  };
  return {clamp(std::floor(low.x()), width), clamp(std::ceil(high.x()), width),
          clamp(std::floor(low.y()), height), clamp(std::ceil(high.y()), height)};
}

bool Triangle::Covers(const Vector3d& lambda) const {
  for (int i = 0; i < 3; ++i) {
    if (lambda[i] > 0) continue;
    if (lambda[i] < 0) return false;
    const double right = lambda_(0, i);
    const double up = lambda_(1, i);
    if (right < 0 || (right == 0 && up <= 0)) return false;
  }
  return true;
}

double Triangle::Depth(const Vector3d& lambda) const {
  return (lambda[0] * corner(0).clip.z() + lambda[1] * corner(1).clip.z() +
          lambda[2] * corner(2).clip.z()) /
         std::abs(determinant_);
}

}  // namespace saccade::raycast

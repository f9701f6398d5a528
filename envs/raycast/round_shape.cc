#include "envs/raycast/round_shape.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace saccade::raycast {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
// Edges are this much wider, so that rounding does not send a ray to and fro.
constexpr float kSlack = 1e-6F;

float Dot(const std::array<float, 3>& a, const std::array<float, 3>& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

std::array<float, 3> At(const ThinRay& ray, float d) {
  return {ray.origin[0] + d * ray.direction[0], ray.origin[1] + d * ray.direction[1],
          ray.origin[2] + d * ray.direction[2]};
}

// atan(y / x) of a point in the quadrant in turns, to 10⁻³ of the circle.
float Turns(float x, float y) {
  const float ax = std::abs(x);
  const float ay = std::abs(y);
  const float ratio = std::min(ax, ay) / std::max(std::max(ax, ay), 1e-30F);
  float turns = ratio * (0.159155F - 0.0339F * ratio * ratio);
  if (ay > ax) turns = 0.25F - turns;
  if (x < 0) turns = 0.5F - turns;
  return y < 0 ? 1 - turns : turns;
}

}  // namespace

RoundShapes::RoundShapes(int slices, int stacks)
    : slices_(static_cast<std::size_t>(slices)),
      apothem_(std::cos(kPi / static_cast<float>(slices))) {
  const auto direction = [&](double slice) -> Point2 {
    const double azimuth = 2 * std::numbers::pi * slice / slices;
    return {static_cast<float>(std::cos(azimuth)), static_cast<float>(std::sin(azimuth))};
  };
  for (int i = 0; i < slices; ++i) {
    edges_.push_back(direction(i));
    middles_.push_back(direction(i + 0.5));
  }
  edges_.push_back(edges_.front());
  const int half = stacks / 2;
  const auto elevation = [&](int i) { return std::numbers::pi / 2 * i / half; };
  const double apothem = std::cos(std::numbers::pi / slices);
  for (int i = -half; i < half; ++i) {
    const double r0 = std::cos(elevation(i)) * apothem;
    const double r1 = std::cos(elevation(i + 1)) * apothem;
    const double z0 = std::sin(elevation(i));
    const double z1 = std::sin(elevation(i + 1));
    const double length = std::hypot(z1 - z0, r1 - r0);
    const double out = (z1 - z0) / length;
    const double up = (r0 - r1) / length;
    rings_.push_back({static_cast<float>(z0), static_cast<float>(z1), static_cast<float>(out),
                      static_cast<float>(up), static_cast<float>(out * r0 + up * z0)});
  }
}

std::size_t RoundShapes::SectorOf(float x, float y) const {
  const auto sector = static_cast<std::size_t>(Turns(x, y) * static_cast<float>(slices_));
  return std::min(sector, slices_ - 1);
}

int RoundShapes::Beside(std::size_t sector, float x, float y) const {
  const Point2& from = edges_[sector];
  const Point2& to = edges_[sector + 1];
  if (from.x * y - from.y * x < -kSlack) return -1;
  return x * to.y - y * to.x < -kSlack ? 1 : 0;
}

std::size_t RoundShapes::Next(std::size_t sector, int step) const {
  if (step > 0) return sector + 1 == slices_ ? 0 : sector + 1;
  return sector == 0 ? slices_ - 1 : sector - 1;
}

bool RoundShapes::EnterPrism(const ThinRay& ray, Entry* entry) const {
  const auto& [ox, oy, oz] = ray.origin;
  const auto& [dx, dy, dz] = ray.direction;
  const float a = dx * dx + dy * dy;
  const float b = ox * dx + oy * dy;
  const float discriminant = b * b - a * (ox * ox + oy * oy - 1);
  if (discriminant < 0) return false;
  if (!(a > 1e-12F * dz * dz)) {  // along the axis: it is inside all the way
    entry->d = -std::numeric_limits<float>::infinity();
    const std::size_t sector = SectorOf(ox, oy);
    return middles_[sector].x * ox + middles_[sector].y * oy <= apothem_;
  }
  const float guess = (-b - std::sqrt(discriminant)) / a;
  std::size_t sector = SectorOf(ox + guess * dx, oy + guess * dy);
  for (std::size_t i = 0; i < slices_; ++i) {
    const Point2& n = middles_[sector];
    const float inwards = n.x * dx + n.y * dy;
    if (!(inwards < 0)) return false;
    const float d = (apothem_ - (n.x * ox + n.y * oy)) / inwards;
    const int side = Beside(sector, ox + d * dx, oy + d * dy);
    if (side == 0) {
      *entry = {d, {n.x, n.y, 0}};
      return true;
    }
    sector = Next(sector, side);
  }
  return false;
}

Entry RoundShapes::EnterBall(const ThinRay& ray) const {
  const float a = Dot(ray.direction, ray.direction);
  const float b = Dot(ray.origin, ray.direction);
  const float discriminant = b * b - a * (Dot(ray.origin, ray.origin) - 1);
  if (!(discriminant >= 0)) return {};
  const auto start = At(ray, (-b - std::sqrt(discriminant)) / a);
  std::size_t ring = 0;
  while (ring + 1 < rings_.size() && rings_[ring].high < start[2]) ++ring;
  std::size_t sector = SectorOf(start[0], start[1]);
  for (std::size_t i = 0; i < slices_ + rings_.size(); ++i) {
    const Ring& r = rings_[ring];
    const Point2& middle = middles_[sector];
    const std::array<float, 3> normal = {r.out * middle.x, r.out * middle.y, r.up};
    const float inwards = Dot(normal, ray.direction);
    if (!(inwards < 0)) return {};
    const float d = (r.distance - Dot(normal, ray.origin)) / inwards;
    const auto [x, y, z] = At(ray, d);
    if (z > r.high + kSlack && ring + 1 < rings_.size()) {
      ++ring;
    } else if (z < r.low - kSlack && ring > 0) {
      --ring;
    } else if (const int side = Beside(sector, x, y); side != 0) {
      sector = Next(sector, side);
    } else {
      return {d, normal};
    }
  }
  return {};
}

Entry RoundShapes::EnterDisc(const ThinRay& ray, float height) const {
  const float d = (height - ray.origin[2]) / ray.direction[2];
  const auto point = At(ray, d);
  const Point2& n = middles_[SectorOf(point[0], point[1])];
  if (!(n.x * point[0] + n.y * point[1] <= apothem_)) return {};
  return {d, {0, 0, height > 0 ? 1.0F : -1.0F}};
}

Entry RoundShapes::Enter(const ThinRay& ray, float height, Ends ends) const {
  // From where it is nearest to the centre, for the precision.
  const float closest = -Dot(ray.origin, ray.direction) / Dot(ray.direction, ray.direction);
  const ThinRay near = {At(ray, closest), ray.direction};
  Entry entry;
  if (height == 0) {
    entry = EnterBall(near);
  } else {
    if (!EnterPrism(near, &entry)) return {};
    float z = near.origin[2] + entry.d * near.direction[2];
    if (!(std::abs(entry.d) < std::numeric_limits<float>::infinity())) {
      z = -near.direction[2] * std::numeric_limits<float>::infinity();
    }
    if (std::abs(z) > height) {
      const float end = z > 0 ? height : -height;
      if (ends == Ends::kFlat) {
        entry = near.direction[2] * end < 0 ? EnterDisc(near, end) : Entry();
      } else {
        const ThinRay shifted = {{near.origin[0], near.origin[1], near.origin[2] - end},
                                 near.direction};
        entry = EnterBall(shifted);
      }
    }
  }
  entry.d += closest;
  return entry;
}

}  // namespace saccade::raycast

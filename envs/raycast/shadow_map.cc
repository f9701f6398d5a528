#include "envs/raycast/shadow_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "envs/raycast/geom.h"
#include "envs/raycast/intersect.h"
#include "envs/raycast/shadow_casters.h"
#include "envs/raycast/surface.h"

namespace saccade::raycast {
namespace {

using Eigen::Matrix3d;
using Eigen::Vector3d;

}  // namespace

void ShadowMap::Begin(const mjvLight& light, const mjModel& model, const View& view,
                      const RoundShapes& round_shapes) {
  view_.emplace(light, model, view.near, view.far);
  round_shapes_ = &round_shapes;
  near_ = static_cast<float>(view.near);
  far_ = static_cast<float>(view.far);
  directional_ = light.type == mjLIGHT_DIRECTIONAL;
  half_width_ = static_cast<float>(view_->half_width());
  size_ = static_cast<float>(view_->size());
  casters_.clear();
  for (auto& values : bounds_) values.clear();
  const Vector3d origin = ToVector(light.pos) - view.eye;
  for (std::size_t r = 0; r < 3; ++r) {
    origin_[r] = static_cast<float>(origin[static_cast<Eigen::Index>(r)]);
    for (std::size_t c = 0; c < 3; ++c) {
      axes_[r][c] = static_cast<float>(
          view_->axes()(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)));
    }
  }
}

void ShadowMap::AddCaster(const mjvGeom& geom, const Parts& parts) {
  Caster caster{.geom = &geom,
                .parts = parts,
                .matrix = {},
                .shift = {},
                .size = {},
                .height = 0,
                .ends = RoundShapes::Ends::kBalls};
  const Vector3d size = ToVector(geom.size);
  Vector3d unit = size;
  switch (geom.type) {
    case mjGEOM_PLANE:
      caster.kind = Kind::kRectangle;
      unit = {1, 1, 1};
      caster.size = {geom.size[0], geom.size[1]};
      break;
    case mjGEOM_BOX:
      caster.kind = Kind::kBox;
      break;
    case mjGEOM_SPHERE:
    case mjGEOM_ELLIPSOID:
      caster.kind = Kind::kRound;
      break;
    case mjGEOM_CAPSULE:
      caster.kind = Kind::kRound;
      unit.z() = (size.x() + size.y()) / 2;
      caster.height = static_cast<float>(size.z() / unit.z());
      break;
    case mjGEOM_CYLINDER:
      caster.kind = Kind::kRound;
      caster.height = 1;
      caster.ends = RoundShapes::Ends::kFlat;
      break;
    default:
      break;
  }
  if (caster.kind != Kind::kOther) {
    const Matrix3d to_unit = unit.cwiseInverse().asDiagonal() * AxesOf(geom).transpose();
    const Matrix3d matrix = to_unit * view_->axes().transpose();
    const Vector3d shift = to_unit * (view_->position() - PositionOf(geom));
    for (std::size_t r = 0; r < 3; ++r) {
      caster.shift[r] = static_cast<float>(shift[static_cast<Eigen::Index>(r)]);
      for (std::size_t c = 0; c < 3; ++c) {
        caster.matrix[r][c] =
            static_cast<float>(matrix(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)));
      }
    }
    if (!(matrix.allFinite() && shift.allFinite())) caster.kind = Kind::kOther;
  }
  SetBounds(caster, casters_.size());
  casters_.push_back(caster);
}

void ShadowMap::SetBounds(const Caster& caster, std::size_t number) {
  if (number % kMostLanes == 0) {
    for (auto& values : bounds_) values.resize(number + kMostLanes, kEverywhere);
  }
  const mjvGeom& geom = *caster.geom;
  std::array<float, kBoundCount> bounds = {-kEverywhere, kEverywhere, -kEverywhere, kEverywhere,
                                           -kEverywhere};
  const bool is_endless = geom.type == mjGEOM_PLANE && !(geom.size[0] > 0 && geom.size[1] > 0);
  if (!is_endless && geom.type != mjGEOM_SKIN) {
    const Matrix3d axes = view_->axes() * AxesOf(geom);
    const Vector3d position = view_->axes() * (PositionOf(geom) - view_->position());
    bounds = {kEverywhere, -kEverywhere, kEverywhere, -kEverywhere, kEverywhere};
    for (const Part& part : caster.parts) {
      for (int corner = 0; corner < 8; ++corner) {
        const Eigen::Vector3f local =
            part.offset + part.scale.cwiseProduct(part.shape->box.corner(
                              static_cast<Eigen::AlignedBox3f::CornerType>(corner)));
        const Vector3d seen = position + axes * local.cast<double>();
        const double width = directional_ ? half_width_ : half_width_ * seen.z();
        if (!directional_ && !(seen.z() > near_)) {  // around the light
          bounds[kLeft] = bounds[kLower] = -kEverywhere;
          bounds[kRight] = bounds[kUpper] = kEverywhere;
        } else {
          const auto u = static_cast<float>(seen.x() / width);
          const auto v = static_cast<float>(seen.y() / width);
          bounds[kLeft] = std::min(bounds[kLeft], u);
          bounds[kRight] = std::max(bounds[kRight], u);
          bounds[kLower] = std::min(bounds[kLower], v);
          bounds[kUpper] = std::max(bounds[kUpper], v);
        }
        bounds[kNearest] = std::min(bounds[kNearest], static_cast<float>(seen.z()));
      }
    }
    // No surface shades what is as little behind it as this.
    const float n = bounds[kNearest];
    const float there = std::max(n, 0.0F);
    bounds[kNearest] +=
        0.99F * ShadowView::kUnits * range() * (directional_ ? 1.0F : there * there);
    // Rays go through the middles of texels, up to a texel from the place.
    const float texel = 3 / size_;
    bounds[kLeft] -= texel;
    bounds[kLower] -= texel;
    bounds[kRight] += texel;
    bounds[kUpper] += texel;
  }
  for (std::size_t k = 0; k < kBoundCount; ++k) bounds_[k][number] = bounds[k];
}

bool ShadowMap::ShadesExactly(std::size_t number, const Query& query) const {
  const Caster& caster = casters_[number];
  const Vector3d across = view_->axes().transpose() * Vector3d(query.x, query.y, 0);
  Ray ray = {view_->position(), view_->axes().row(2)};
  (directional_ ? ray.origin : ray.direction) += across;
  return view_->Shades({ray, query.depth}, HitGeom(ray, *caster.geom, caster.parts, view_->near()));
}

}  // namespace saccade::raycast

#include "envs/raycast/mapping.h"

#include <algorithm>

#include "envs/raycast/geom.h"

namespace saccade::raycast {

using Eigen::Vector2d;
using Eigen::Vector3d;

Mapping::Mapping(const mjvGeom& geom, const Texture* texture) : texture_(texture) {
  if (texture == nullptr) return;
  serial_ = texture->serial();
  const bool uniform = geom.texuniform != 0;
  if (texture->is_cube()) {
    if (geom.texcoord != 0) {  // coordinates of an image, of which a cube has none
      texture_ = nullptr;
      return;
    }
    by_position_ = true;
    if (uniform) cube_scale_ = ToVector(geom.size);
    return;
  }
  by_position_ = (IsMesh(geom) || geom.type == mjGEOM_SKIN) && geom.texcoord == 0;
  for (int k = 0; k < 2; ++k) {
    double repeat = geom.texrepeat[k] > 0 ? geom.texrepeat[k] : 1;
    if (uniform && geom.size[k] > 0) repeat *= geom.size[k];
    if (by_position_) {
      if (geom.dataid >= 0 && geom.size[k] > 0) repeat /= geom.size[k];
      scale_[k] = (k == 0 ? 0.5 : -0.5) * repeat;
      offset_[k] = -0.5;
    } else {
      scale_[k] = repeat;
      const bool infinite = geom.type == mjGEOM_PLANE && geom.dataid >= 0 && geom.size[k] <= 0;
      offset_[k] = infinite ? -0.5 : 0;
    }
  }
}

Vector3d Mapping::AtCorner(const Vertex& vertex) const {
  if (is_sky_) return {vertex.position.x(), vertex.position.z(), -vertex.position.y()};
  Vector3d at = {vertex.texcoord.x(), vertex.texcoord.y(), 0};
  if (by_position_) at = vertex.position.cast<double>().cwiseProduct(cube_scale_);
  if (texture_ != nullptr && texture_->is_cube()) return at;
  const Vector2d uv = at.head<2>().cwiseProduct(scale_) + offset_;
  return {uv.x(), uv.y(), 0};
}

Vector3d Mapping::Colour(const Vector3d& here, const Vector3d& pixel, const Vector3d& right,
                         const Vector3d& above) const {
  const auto lambda = [&](const Vector2d& dx, const Vector2d& dy) {
    const Vector2d texels(texture_->width(), texture_->height());
    return LevelOf(
        std::max(dx.cwiseProduct(texels).squaredNorm(), dy.cwiseProduct(texels).squaredNorm()));
  };
  if (texture_->is_cube()) {
    const int face = CubeFace(here);
    const auto step = [&](const Vector3d& to) -> Vector2d {
      // Of the sky's directions the lengths say nothing.
      if (is_sky_) return OnCubeFace(face, to) - OnCubeFace(face, pixel);
      return StepOnCubeFace(face, here, to - pixel);
    };
    return texture_->SampleCube(here, lambda(step(right), step(above)));
  }
  return texture_->Sample2D(here.head<2>(),
                            lambda((right - pixel).head<2>(), (above - pixel).head<2>()));
}

}  // namespace saccade::raycast

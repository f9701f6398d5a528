#include "envs/raycast/geom.h"

#include <cmath>

namespace saccade::raycast {

using Eigen::Matrix3d;
using Eigen::Vector3d;

Matrix3d AxesOf(const mjvGeom& geom) {
  if (geom.type == mjGEOM_SKIN) return Matrix3d::Identity();
  using Matrix = Eigen::Matrix<float, 3, 3, Eigen::RowMajor>;
  return Eigen::Map<const Matrix>(geom.mat).cast<double>();
}

Vector3d PositionOf(const mjvGeom& geom) {
  return geom.type == mjGEOM_SKIN ? Vector3d(Vector3d::Zero()) : ToVector(geom.pos);
}

bool IsBehind(const Vector3d& point, const mjvGeom& plane) {
  return (point - PositionOf(plane)).dot(NormalOf(plane)) < 0;
}

bool IsMesh(const mjvGeom& geom) {
  return geom.type == mjGEOM_MESH || geom.type == mjGEOM_SDF || geom.type == mjGEOM_HFIELD;
}

double BoundingRadius(const mjvGeom& geom) {
  return geom.modelrbound > 0 ? geom.modelrbound : RadiusOf(geom);
}

double RadiusOf(const mjvGeom& geom) {
  const Vector3d size = ToVector(geom.size);
  switch (geom.type) {
    case mjGEOM_SPHERE:
      return size.x();
    case mjGEOM_CAPSULE:
      return size.x() + size.z();
    case mjGEOM_CYLINDER:
      return std::hypot(size.x(), size.z());
    case mjGEOM_BOX:
      return size.norm();
    default:
      return size.maxCoeff();
  }
}

}  // namespace saccade::raycast

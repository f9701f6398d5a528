// Which points a light reaches, as MuJoCo's shadow maps have it.
//
// A map is what the light sees, as N × N depths. OpenGL draws it into texels 1 to N − 1 and looks
// it up over 0 to N, the nearest texel; a point is lit when nothing is nearer to the light than it
// in its texel. Outside the map, and in its outermost texels, everything is lit. A directional
// light sees a square of half width shadowclip · extent around its position, a spot the angle min(2
// · cutoff · shadowscale, 160°), both from the camera's near to its far plane.
//
// Here a ray through the middle of the point's texel takes the place of the map.

#ifndef SACCADE_ENVS_RAYCAST_SHADOW_H_
#define SACCADE_ENVS_RAYCAST_SHADOW_H_

#include <optional>

#include <Eigen/Core>
#include <mujoco/mujoco.h>

#include "envs/raycast/intersect.h"

namespace saccade::raycast {

class ShadowView {
 public:
  // What OpenGL adds to a depth on a map, of the depth's range: 4 of its units, each of which Mesa
  // takes for 2 · 2⁻²⁴.
  static constexpr float kUnits = 0x1p-21F;

  // Of a spot or a directional light.
  ShadowView(const mjvLight& light, const mjModel& model, double near, double far);

  // Where the light looks for what shades a point: from ray(near) to ray(depth).
  struct Query {
    Ray ray;  // ray(d) is at distance d along the light's axis
    double depth;
  };
  // Nothing where no shadow can be.
  std::optional<Query> QueryAt(const Eigen::Vector3d& point) const;

  // Whether what the ray of a query meets at `hit` shades the point. OpenGL moves what it draws
  // into the map away from the light, by 1.5 times how much its depth changes from texel to texel
  // and 8 · 2⁻²⁴ of the depth's range, so that surfaces do not shade themselves.
  bool Shades(const Query& query, const Hit& hit) const;

  double near() const { return near_; }
  const Eigen::Vector3d& position() const { return position_; }
  const Eigen::Matrix3d& axes() const { return axes_; }  // right, up, ahead in rows
  // Of the map: in metres of a directional light, of a spot at distance 1.
  double half_width() const { return half_width_; }
  int size() const { return size_; }

 private:
  Eigen::Vector3d position_;
  Eigen::Matrix3d axes_;
  bool directional_;
  double half_width_;
  double near_;
  double far_;
  int size_;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_SHADOW_H_

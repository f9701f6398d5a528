#include "envs/raycast/lighting.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "envs/raycast/geom.h"

namespace saccade::raycast {

using Eigen::Vector3d;

Material MaterialOf(const mjvGeom& geom) {
  return {ToVector(geom.rgba), geom.emission, geom.specular, geom.shininess};
}

bool IsKnown(const mjvLight& light) {
  return light.type == mjLIGHT_SPOT || light.type == mjLIGHT_DIRECTIONAL;
}

Vector3d LightAt(const mjvLight& light, const Material& material, const Vector3d& position,
                 const Vector3d& normal, const Vector3d& eye) {
  if (!IsKnown(light)) return Vector3d::Zero();
  const Vector3d direction = ToVector(light.dir);
  Vector3d to_light = -direction;
  double strength = 1;
  if (light.type == mjLIGHT_SPOT) {
    to_light = ToVector(light.pos) - position;
    const double d = to_light.norm();
    to_light /= d;
    strength = 1 / (light.attenuation[0] + light.attenuation[1] * d + light.attenuation[2] * d * d);
    const double cosine = -to_light.dot(direction.normalized());
    const double cutoff = light.cutoff * std::numbers::pi / 180;
    if (light.cutoff < 180) {
      const bool outside = cosine <= std::cos(cutoff) + kConeEdge;
      strength *= outside ? 0 : std::pow(std::max(cosine, 0.0), light.exponent);
    }
  } else {
    to_light.normalize();
  }
  const double facing = normal.dot(to_light);
  Vector3d colour = (ToVector(light.ambient) + ToVector(light.diffuse) * std::max(facing, 0.0))
                        .cwiseProduct(material.rgb);
  if (facing > 0) {
    const Vector3d halfway = (to_light + (eye - position).normalized()).normalized();
    colour += ToVector(light.specular) * material.specular *
              std::pow(std::max(normal.dot(halfway), 0.0), 128 * material.shininess);
  }
  return strength * colour;
}

}  // namespace saccade::raycast

// Light at a corner of a triangle, as OpenGL's fixed pipeline computes it. With unit normal N, V to
// the eye, L to the light, H = (L + V) / |L + V|:
//
//   att·spot·( (ambient + diffuse·max(0, N·L))·rgb
//              + [N·L > 0]·specular_light·specular·max(0, N·H)^(128·shininess) )
//
// att = 1 / (a₀ + a₁ d + a₂ d²); spot = (−L·direction)^exponent within the cutoff, else 0; both are
// 1 for a directional light. Lights that OpenGL cannot have (point, image) give nothing.

#ifndef SACCADE_ENVS_RAYCAST_LIGHTING_H_
#define SACCADE_ENVS_RAYCAST_LIGHTING_H_

#include <Eigen/Core>
#include <mujoco/mujoco.h>

namespace saccade::raycast {

inline constexpr int kMostLights = 8;  // of OpenGL; later ones are left out
// A cone ends this much before its cutoff (a cosine), so that vertices on its edge, which models with
// round numbers have, are outside whatever the rounding.
inline constexpr float kConeEdge = 1e-6F;
inline constexpr float kAmbientWithoutLights = 0.3F;

struct Material {
  Eigen::Vector3d rgb;
  double emission;
  double specular;
  double shininess;
};

Material MaterialOf(const mjvGeom& geom);

// Of a kind that OpenGL has: a spot or directional.
bool IsKnown(const mjvLight& light);

Eigen::Vector3d LightAt(const mjvLight& light, const Material& material,
                        const Eigen::Vector3d& position, const Eigen::Vector3d& normal,
                        const Eigen::Vector3d& eye);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_LIGHTING_H_

// What rays that look for shadows meet.

#ifndef SACCADE_ENVS_RAYCAST_SHADOW_CASTERS_H_
#define SACCADE_ENVS_RAYCAST_SHADOW_CASTERS_H_

#include <mujoco/mujoco.h>

#include "envs/raycast/assets.h"
#include "envs/raycast/intersect.h"

namespace saccade::raycast {

// Whether a geom throws shadows: all do but decoration.
bool Casts(const mjvGeom& geom);

// Where `ray` first meets `geom`, which consists of `parts`, at d ≥ nearest.
Hit HitGeom(const Ray& ray, const mjvGeom& geom, const Parts& parts, double nearest);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_SHADOW_CASTERS_H_

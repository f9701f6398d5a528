// The cameras of a model, as users name them.
//
// Thread safety: the model is only read.

#ifndef SACCADE_ENVS_MUJOCO_CAMERA_H_
#define SACCADE_ENVS_MUJOCO_CAMERA_H_

#include <string>

#include "core/api/renderer.h"

struct mjvCamera_;

namespace saccade {

// The id of the camera called `name_or_id`, which may also be a number from -1 (the free camera) to
// ncam - 1; names win over numbers. 0, which is asked for where nothing is said, is the free camera
// in a model without any. Throws kInput with the cameras that there are.
int CameraId(const mjModel_* model, const std::string& name_or_id);

// The free camera at an orbit, and back.
void SetOrbit(const Orbit& orbit, mjvCamera_& camera);
Orbit OrbitOf(const mjvCamera_& camera);

// What people call camera `id`: its name, or its number where it has none.
std::string NameOfCamera(const mjModel_* model, int id);

// The camera `by` places after camera `id` (before it, where `by` is negative), in a circle of all
// and the free one.
int CameraAfter(const mjModel_* model, int id, int by);

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_CAMERA_H_

// The hand of whoever watches a simulation: it turns the eye about the scene and pulls at bodies.
//
// Positions in a picture, and movements, are in units of its height, from the upper left corner to
// the right and down.
//
// Looking. A camera of the model shows what it shows until the hand moves the eye. Then the eye is an
// orbit (core/api/renderer.h) that begins where the camera is, upright and at most 89 degrees up or
// down, and goes along with what the camera followed (its mode: track, trackcom).
//
// Pulling. A spring and a damper, MuJoCo's own (mjv_applyPerturbForce), draw the point of a body that
// was taken hold of to where the pointer has moved it, in the upright plane that faces the eye.
//
// Thread safety: belongs to the thread of the simulation that it is given.

#ifndef SACCADE_ENVS_MUJOCO_HAND_H_
#define SACCADE_ENVS_MUJOCO_HAND_H_

#include <array>
#include <optional>

#include <mujoco/mujoco.h>

#include "core/api/renderer.h"
#include "envs/mujoco/visual_scene.h"

namespace saccade {

using PicturePoint = std::array<double, 2>;

class Hand {
 public:
  // Looks through `camera`, an id of the model or kFreeCamera.
  Hand(const mjModel* model, int camera);

  // ---- Looking
  void LookThrough(int camera);
  int camera() const { return camera_; }
  bool has_moved() const { return orbit_.has_value(); }  // away from the camera
  Viewpoint viewpoint(const Scene& scene) const;
  void Turn(const Scene& scene, const PicturePoint& by);  // half a turn per height
  void Shift(const Scene& scene,
             const PicturePoint& by);        // what is looked at stays under the pointer
  void Zoom(const Scene& scene, double by);  // > 0: nearer

  // ---- Pulling; `aspect` is the picture's width / height
  // Takes hold of what is seen at `at`. False where nothing is, or nothing that can move.
  bool Grab(const Scene& scene, const PicturePoint& at, double aspect);
  void Pull(const Scene& scene, const PicturePoint& by);
  // Sets the force, which lasts until it is set again: before every step.
  void Push(const Scene& scene) const;
  void LetGo(const Scene& scene);
  bool holds() const { return pull_.select > 0; }
  // The point that is held, and where it is drawn to. Nothing behind the eye.
  std::optional<std::array<PicturePoint, 2>> Line(const Scene& scene, double aspect);

 private:
  void Move(const Scene& scene, int action, double dx, double dy);
  void LeaveCamera(const Scene& scene);
  // Where what the eye goes along with is; the world's origin when it goes along with nothing.
  std::array<double, 3> Anchor(const Scene& scene) const;
  std::array<double, 3> HeldPoint(const Scene& scene) const;
  std::optional<PicturePoint> Project(const double* point, double aspect) const;

  int camera_;
  std::optional<Orbit> orbit_;  // its lookat is relative to the anchor
  mjvPerturb pull_;
  VisualScene scene_;
};

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_HAND_H_

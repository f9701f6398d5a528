// The hand of whoever watches a simulation: it moves the eye about the scene and pulls at bodies.
//
// Positions in a picture, and movements, are in units of its height, from the upper left corner to
// the right and down.
//
// Looking. A camera of the model shows what it shows until the hand moves the eye. Then the eye is an
// orbit (core/api/renderer.h) that begins where the camera is, upright and at most 89 degrees up or
// down, and goes along with what the camera followed (its mode: track, trackcom).
//
// Pulling. A spring and a damper, MuJoCo's own (mjv_applyPerturbForce), draw the point of a body that
// was taken hold of to where the pointer has moved it, in the plane of the picture.
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
  // Looks at `scene`, which stays where it is, through `camera`: an id of the model or kFreeCamera.
  Hand(const Scene& scene, int camera);

  // ---- Looking
  void LookThrough(int camera);
  int camera() const { return camera_; }
  bool has_moved() const { return orbit_.has_value(); }  // away from the camera
  Viewpoint viewpoint() const;
  void Turn(const PicturePoint& by);   // half a turn per height
  void Shift(const PicturePoint& by);  // what is looked at stays under the pointer
  void Zoom(double by);                // > 0: nearer

  // ---- Pulling; `aspect` is the picture's width / height
  // Takes hold of what is seen at `at`, and lets go of what was held. False where nothing is, or
  // nothing that can move.
  bool Grab(const PicturePoint& at, double aspect);
  void Pull(const PicturePoint& by);
  // Sets the force, which stays until it is set again: before every control step. Where that is
  // longer than 0.2 s, the spring swings up.
  void Push() const;
  void LetGo();
  bool holds() const { return pull_.select > 0; }
  // The point that is held, and where it is drawn to. None where one of them is not before the eye.
  std::optional<std::array<PicturePoint, 2>> Line(double aspect);

 private:
  // The scene as it is now: the steps since it was asked for placed no cameras (Env::scene).
  const Scene& SceneNow() const;
  void MoveFreely(int action, double dx, double dy);
  void LeaveCamera();
  // Where what the eye goes along with is; the world's origin when it goes along with nothing.
  std::array<double, 3> Anchor() const;
  std::array<double, 3> HeldPoint() const;
  // What a movement in the picture is in the world, at the depth of `point`. None behind the eye.
  std::optional<std::array<double, 3>> InWorld(const PicturePoint& by, const double* point);
  std::optional<PicturePoint> Project(const double* point, double aspect) const;

  Scene scene_;
  int camera_;
  std::optional<Orbit> orbit_;  // its lookat is relative to the anchor
  mjvPerturb pull_;
  VisualScene visual_;
};

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_HAND_H_

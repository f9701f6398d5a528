// What of an assembled scene is drawn, and in which order.

#ifndef SACCADE_ENVS_RAYCAST_DRAW_LIST_H_
#define SACCADE_ENVS_RAYCAST_DRAW_LIST_H_

#include <optional>
#include <utility>
#include <vector>

#include <Eigen/Core>
#include <mujoco/mujoco.h>

#include "envs/raycast/mesh.h"

namespace saccade::raycast {

struct DrawList {
  std::vector<const mjvGeom*> opaque;       // without the reflecting one
  std::vector<const mjvGeom*> transparent;  // from near to far
  const mjvGeom* reflecting = nullptr;      // the first opaque plane or box that reflects, if any
  std::vector<const mjvLight*> lights;      // those that OpenGL has room for
  // Of those, the ones without shadows (which may be of a kind that gives no light), and the others.
  std::vector<const mjvLight*> plain_lights;
  std::vector<const mjvLight*> casting_lights;
  // Geoms that coincide with one that is drawn later, the opaque and the reflecting one, where lights
  // cast shadows. Those of one layer are in different places, and can be drawn together.
  struct Hidden {
    int layer;
    const mjvGeom* geom;
  };
  std::vector<Hidden> hidden;

  // Of what `eye` sees. Allocates only when there is more than ever before.
  void Fill(const mjvScene& scene, const mjModel& model, const Eigen::Vector3d& eye);

 private:
  void FindHidden();

  std::vector<std::pair<double, const mjvGeom*>> by_distance_;
  std::vector<const mjvGeom*> by_place_;
};

// Whether parts of it may be farther from `eye` than `distance`.
bool MayReach(const mjvGeom& geom, const Eigen::Vector3d& eye, double distance);

// The plane in which a reflecting geom mirrors (of a box, its upper side), when `eye` is before it.
std::optional<mjvGeom> MirrorOf(const mjvGeom& reflecting, const Eigen::Vector3d& eye);

// Of the haze before the sky, a cone around the eye, from the first endless plane to the eye's
// height: clear, thick at `thick` of the height, clear.
struct Haze {
  Eigen::Matrix3d axes;
  double elevation;  // of the eye above the plane
  double thick;
  double width;   // of the cone, as part of its radius
  double radius;  // where it stands on the plane's horizon

  // Relative to the eye; `height` from 0 to 1.
  Eigen::Vector3d At(double azimuth, double height) const;
};
std::optional<Haze> HazeOf(const mjvScene& scene, const mjModel& model, const Eigen::Vector3d& eye,
                           double radius);

// The haze as triangles around the eye, seen from inside. u of a vertex is how thick it is.
Mesh MakeHaze(const Haze& haze, int slices);

// The sky is a cylinder of this radius and half height around the eye.
double SkyRadius(double far);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_DRAW_LIST_H_

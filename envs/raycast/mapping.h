// How MuJoCo lays textures on geoms.
//
//   coordinates of its own   (u, v)·k, where an infinite axis of a plane has u = k x/2 − ½
//   meshes, skins without    u = k x/2 − ½,  v = −k y/2 − ½, for meshes with k divided by the size
//   cubes                    direction = vertex of the mesh (mesh.h)
//
// k is texrepeat (1 where that is not positive), and with texuniform times the geom's size, as is a
// cube's direction. A cube on a mesh with coordinates of its own is not shown.

#ifndef SACCADE_ENVS_RAYCAST_MAPPING_H_
#define SACCADE_ENVS_RAYCAST_MAPPING_H_

#include <Eigen/Core>
#include <mujoco/mujoco.h>

#include "envs/raycast/mesh.h"
#include "envs/raycast/texture.h"

namespace saccade::raycast {

class Mapping {
 public:
  // `texture` may be nullptr: then there is none.
  Mapping(const mjvGeom& geom, const Texture* texture);
  // A cube around the eye, which stands upright: MuJoCo's z for OpenGL's y.
  explicit Mapping(const Texture& sky) : texture_(&sky), serial_(sky.serial()), is_sky_(true) {}

  bool has_texture() const { return texture_ != nullptr; }
  const Texture* texture() const { return texture_; }
  bool operator==(const Mapping&) const = default;

  // What is interpolated over a triangle with this corner: of a 2D texture (u, v, 0), of a cube a
  // direction.
  Eigen::Vector3d AtCorner(const Vertex& vertex) const;

  // The texture's colour in [0, 1] where that is `here`, from what it is at a pixel, at the one to the
  // right of it, and at the one above.
  Eigen::Vector3d Colour(const Eigen::Vector3d& here, const Eigen::Vector3d& pixel,
                         const Eigen::Vector3d& right, const Eigen::Vector3d& above) const;

 private:
  const Texture* texture_;
  std::uint64_t serial_ = 0;  // of the texture: others may have its place in memory later
  bool is_sky_ = false;
  bool by_position_ = false;
  // Of a 2D texture: (u, v) = scale ∘ the vertex's + offset.
  Eigen::Vector2d scale_ = {1, 1};
  Eigen::Vector2d offset_ = {0, 0};
  Eigen::Vector3d cube_scale_ = {1, 1, 1};
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_MAPPING_H_

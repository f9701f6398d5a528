// What does not change from frame to frame: the triangles and textures of a model.
//
// Thread safety: const after construction. Cost: a copy of the textures with their smaller levels,
// about 15 MB for a sky of the Control Suite.

#ifndef SACCADE_ENVS_RAYCAST_ASSETS_H_
#define SACCADE_ENVS_RAYCAST_ASSETS_H_

#include <memory>
#include <vector>

#include "envs/raycast/mesh.h"
#include "envs/raycast/texture.h"
#include "envs/raycast/triangle_tree.h"

namespace saccade::raycast {

// Triangles that rays meet too.
struct Solid {
  explicit Solid(const Mesh& triangles) : mesh(triangles), tree(triangles) {}

  Mesh mesh;
  TriangleTree tree;
};

// A piece of a geom. Vertex p of its mesh is at offset + scale ∘ p in the geom's frame.
struct Part {
  explicit Part(const Mesh& flat) : mesh(&flat) {}
  explicit Part(const Solid& solid) : mesh(&solid.mesh), tree(&solid.tree) {}

  const Mesh* mesh;
  const TriangleTree* tree = nullptr;  // none of what is flat, where rays need none (intersect.h)
  Eigen::Vector3f scale = {1, 1, 1};
  Eigen::Vector3f offset = {0, 0, 0};
};

class Assets {
 public:
  explicit Assets(const mjModel& model);

  // Of a geom that MuJoCo's visualizer assembled; none for skins, flexes and what only decorates.
  std::vector<Part> PartsOf(const mjvGeom& geom) const;

  const Mesh& cylinder() const { return cylinder_.mesh; }
  // nullptr for none (-1), and for what is no picture in colours, which OpenGL leaves out too.
  const Texture* texture(int id) const {
    return id < 0 ? nullptr : textures_[static_cast<std::size_t>(id)].get();
  }
  const Texture* sky() const { return texture(sky_); }  // nullptr where there is none

 private:
  Solid sphere_;
  Solid tube_;
  Solid upper_half_;
  Solid lower_half_;
  Solid cylinder_;
  Mesh box_;
  Mesh patch_;
  std::vector<Mesh> planes_;  // in the order of the model's
  std::vector<Solid> meshes_;
  std::vector<Solid> hfields_;
  std::vector<std::unique_ptr<const Texture>> textures_;
  int sky_ = -1;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_ASSETS_H_

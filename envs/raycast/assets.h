// What does not change from frame to frame: the triangles and textures of a model.
//
// Thread safety: const after construction. Cost: a copy of the textures with their smaller levels,
// about 15 MB for a sky of the Control Suite.

#ifndef SACCADE_ENVS_RAYCAST_ASSETS_H_
#define SACCADE_ENVS_RAYCAST_ASSETS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <Eigen/Geometry>

#include "envs/raycast/mesh.h"
#include "envs/raycast/round_shape.h"
#include "envs/raycast/surface.h"
#include "envs/raycast/texture.h"
#include "envs/raycast/triangle_tree.h"

namespace saccade::raycast {

// A ball of radius 1 around (0, 0, centre), or half of one: of every ring of the round shapes its first
// piece, from which the others follow around the axis; -1 where it does not have the ring.
struct Ball {
  const RoundShapes* shapes;
  float centre;
  std::vector<std::int32_t> pieces;
};

// Triangles, and their flat pieces.
struct Shape {
  explicit Shape(Mesh triangles) : mesh(std::move(triangles)), surface(mesh) {
    for (const Vertex& vertex : mesh.vertices) box.extend(vertex.position);
  }

  Mesh mesh;
  Surface surface;
  Eigen::AlignedBox3f box;
  std::optional<Ball> ball;  // where it is one
};

// A shape that rays meet too.
struct Solid : Shape {
  explicit Solid(Mesh triangles) : Shape(std::move(triangles)), tree(mesh) {}

  TriangleTree tree;
};

// A piece of a geom. Vertex p of its mesh is at offset + scale ∘ p in the geom's frame.
struct Part {
  const Shape* shape = nullptr;
  const TriangleTree* tree = nullptr;  // none of what is flat, where rays need none (intersect.h)
  Eigen::Vector3f scale = {1, 1, 1};
  Eigen::Vector3f offset = {0, 0, 0};
};

// Of one geom: three at most, those of a capsule.
class Parts {
 public:
  Parts() = default;
  void Add(const Shape& flat, const Eigen::Vector3f& scale = {1, 1, 1}) {
    parts_[count_++] = {&flat, nullptr, scale, {0, 0, 0}};
  }
  void Add(const Solid& solid, const Eigen::Vector3f& scale = {1, 1, 1},
           const Eigen::Vector3f& offset = {0, 0, 0}) {
    parts_[count_++] = {&solid, &solid.tree, scale, offset};
  }

  const Part* begin() const { return parts_.data(); }
  const Part* end() const { return parts_.data() + count_; }

 private:
  std::array<Part, 3> parts_;
  std::size_t count_ = 0;
};

class Assets {
 public:
  explicit Assets(const mjModel& model);
  Assets(const Assets&) = delete;  // its shapes refer to one another
  Assets& operator=(const Assets&) = delete;

  // Of a geom that MuJoCo's visualizer assembled; none for skins, flexes and what only decorates.
  Parts PartsOf(const mjvGeom& geom) const;

  const RoundShapes& round_shapes() const { return round_shapes_; }
  const Shape& cylinder() const { return cylinder_; }
  // nullptr for none (-1), and for what is no picture in colours, which OpenGL leaves out too.
  const Texture* texture(int id) const {
    return id < 0 ? nullptr : textures_[static_cast<std::size_t>(id)].get();
  }
  int sky() const { return sky_; }  // the id of its texture; -1 where there is none

 private:
  RoundShapes round_shapes_;
  Solid sphere_;
  Solid tube_;
  Solid upper_half_;
  Solid lower_half_;
  Solid cylinder_;
  Shape box_;
  Shape patch_;
  std::vector<Shape> planes_;  // in the order of the model's
  std::vector<Solid> meshes_;
  std::vector<Solid> hfields_;
  std::vector<std::unique_ptr<const Texture>> textures_;
  int sky_;
};

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_ASSETS_H_

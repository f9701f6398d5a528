// The triangles that MuJoCo's OpenGL renderer draws for each kind of geom. They are part of its
// look: light is computed at their corners only.
//
// Shapes are those of MuJoCo's display lists: of unit size where the size of the geom is a scaling,
// in metres where it is not (planes of a model, meshes, height fields). Counter-clockwise from
// outside. A quad with corners 0..3 is the triangles (0, 1, 3) and (1, 2, 3).
//
// Many of the triangles lie in one plane, so that what they cover can be found together. Facets and
// panels are the same surface as the triangles, in fewer pieces.
//
// Thread safety: const after construction.

#ifndef SACCADE_ENVS_RAYCAST_MESH_H_
#define SACCADE_ENVS_RAYCAST_MESH_H_

#include <array>
#include <vector>

#include <Eigen/Core>
#include <mujoco/mujoco.h>

namespace saccade::raycast {

struct Vertex {
  Eigen::Vector3f position;
  Eigen::Vector3f normal;
  Eigen::Vector2f texcoord = {0, 0};
};

// How an axis from 0 to 1 is divided: at 0, first, first + step, first + 2 step, …, 1.
struct Cut {
  int cells = 1;
  double first = 1;
  double step = 1;

  double line(int i) const { return i <= 0 ? 0 : i >= cells ? 1 : first + (i - 1) * step; }
};

// A flat parallelogram of columns.cells × rows.cells quads. Corners are where (column, row) is (first,
// first), (last, first), (last, last), (first, last).
struct Panel {
  std::array<int, 4> corners;
  Cut columns;
  Cut rows;
};

struct Mesh {
  std::vector<Vertex> vertices;
  std::vector<std::array<int, 3>> triangles;
  std::vector<std::array<int, 4>> facets;  // flat quads; of a triangle the last corner twice
  std::vector<Panel> panels;

  void Append(const Mesh& other);
};

// `slices` around the axis z, `stacks` from pole to pole (even), `quads` along the edge of a face.
Mesh MakeSphere(int slices, int stacks);
// The half with sign·z ≥ 0 of a unit sphere around (0, 0, sign), of `stacks` rings.
Mesh MakeHalfSphere(int sign, int slices, int stacks);
// The mantle of a cylinder, z from -1 to 1.
Mesh MakeTube(int slices, int stacks);
// A disc at z = sign that looks along it.
Mesh MakeDisc(int sign, int slices, int stacks);
Mesh MakeBox(int quads);
// A plane that is no geom of the model (a site), x and y from -1 to 1.
Mesh MakePatch(int quads);

// Geom `geom` of the model, which is a plane. Along an infinite axis the texture coordinate is half
// the position.
Mesh MakePlane(const mjModel& model, int geom);
Mesh MakeModelMesh(const mjModel& model, int mesh);
Mesh MakeHeightField(const mjModel& model, int hfield);
// As the bones of an assembled scene have bent it, in the world.
Mesh MakeSkin(const mjModel& model, const mjvScene& scene, int skin);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_MESH_H_

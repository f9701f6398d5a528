#include "envs/raycast/mesh.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

namespace saccade::raycast {
namespace {

using Eigen::Vector2f;
using Eigen::Vector3f;

Cut Uniform(int cells) { return {cells, 1.0 / cells, 1.0 / cells}; }

// Of increasing positions, all cells of one width but the first and the last, which are alike.
Cut CutAt(const std::vector<double>& lines) {
  const double length = lines.back() - lines.front();
  Cut cut{static_cast<int>(lines.size()) - 1, (lines[1] - lines[0]) / length};
  if (cut.cells > 2) cut.step = (lines[2] - lines[1]) / length;
  return cut;
}

// What of a grid lies in one plane.
enum class Flat { kQuads, kColumns, kAll };

// (columns + 1) × (rows + 1) vertices and the quads between them. `vertex(column, row)` must turn
// counter-clockwise from column to row.
template <class MakeVertex>
void AddGrid(Mesh& mesh, const Cut& column_cut, const Cut& row_cut, Flat flat,
             const MakeVertex& vertex) {
  const int columns = column_cut.cells;
  const int rows = row_cut.cells;
  const int first = static_cast<int>(mesh.vertices.size());
  for (int row = 0; row <= rows; ++row) {
    for (int column = 0; column <= columns; ++column) {
      mesh.vertices.push_back(vertex(column, row));
    }
  }
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const int corner = first + row * (columns + 1) + column;
      const std::array<int, 4> quad = {corner, corner + 1, corner + columns + 2,
                                       corner + columns + 1};
      mesh.triangles.push_back({quad[0], quad[1], quad[3]});
      mesh.triangles.push_back({quad[1], quad[2], quad[3]});
      if (flat == Flat::kQuads) mesh.facets.push_back(quad);
    }
  }
  const int above = rows * (columns + 1);
  if (flat == Flat::kAll) {
    mesh.panels.push_back(
        {{first, first + columns, first + columns + above, first + above}, column_cut, row_cut});
  } else if (flat == Flat::kColumns) {
    for (int corner = first; corner < first + columns; ++corner) {
      mesh.panels.push_back(
          {{corner, corner + 1, corner + 1 + above, corner + above}, Uniform(1), row_cut});
    }
  }
}

void AddTriangle(Mesh& mesh, const Vertex& a, const Vertex& b, const Vertex& c) {
  const int first = static_cast<int>(mesh.vertices.size());
  mesh.vertices.insert(mesh.vertices.end(), {a, b, c});
  mesh.triangles.push_back({first, first + 1, first + 2});
  mesh.facets.push_back({first, first + 1, first + 2, first + 2});
}

float Azimuth(int slice, int slices) {
  return 2 * std::numbers::pi_v<float> * static_cast<float>(slice) / static_cast<float>(slices);
}

float Fraction(int i, int n) { return static_cast<float>(i) / static_cast<float>(n); }

// A ball's vertex at `elevation`, moved up by `z`; v is the texture's.
Vertex OnBall(int slice, int slices, float elevation, float z, float v) {
  const float azimuth = Azimuth(slice, slices);
  const Vector3f normal(std::cos(azimuth) * std::cos(elevation),
                        std::sin(azimuth) * std::cos(elevation), std::sin(elevation));
  return {normal + Vector3f(0, 0, z), normal, {Fraction(slice, slices), v}};
}

// Triangles from ring to pole. The pole has a texture coordinate of its own in each.
template <class OnRing>
void AddFan(Mesh& mesh, int sign, int slices, const OnRing& ring, const Vertex& pole) {
  for (int slice = 0; slice < slices; ++slice) {
    Vertex tip = pole;
    const Vertex a = ring(slice);
    const Vertex b = ring(slice + 1);
    if (pole.texcoord.x() < 0) tip.texcoord.x() = (a.texcoord.x() + b.texcoord.x()) / 2;
    sign > 0 ? AddTriangle(mesh, a, b, tip) : AddTriangle(mesh, tip, b, a);
  }
}

constexpr float kBetweenNeighbours = -1;  // AddFan's mark

// MuJoCo's grid lines of a plane along axis `axis`.
std::vector<double> GridLines(const mjModel& m, int geom, int axis) {
  const double size = m.geom_size[3 * geom + axis];
  std::vector<double> lines;
  if (size > 0) {
    const double half =
        std::max(static_cast<double>(m.geom_size[3 * geom + 2]), size / (mjMAXPLANEGRID - 2));
    int cells = static_cast<int>(std::floor(size / std::max(mjMINVAL, half)));
    cells -= cells % 2;
    const double pad = size - cells * half;
    const bool has_margins = pad > 1e-9 * size;  // else MuJoCo draws them, of no width
    if (has_margins) lines.push_back(-size);
    for (int i = 0; i <= cells; ++i) lines.push_back(-size + pad + 2 * half * i);
    if (has_margins) lines.push_back(lines.back() + pad);
    return lines;
  }
  const double far = m.vis.map.zfar * m.stat.extent;
  const int material = m.geom_matid[geom];
  const bool repeats = material >= 0 && m.mat_texrepeat[2 * material + axis] > 0;
  const double step =
      repeats ? 2 / m.mat_texrepeat[2 * material + axis] : 2.1 * far / (mjMAXPLANEGRID - 2);
  const double cell = (2.1 * far + 2 * step) / mjMAXPLANEGRID;
  for (int i = 0; i <= mjMAXPLANEGRID; ++i) lines.push_back(cell * (i - mjMAXPLANEGRID / 2));
  return lines;
}

Vector3f FaceNormal(const Vector3f& a, const Vector3f& b, const Vector3f& c) {
  return (b - a).cross(c - a).normalized();
}

}  // namespace

void Mesh::Append(const Mesh& other) {
  const int first = static_cast<int>(vertices.size());
  vertices.insert(vertices.end(), other.vertices.begin(), other.vertices.end());
  for (const auto& [a, b, c] : other.triangles) {
    triangles.push_back({first + a, first + b, first + c});
  }
  for (const auto& [a, b, c, d] : other.facets) {
    facets.push_back({first + a, first + b, first + c, first + d});
  }
  for (Panel panel : other.panels) {
    for (int& corner : panel.corners) corner += first;
    panels.push_back(panel);
  }
}

Mesh MakeSphere(int slices, int stacks) {
  Mesh mesh;
  const int half = stacks / 2;
  const auto elevation = [&](int ring) {  // from -half to half
    return std::numbers::pi_v<float> / 2 * Fraction(ring, half);
  };
  const auto v = [&](int ring) { return 0.5F - Fraction(ring, 2 * half); };
  for (const int sign : {-1, 1}) {
    const int last = sign * (half - 1);
    AddFan(mesh, sign, slices,
           [&](int slice) { return OnBall(slice, slices, elevation(last), 0, v(last)); },
           {{0, 0, static_cast<float>(sign)},
            {0, 0, static_cast<float>(sign)},
            {kBetweenNeighbours, v(sign * half)}});
  }
  AddGrid(mesh, Uniform(slices), Uniform(2 * (half - 1)), Flat::kQuads, [&](int slice, int row) {
    const int ring = row - (half - 1);
    return OnBall(slice, slices, elevation(ring), 0, v(ring));
  });
  return mesh;
}

Mesh MakeHalfSphere(int sign, int slices, int stacks) {
  Mesh mesh;
  const auto z = static_cast<float>(sign);
  const auto ball = [&](int slice,
                        int ring) {  // ring from 0 at the equator to `stacks` at the pole
    const float v = Fraction(ring, stacks);
    return OnBall(slice, slices, z * std::numbers::pi_v<float> / 2 * Fraction(ring, stacks), z,
                  sign > 0 ? 1 - v : v);
  };
  AddFan(mesh, sign, slices, [&](int slice) { return ball(slice, stacks - 1); },
         {{0, 0, 2 * z}, {0, 0, z}, {kBetweenNeighbours, sign > 0 ? 0.0F : 1.0F}});
  AddGrid(mesh, Uniform(slices), Uniform(stacks - 1), Flat::kQuads,
          [&](int slice, int row) { return ball(slice, sign > 0 ? row : stacks - 1 - row); });
  return mesh;
}

Mesh MakeTube(int slices, int stacks) {
  Mesh mesh;
  AddGrid(mesh, Uniform(slices), Uniform(stacks), Flat::kColumns,
          [&](int slice, int row) -> Vertex {
            const float azimuth = Azimuth(slice, slices);
            const Vector3f normal(std::cos(azimuth), std::sin(azimuth), 0);
            const float h = 2 * Fraction(row, stacks) - 1;
            return {normal + Vector3f(0, 0, h), normal, {Fraction(slice, slices), (1 - h) / 2}};
          });
  return mesh;
}

Mesh MakeDisc(int sign, int slices, int stacks) {
  Mesh mesh;
  const Vector3f normal(0, 0, static_cast<float>(sign));
  const auto point = [&](int slice, int ring) -> Vertex {  // ring from 0 at the centre
    const float azimuth = Azimuth(slice, slices);
    const float r = Fraction(ring, stacks);
    const Vector3f position(r * std::cos(azimuth), r * std::sin(azimuth), normal.z());
    return {position, normal, Vector2f(0.5F, 0.5F) + 0.5F * position.head<2>()};
  };
  AddFan(mesh, sign, slices, [&](int slice) { return point(slice, 1); },
         {normal, normal, {0.5F, 0.5F}});
  AddGrid(mesh, Uniform(slices), Uniform(stacks - 1), Flat::kQuads,
          [&](int slice, int row) { return point(slice, sign > 0 ? stacks - row : 1 + row); });
  return mesh;
}

Mesh MakeBox(int quads) {
  // Axis of the normal and its sign, and the axes that the texture runs along.
  struct Face {
    int normal;
    int sign;
    int a;
    int b;
  };
  constexpr Face kFaces[] = {{2, 1, 0, 1},  {2, -1, 0, 1}, {0, 1, 1, 2},
                             {0, -1, 1, 2}, {1, -1, 0, 2}, {1, 1, 0, 2}};
  Mesh mesh;
  for (int i = 0; i < 6; ++i) {
    const Face& face = kFaces[i];
    const bool turned = i % 2 == 1;  // these rows run the other way, which turns the diagonal
    AddGrid(mesh, Uniform(quads), Uniform(quads), Flat::kAll, [&](int column, int row) -> Vertex {
      const float a = Fraction(column, quads);
      const float b = Fraction(turned ? quads - row : row, quads);
      Vector3f position;
      Vector3f normal = Vector3f::Zero();
      normal[face.normal] = position[face.normal] = static_cast<float>(face.sign);
      position[face.a] = 2 * a - 1;
      position[face.b] = 2 * b - 1;
      return {position, normal, {a, 1 - b}};
    });
  }
  return mesh;
}

Mesh MakePatch(int quads) {
  Mesh mesh;
  AddGrid(mesh, Uniform(quads), Uniform(quads), Flat::kAll, [&](int column, int row) -> Vertex {
    const float a = Fraction(column, quads);
    const float b = Fraction(row, quads);
    return {{2 * a - 1, 2 * b - 1, 0}, {0, 0, 1}, {a, 1 - b}};
  });
  return mesh;
}

Mesh MakePlane(const mjModel& model, int geom) {
  const std::vector<double> x = GridLines(model, geom, 0);
  const std::vector<double> y = GridLines(model, geom, 1);
  const double size_x = model.geom_size[3 * geom];
  const double size_y = model.geom_size[3 * geom + 1];
  Mesh mesh;
  AddGrid(mesh, CutAt(x), CutAt(y), Flat::kAll, [&](int column, int row) -> Vertex {
    const double px = x[static_cast<std::size_t>(column)];
    const double py = y[static_cast<std::size_t>(row)];
    const double u = size_x > 0 ? (px + size_x) / (2 * size_x) : px / 2;
    const double v = size_y > 0 ? 1 - (py + size_y) / (2 * size_y) : -py / 2;
    return {
        Eigen::Vector3d(px, py, 0).cast<float>(), {0, 0, 1}, Eigen::Vector2d(u, v).cast<float>()};
  });
  return mesh;
}

Mesh MakeModelMesh(const mjModel& m, int id) {
  Mesh mesh;
  const bool has_texcoord = m.mesh_texcoordadr[id] >= 0;
  for (int face = m.mesh_faceadr[id]; face < m.mesh_faceadr[id] + m.mesh_facenum[id]; ++face) {
    std::array<Vertex, 3> corner;
    for (int k = 0; k < 3; ++k) {
      Vertex& vertex = corner[static_cast<std::size_t>(k)];
      vertex.position =
          Vector3f(m.mesh_vert + 3 * (m.mesh_vertadr[id] + m.mesh_face[3 * face + k]));
      vertex.normal =
          Vector3f(m.mesh_normal + 3 * (m.mesh_normaladr[id] + m.mesh_facenormal[3 * face + k]));
      if (has_texcoord) {
        vertex.texcoord = Vector2f(
            m.mesh_texcoord + 2 * (m.mesh_texcoordadr[id] + m.mesh_facetexcoord[3 * face + k]));
      }
    }
    if (!has_texcoord) {  // sharp edges look sharp
      const Vector3f flat = FaceNormal(corner[0].position, corner[1].position, corner[2].position);
      for (Vertex& vertex : corner) {
        if (vertex.normal.dot(flat) < 0.8F) vertex.normal = flat;
      }
    }
    AddTriangle(mesh, corner[0], corner[1], corner[2]);
  }
  return mesh;
}

Mesh MakeSkin(const mjModel& m, const mjvScene& scene, int id) {
  Mesh mesh;
  const int first = scene.skinvertadr[id];
  for (int i = 0; i < scene.skinvertnum[id]; ++i) {
    Vertex vertex{Vector3f(scene.skinvert + 3 * (first + i)),
                  Vector3f(scene.skinnormal + 3 * (first + i))};
    if (m.skin_texcoordadr[id] >= 0) {
      vertex.texcoord = Vector2f(m.skin_texcoord + 2 * (m.skin_texcoordadr[id] + i));
    }
    mesh.vertices.push_back(vertex);
  }
  for (int face = m.skin_faceadr[id]; face < m.skin_faceadr[id] + m.skin_facenum[id]; ++face) {
    const int* corner = m.skin_face + 3 * face;
    mesh.triangles.push_back({corner[0], corner[1], corner[2]});
    mesh.facets.push_back({corner[0], corner[1], corner[2], corner[2]});
  }
  return mesh;
}

Mesh MakeHeightField(const mjModel& m, int id) {
  const int rows = m.hfield_nrow[id];
  const int columns = m.hfield_ncol[id];
  const float* data = m.hfield_data + m.hfield_adr[id];
  const Eigen::Vector4f size =
      Eigen::Map<const Eigen::Vector4d>(m.hfield_size + 4 * id).cast<float>();
  const auto x = [&](int c) { return size[0] * (2 * Fraction(c, columns - 1) - 1); };
  const auto y = [&](int r) { return size[1] * (2 * Fraction(r, rows - 1) - 1); };
  const auto top = [&](int r, int c) {
    return Vector3f(x(c), y(r), size[2] * data[r * columns + c]);
  };
  Mesh mesh;
  if (rows < 2 || columns < 2) return mesh;
  const auto add = [&](const Vector3f& a, const Vector3f& b, const Vector3f& c,
                       const Vector3f& normal) {
    AddTriangle(mesh, {a, normal}, {b, normal}, {c, normal});
  };
  for (int r = 0; r + 1 < rows; ++r) {
    for (int c = 0; c + 1 < columns; ++c) {
      const Vector3f p00 = top(r, c);
      const Vector3f p10 = top(r + 1, c);
      const Vector3f p01 = top(r, c + 1);
      const Vector3f p11 = top(r + 1, c + 1);
      add(p10, p00, p11, FaceNormal(p10, p00, p11));
      add(p00, p01, p11, FaceNormal(p00, p01, p11));
    }
  }
  const auto add_quad = [&](const Vector3f& a, const Vector3f& b, const Vector3f& c,
                            const Vector3f& d, const Vector3f& normal) {
    add(a, b, d, normal);
    add(b, c, d, normal);
  };
  const auto base = [&](const Vector3f& p) { return Vector3f(p.x(), p.y(), -size[3]); };
  const auto wall = [&](const Vector3f& from, const Vector3f& to, const Vector3f& normal) {
    add_quad(base(from), base(to), to, from, normal);
  };
  for (int r = 0; r + 1 < rows; ++r) {
    wall(top(r + 1, 0), top(r, 0), {-1, 0, 0});
    wall(top(r, columns - 1), top(r + 1, columns - 1), {1, 0, 0});
  }
  for (int c = 0; c + 1 < columns; ++c) {
    wall(top(0, c), top(0, c + 1), {0, -1, 0});
    wall(top(rows - 1, c + 1), top(rows - 1, c), {0, 1, 0});
  }
  const int quads = m.vis.quality.numquads;
  const auto below = [&](int r, int c) {
    return Vector3f(size[0] * (2 * Fraction(c, quads) - 1), size[1] * (2 * Fraction(r, quads) - 1),
                    -size[3]);
  };
  for (int r = 0; r < quads; ++r) {
    for (int c = 0; c < quads; ++c) {
      add_quad(below(r, c), below(r + 1, c), below(r + 1, c + 1), below(r, c + 1), {0, 0, -1});
    }
  }
  return mesh;
}

}  // namespace saccade::raycast

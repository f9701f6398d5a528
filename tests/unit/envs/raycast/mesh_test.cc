#include "envs/raycast/mesh.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <set>
#include <vector>

#include <Eigen/Geometry>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "envs/raycast/assets.h"
#include "tests/unit/envs/world.h"

namespace saccade::raycast {
namespace {

using Eigen::Vector3f;
using testing::Each;
using testing::ElementsAre;
using testing::FloatNear;
using testing_envs::World;

std::array<Vector3f, 3> Corners(const Mesh& mesh, const std::array<int, 3>& triangle) {
  std::array<Vector3f, 3> corners;
  for (std::size_t k = 0; k < 3; ++k) {
    corners[k] = mesh.vertices[static_cast<std::size_t>(triangle[k])].position;
  }
  return corners;
}

double Volume(const Mesh& mesh) {
  double volume = 0;
  for (const auto& triangle : mesh.triangles) {
    const auto [a, b, c] = Corners(mesh, triangle);
    volume += a.cast<double>().dot(b.cross(c).cast<double>()) / 6;
  }
  return volume;
}

// Every edge is there once in each direction, so the surface has no hole and no triangle is turned.
void ExpectClosed(const Mesh& mesh) {
  const auto key = [](const Vector3f& p) {
    return std::array<long, 3>{std::lround(1e4 * p.x()), std::lround(1e4 * p.y()),
                               std::lround(1e4 * p.z())};
  };
  std::map<std::pair<std::array<long, 3>, std::array<long, 3>>, int> edges;
  for (const auto& triangle : mesh.triangles) {
    const auto corners = Corners(mesh, triangle);
    for (std::size_t k = 0; k < 3; ++k) {
      ++edges[{key(corners[k]), key(corners[(k + 1) % 3])}];
    }
  }
  for (const auto& [edge, count] : edges) {
    ASSERT_EQ(count, 1);
    ASSERT_TRUE(edges.contains({edge.second, edge.first}));
  }
}

void ExpectNormalsOutwards(const Mesh& mesh) {
  for (const auto& triangle : mesh.triangles) {
    const auto [a, b, c] = Corners(mesh, triangle);
    const Vector3f flat = (b - a).cross(c - a);
    for (const int vertex : triangle) {
      const Vector3f& normal = mesh.vertices[static_cast<std::size_t>(vertex)].normal;
      ASSERT_NEAR(normal.norm(), 1, 1e-5);
      ASSERT_GT(normal.dot(flat), 0);
    }
  }
}

Mesh Capsule() {  // of radius 1 between z = -1 and 1
  Mesh mesh = MakeTube(28, 16);
  mesh.Append(MakeHalfSphere(1, 28, 8));
  mesh.Append(MakeHalfSphere(-1, 28, 8));
  return mesh;
}

Mesh Cylinder() {
  Mesh mesh = MakeDisc(-1, 28, 8);
  mesh.Append(MakeTube(28, 16));
  mesh.Append(MakeDisc(1, 28, 8));
  return mesh;
}

TEST(Mesh, SolidsAreClosedAndLookOutwards) {
  for (const Mesh& mesh : {MakeSphere(28, 16), Capsule(), Cylinder(), MakeBox(4)}) {
    ExpectClosed(mesh);
    ExpectNormalsOutwards(mesh);
  }
}

// Inscribed polyhedra are a little smaller than what they stand for.
TEST(Mesh, SolidsHaveTheirVolume) {
  constexpr double kPi = std::numbers::pi;
  EXPECT_NEAR(Volume(MakeSphere(28, 16)), 4 * kPi / 3, .03 * 4 * kPi / 3);
  EXPECT_NEAR(Volume(Capsule()), 2 * kPi + 4 * kPi / 3, .03 * 10);
  EXPECT_NEAR(Volume(Cylinder()), 2 * kPi, .02 * 2 * kPi);
  EXPECT_NEAR(Volume(MakeBox(4)), 8, 1e-5);
}

TEST(Mesh, HasMuJoCosNumberOfTriangles) {
  EXPECT_EQ(MakeSphere(28, 16).triangles.size(), 28u * (14 * 2 + 2));
  EXPECT_EQ(MakeTube(28, 16).triangles.size(), 28u * 16 * 2);
  EXPECT_EQ(MakeHalfSphere(1, 28, 8).triangles.size(), 28u * (7 * 2 + 1));
  EXPECT_EQ(MakeBox(4).triangles.size(), 6u * 16 * 2);
}

// Corners 0, 1, 3 and 1, 2, 3: the diagonal runs from (1, -1) to (-1, 1).
TEST(Mesh, QuadsAreCutAlongTheDiagonalOfOpenGl) {
  const Mesh patch = MakePatch(1);
  ASSERT_EQ(patch.triangles.size(), 2u);
  for (const auto& triangle : patch.triangles) {
    EXPECT_THAT(Corners(patch, triangle), testing::Contains(Vector3f(1, -1, 0)));
    EXPECT_THAT(Corners(patch, triangle), testing::Contains(Vector3f(-1, 1, 0)));
  }
}

std::set<float> Coordinates(const Mesh& mesh, int axis) {
  std::set<float> values;
  for (const Vertex& vertex : mesh.vertices) values.insert(vertex.position[axis]);
  return values;
}

World Plane(const std::string& attributes) {
  return World::Text("<mujoco><statistic extent='10'/><worldbody><geom type='plane' " + attributes +
                     "/></worldbody></mujoco>");
}

TEST(PlaneMesh, TheGridIsMuJoCos) {
  // An even number of half cells of .3 fit into 1; what is left pads both ends.
  World world = Plane("size='1 2 .3'");
  EXPECT_THAT(
      Coordinates(MakePlane(*world.model(), 0), 0),
      ElementsAre(-1, FloatNear(-.6F, 1e-6F), FloatNear(0, 1e-6F), FloatNear(.6F, 1e-6F), 1));
}

TEST(PlaneMesh, AnInfiniteGridHas200CellsAndALineThroughItsMiddle) {
  World world = Plane("size='0 0 .3'");
  const std::set<float> x = Coordinates(MakePlane(*world.model(), 0), 0);
  EXPECT_EQ(x.size(), 201u);
  EXPECT_EQ(x.count(0), 1u);
  EXPECT_NEAR(*x.rbegin(), -*x.begin(), 1e-3);
  EXPECT_GT(*x.rbegin(), 1.05 * 10 * 50);  // beyond the sky
}

TEST(PlaneMesh, TheTextureStartsInTheCorner) {
  World world = Plane("size='1 2 .3'");
  for (const Vertex& vertex : MakePlane(*world.model(), 0).vertices) {
    EXPECT_NEAR(vertex.texcoord.x(), (vertex.position.x() + 1) / 2, 1e-6);
    EXPECT_NEAR(vertex.texcoord.y(), 1 - (vertex.position.y() + 2) / 4, 1e-6);
  }
}

TEST(ModelMesh, SharpEdgesAreFlat) {
  World world = World::Text(R"(
    <mujoco>
      <asset><mesh name='tetrahedron' vertex='0 0 0 1 0 0 0 1 0 0 0 1'/></asset>
      <worldbody><geom type='mesh' mesh='tetrahedron'/></worldbody>
    </mujoco>)");
  const Mesh mesh = MakeModelMesh(*world.model(), 0);
  ExpectClosed(mesh);
  EXPECT_NEAR(Volume(mesh), 1. / 6, 1e-6);
  for (const auto& triangle : mesh.triangles) {
    const auto [a, b, c] = Corners(mesh, triangle);
    const Vector3f flat = (b - a).cross(c - a).normalized();
    for (const int vertex : triangle) {
      EXPECT_NEAR(mesh.vertices[static_cast<std::size_t>(vertex)].normal.dot(flat), 1, 1e-5);
    }
  }
}

TEST(HeightFieldMesh, IsClosedAboveItsBase) {
  World world = World::Text(R"(
    <mujoco>
      <asset><hfield name='h' nrow='3' ncol='4' size='2 1 .5 .25'
                     elevation='0 1 0 1  1 0 1 0  0 .5 .5 0'/></asset>
      <worldbody><geom type='hfield' hfield='h'/></worldbody>
    </mujoco>)");
  const Mesh mesh = MakeHeightField(*world.model(), 0);
  ExpectNormalsOutwards(mesh);
  EXPECT_EQ(mesh.triangles.size(), 2u * (2 * 3 + 2 * 2 + 2 * 3 + 16));
  const std::set<float> z = Coordinates(mesh, 2);
  EXPECT_FLOAT_EQ(*z.begin(), -.25F);
  EXPECT_FLOAT_EQ(*z.rbegin(), .5F);
  EXPECT_GT(Volume(mesh), 4 * 2 * .25);
}

TEST(HeightFieldMesh, OfOneRowIsNothing) {
  World world = World::Text(R"(
    <mujoco>
      <asset><hfield name='h' nrow='1' ncol='4' size='2 1 .5 .25' elevation='0 1 0 1'/></asset>
      <worldbody><geom type='hfield' hfield='h'/></worldbody>
    </mujoco>)");
  EXPECT_TRUE(MakeHeightField(*world.model(), 0).triangles.empty());
}

// The triangles of a piece, cut as triangles of the mesh are: (0, 1, 3) and (1, 2, 3) of every quad.
using Piece = std::vector<std::array<Vector3f, 3>>;

Piece TrianglesOf(const std::array<Vector3f, 4>& quad) {
  return {{quad[0], quad[1], quad[3]}, {quad[1], quad[2], quad[3]}};
}

std::vector<Piece> PiecesOf(const Mesh& mesh) {
  const auto at = [&](const std::array<int, 4>& corners, std::size_t k) {
    return mesh.vertices[static_cast<std::size_t>(corners[k])].position;
  };
  std::vector<Piece> pieces;
  for (const auto& facet : mesh.facets) {
    Piece piece = TrianglesOf({at(facet, 0), at(facet, 1), at(facet, 2), at(facet, 3)});
    if (facet[2] == facet[3]) piece.pop_back();
    pieces.push_back(piece);
  }
  for (const Panel& panel : mesh.panels) {
    const Vector3f origin = at(panel.corners, 0);
    const Vector3f right = at(panel.corners, 1) - origin;
    const Vector3f up = at(panel.corners, 3) - origin;
    EXPECT_LT((origin + right + up - at(panel.corners, 2)).norm(), 1e-5 * (right + up).norm());
    Piece piece;
    for (int row = 0; row < panel.rows.cells; ++row) {
      for (int column = 0; column < panel.columns.cells; ++column) {
        const auto corner = [&](int i, int j) -> Vector3f {
          return origin + static_cast<float>(panel.columns.line(i)) * right +
                 static_cast<float>(panel.rows.line(j)) * up;
        };
        const Piece cell = TrianglesOf({corner(column, row), corner(column + 1, row),
                                        corner(column + 1, row + 1), corner(column, row + 1)});
        piece.insert(piece.end(), cell.begin(), cell.end());
      }
    }
    pieces.push_back(piece);
  }
  return pieces;
}

void ExpectPiecesAreTheTriangles(const Mesh& mesh) {
  const auto order = [](const Vector3f& a, const Vector3f& b) {
    return std::lexicographical_compare(a.data(), a.data() + 3, b.data(), b.data() + 3);
  };
  // By their rounded corners, of which the smallest comes first.
  const auto key = [&](std::array<Vector3f, 3> triangle) {
    for (Vector3f& corner : triangle) {
      corner = corner.unaryExpr([](float v) { return std::round(1e3F * v) + 0.0F; });
    }
    std::rotate(triangle.begin(), std::min_element(triangle.begin(), triangle.end(), order),
                triangle.end());
    std::array<float, 9> numbers;
    for (std::size_t k = 0; k < 9; ++k) {
      numbers[k] = triangle[k / 3][static_cast<Eigen::Index>(k % 3)];
    }
    return numbers;
  };
  std::multiset<std::array<float, 9>> expected;
  for (const auto& triangle : mesh.triangles) expected.insert(key(Corners(mesh, triangle)));
  std::multiset<std::array<float, 9>> pieces;
  for (const Piece& piece : PiecesOf(mesh)) {
    const Vector3f normal =
        (piece[0][1] - piece[0][0]).cross(piece[0][2] - piece[0][0]).normalized();
    for (const auto& triangle : piece) {
      pieces.insert(key(triangle));
      for (const Vector3f& corner : triangle) {
        EXPECT_NEAR(normal.dot(corner - piece[0][0]), 0, 1e-5);
      }
    }
  }
  EXPECT_EQ(pieces, expected);
}

TEST(Pieces, AreFlatAndTheTrianglesAgain) {
  ExpectPiecesAreTheTriangles(MakeSphere(28, 16));
  ExpectPiecesAreTheTriangles(MakeHalfSphere(1, 28, 8));
  ExpectPiecesAreTheTriangles(MakeHalfSphere(-1, 28, 8));
  ExpectPiecesAreTheTriangles(MakeTube(28, 16));
  ExpectPiecesAreTheTriangles(MakeDisc(1, 28, 8));
  ExpectPiecesAreTheTriangles(MakeBox(4));
  ExpectPiecesAreTheTriangles(MakePatch(4));
}

// With and without margins, of one cell and more, and endless.
TEST(Pieces, OfPlanesAreFlatAndTheTrianglesAgain) {
  for (const char* size : {"2 2 .3", "1 3 .5", ".4 .4 1", ".6 1.2 .3", "0 0 .5", "0 3 .4"}) {
    World world = World::Text(fmt::format(
        "<mujoco><worldbody><geom type='plane' size='{}'/></worldbody></mujoco>", size));
    SCOPED_TRACE(size);
    ExpectPiecesAreTheTriangles(MakePlane(*world.model(), 0));
  }
}

// Of the polyhedra that rays meet, every facet is a piece.
TEST(Pieces, OfBallsAreWhatRaysMeet) {
  World world = World::Text("<mujoco><worldbody><geom size='1'/></worldbody></mujoco>");
  const Assets assets(*world.model());
  const RoundShapes& shapes = assets.round_shapes();
  mjvGeom geom;
  for (const int type : {mjGEOM_SPHERE, mjGEOM_CAPSULE}) {
    SCOPED_TRACE(type);
    mjv_initGeom(&geom, type, nullptr, nullptr, nullptr, nullptr);
    std::size_t facets = 0;
    for (const Part& part : assets.PartsOf(geom)) {
      if (!part.shape->ball) continue;
      const Ball& ball = *part.shape->ball;
      const Surface& surface = part.shape->surface;
      std::vector<bool> seen(surface.piece_count());
      for (std::size_t ring = 0; ring < shapes.ring_count(); ++ring) {
        if (ball.pieces[ring] < 0) continue;
        const auto number = [&](RoundShapes::RingNumber k) { return shapes.rings()[k][ring]; };
        for (std::size_t sector = 0; sector < shapes.slices(); ++sector) {
          const auto piece = static_cast<std::size_t>(ball.pieces[ring]) + sector;
          ASSERT_LT(piece, surface.piece_count());
          EXPECT_FALSE(seen[piece]);
          seen[piece] = true;
          const float out = number(RoundShapes::kOut);
          const float up = number(RoundShapes::kUp);
          EXPECT_NEAR(surface.plane_normals(0)[piece], out * shapes.middles()[0][sector], 1e-5);
          EXPECT_NEAR(surface.plane_normals(1)[piece], out * shapes.middles()[1][sector], 1e-5);
          EXPECT_NEAR(surface.plane_normals(2)[piece], up, 1e-5);
          EXPECT_NEAR(surface.plane_offsets()[piece],
                      number(RoundShapes::kDistance) + up * ball.centre, 1e-5);
        }
      }
      EXPECT_THAT(seen, Each(true));
      facets += seen.size();
    }
    EXPECT_EQ(facets, shapes.slices() * shapes.ring_count());
  }
}

}  // namespace
}  // namespace saccade::raycast

#include "envs/raycast/sight.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

#include "core/base/error.h"
#include "envs/raycast/geom.h"
#include "envs/raycast/lighting.h"
#include "envs/raycast/samples.h"

namespace saccade::raycast {
namespace {

using Eigen::Matrix3d;
using Eigen::Matrix4d;
using Eigen::Vector2d;
using Eigen::Vector3d;
using Eigen::Vector4d;

template <class Vector>
std::array<float, 3> ToFloats(const Vector& v) {
  return {static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])};
}

}  // namespace

void Sight::Begin(const Size& new_size, const View& new_view, const mjvGeom* mirror_plane) {
  size = new_size;
  view = new_view;
  half_width = 0.5F * static_cast<float>(size.width);
  half_height = 0.5F * static_cast<float>(size.height);
  half_size = {half_width, half_height};
  last_sample = {static_cast<float>(size.width * size.samples - 1),
                 static_cast<float>(size.height * size.samples - 1)};
  Matrix4d screen_from_world = view.clip_from_world;
  screen_from_world.row(0) *= 0.5 * size.width;
  screen_from_world.row(1) *= 0.5 * size.height;
  Matrix4d world_from_place = Matrix4d::Identity();
  world_from_place.topRightCorner<3, 1>() = view.eye;
  screen_from_place_ = screen_from_world * world_from_place;
  mirror.reset();
  if (mirror_plane != nullptr) {
    const Vector3d normal = NormalOf(*mirror_plane);
    mirror.emplace();
    *mirror << normal, normal.dot(view.eye - PositionOf(*mirror_plane));
  }
  pass_count = 1;
  vertex_count = 0;
  side_count = 0;
  lamps.clear();
  instances.clear();
  pieces.clear();
  panels.clear();
  if (mirror) {
    depth.resize(size.sample_count());
  } else {
    depth.assign(size.sample_count(), 0);
  }
  front.assign(size.sample_count(), kNothing);
}

void Sight::AddLight(const mjvLight& light, std::size_t pass) {
  if (!IsKnown(light)) return;
  const Vector3d axis = ToVector(light.dir);
  Lamp lamp;
  lamp.pass = pass;
  lamp.directional = light.type == mjLIGHT_DIRECTIONAL;
  lamp.cone = light.cutoff < 180;
  lamp.cutoff = static_cast<float>(std::cos(light.cutoff * std::numbers::pi / 180)) + kConeEdge;
  lamp.exponent = light.exponent;
  std::copy(light.attenuation, light.attenuation + 3, lamp.attenuation.begin());
  lamp.place = ToFloats(ToVector(light.pos) - view.eye);
  lamp.to_light = ToFloats(-axis.normalized());
  lamp.along = ToFloats(axis.normalized());
  std::copy(light.ambient, light.ambient + 3, lamp.ambient.begin());
  std::copy(light.diffuse, light.diffuse + 3, lamp.diffuse.begin());
  std::copy(light.specular, light.specular + 3, lamp.specular.begin());
  lamps.push_back(lamp);
  pass_count = std::max(pass_count, pass + 1);
}

void Sight::MergePasses() {
  for (Lamp& lamp : lamps) lamp.pass = 0;
  pass_count = 1;
}

void Sight::Place(Instance& instance, const Eigen::Matrix<double, 3, 4>& place_from_local) {
  instance.place_from_local = place_from_local;
  Matrix4d homogeneous = Matrix4d::Identity();
  homogeneous.topRows<3>() = place_from_local;
  instance.screen_from_local = screen_from_place_ * homogeneous;
  const auto copy = [](const auto& matrix, auto& floats) {
    for (std::size_t r = 0; r < floats.size(); ++r) {
      for (std::size_t c = 0; c < floats[r].size(); ++c) {
        floats[r][c] =
            static_cast<float>(matrix(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(c)));
      }
    }
  };
  copy(instance.screen_from_local, instance.screen);
  copy(place_from_local, instance.place);
  if (mirror) {
    const Eigen::RowVector4d height = mirror->head<3>().transpose() * place_from_local +
                                      Eigen::RowVector4d(0, 0, 0, (*mirror)[3]);
    for (std::size_t c = 0; c < 4; ++c) {
      instance.before[c] = static_cast<float>(height[static_cast<Eigen::Index>(c)]);
    }
  }
  // The eye is where x w, y w and w are 0, or a direction; up to its length and its sign, which is
  // such that depth grows towards it.
  Vector4d eye;
  if (view.is_orthographic) {
    eye << instance.screen_from_local.topLeftCorner<3, 3>().inverse().col(2), 0;
  } else {
    const Vector3d origin = -place_from_local.leftCols<3>().inverse() * place_from_local.col(3);
    eye << origin, 1;
  }
  if (!eye.allFinite()) eye.setZero();
  for (std::size_t k = 0; k < 4; ++k) {
    instance.eye[k] = static_cast<float>(eye[static_cast<Eigen::Index>(k)]);
  }
  instance.sides = side_count;
  side_count += instance.shape->surface.side_count();
  instance.vertices = vertex_count;
  const std::size_t count = instance.shape->surface.vertices().size();
  vertex_count += (count + kMostLanes - 1) / kMostLanes * kMostLanes;
}

void Sight::Add(const mjvGeom& geom, const Part& part, const Texture* texture, const Added& how) {
  const Matrix3d axes = AxesOf(geom);
  const Vector3d scale = part.scale.cast<double>();
  Eigen::Matrix<double, 3, 4> place_from_local;
  place_from_local.leftCols<3>() = axes * scale.asDiagonal();
  place_from_local.col(3) = PositionOf(geom) - view.eye + axes * part.offset.cast<double>();
  Instance& instance = instances.emplace_back(*part.shape, Mapping(geom, texture));
  Place(instance, place_from_local);
  const Matrix3d turn = axes * scale.cwiseInverse().asDiagonal();
  for (std::size_t r = 0; r < 3; ++r) {
    instance.turn[r] = ToFloats(turn.row(static_cast<Eigen::Index>(r)));
  }
  const Material material = MaterialOf(geom);
  instance.rgb = ToFloats(how.reflectance * material.rgb);
  instance.emission = how.only_casting ? 0 : static_cast<float>(material.emission) + how.ambient;
  instance.specular = static_cast<float>(material.specular);
  instance.shininess = static_cast<float>(material.shininess);
  instance.alpha = static_cast<float>(how.alpha);
  instance.adds = how.adds;
  instance.only_casting = how.only_casting;
  instance.shows_backs = how.shows_backs;
}

Instance& Sight::AddSurrounding(const Shape& shape, double scale, const Mapping& mapping) {
  Instance& instance = instances.emplace_back(shape, mapping);
  Eigen::Matrix<double, 3, 4> place_from_local;
  place_from_local << scale * Matrix3d::Identity(), Vector3d::Zero();
  Place(instance, place_from_local);
  instance.turn = {};
  instance.rgb = {1, 1, 1};
  instance.emission = 1;
  instance.alpha = 1;
  instance.is_lit = false;
  instance.shows_backs = true;
  return instance;
}

std::optional<Sight::BallRays> Sight::RaysAt(const Instance& instance) const {
  if (view.is_orthographic) return std::nullopt;
  const Vector4d middle(0, 0, instance.shape->ball->centre, 1);
  const Eigen::RowVector3d radii = instance.place_from_local.leftCols<3>().colwise().norm();
  const double radius = radii.maxCoeff();
  // What is flat is far away in its own coordinates, and would need more precision.
  if (!(radii.minCoeff() > 0.05 * radius)) return std::nullopt;
  const Vector3d ahead = screen_from_place_.row(3).head<3>();
  const Vector4d at = instance.screen_from_local * middle;  // (x w, y w, z, w)
  const double nearest = at[3] - radius * ahead.norm();
  if (!(nearest > view.near) || !at.allFinite()) return std::nullopt;
  if (mirror &&
      !(mirror->head<3>().dot(instance.place_from_local * middle) + (*mirror)[3] > radius)) {
    return std::nullopt;
  }

  // A point q from the middle is (a · q) / (w + ahead · q) from it on an axis of the screen. The most of
  // a · q is |a| in the ball's coordinates; of its half where a leads away from it, that of a's part
  // along the rim.
  const float half = instance.shape->ball->centre;
  const auto range = [&](int axis, int most, int* first, int* end) {
    const double on_screen = at[axis] / at[3];
    const Vector3d a = instance.place_from_local.leftCols<3>().transpose() *
                       (screen_from_place_.row(axis).head<3>().transpose() - on_screen * ahead);
    const auto reach = [&](double sign) {
      return (sign * half * a.z() < 0 ? a.head<2>().norm() : a.norm()) / nearest + 1e-2;
    };
    const double from_corner = on_screen + 0.5 * most;
    *first = static_cast<int>(std::clamp(std::floor(from_corner - reach(-1)), 0.0, 1.0 * most));
    *end = static_cast<int>(std::clamp(std::floor(from_corner + reach(1)) + 1, 0.0, 1.0 * most));
  };
  BallRays rays;
  range(0, size.width, &rays.x0, &rays.x1);
  range(1, size.height, &rays.y0, &rays.y1);

  // What is seen at (x, y) lies in two planes, of normals r₀ − x r₃ and r₁ − y r₃, so along their product
  //   r₀ × r₁ + x (r₁ × r₃) + y (r₃ × r₀),
  // and w grows by 1 along that divided by r₃ · (r₀ × r₁). Where w is as in the middle, one is as far
  // from it as directions are from the one there, times w.
  const auto row = [&](int r) -> Vector3d { return instance.screen_from_local.row(r).head<3>(); };
  const Vector3d across = row(0).cross(row(1));
  const double determinant = row(3).dot(across);
  const Vector2d corner(rays.x0 - 0.5 * size.width, rays.y0 - 0.5 * size.height);
  const Vector2d from_middle = corner - at.head<2>() / at[3];
  Matrix3d direction;
  direction.col(1) = row(1).cross(row(3)) / determinant;
  direction.col(2) = row(3).cross(row(0)) / determinant;
  direction.col(0) = across / determinant + direction.rightCols<2>() * corner;
  Matrix3d place = at[3] * direction;
  place.col(0) = place.rightCols<2>() * from_middle;
  if (!direction.allFinite() || !place.allFinite()) return std::nullopt;
  for (std::size_t k = 0; k < 3; ++k) {
    rays.place[k] = ToFloats(place.col(static_cast<Eigen::Index>(k)));
    rays.direction[k] = ToFloats(direction.col(static_cast<Eigen::Index>(k)));
  }
  rays.depth = static_cast<float>(at[3]);
  return rays;
}

bool Sight::Outlined(const Instance& instance, std::size_t piece, Outline* outline) const {
  const Surface& surface = instance.shape->surface;
  Eigen::Matrix<double, 4, 4> corners;  // (x w, y w, z, w) in columns
  std::array<double, 4> heights;        // the mirror
  for (std::size_t k = 0; k < 4; ++k) {
    const auto vertex = static_cast<std::size_t>(surface.corners(piece)[k]);
    const Vector4d local = surface.vertices()[vertex].position.cast<double>().homogeneous();
    corners.col(static_cast<Eigen::Index>(k)) = instance.screen_from_local * local;
    heights[k] =
        mirror ? mirror->head<3>().dot(instance.place_from_local * local) + (*mirror)[3] : 1;
  }
  if (!corners.allFinite()) return false;
  std::array<Vector3d, 4> p;
  for (std::size_t k = 0; k < 4; ++k) {
    const Vector4d c = corners.col(static_cast<Eigen::Index>(k));
    p[k] = {c[0], c[1], c[3]};
  }

  // Homogeneous barycentric coordinates of the triangle 0, 1, 3 (triangle.h); of a triangle, corner
  // 3 is 2.
  const std::array<std::size_t, 3> ids = {0, 1, 3};
  Matrix3d lambda;
  for (std::size_t k = 0; k < 3; ++k) {
    lambda.col(static_cast<Eigen::Index>(k)) = p[ids[(k + 1) % 3]].cross(p[ids[(k + 2) % 3]]);
  }
  const double determinant = p[0].dot(lambda.col(0));
  // What is seen from behind, and a mirror, turn the order of corners around.
  const bool is_front = (determinant > 0) != mirror.has_value();
  if (!(std::abs(determinant) > 0) || is_front == instance.shows_backs) return false;
  const auto interpolated = [&](const auto& value) -> Vector3d {
    return (value(0) * lambda.col(0) + value(1) * lambda.col(1) + value(3) * lambda.col(2)) /
           determinant;
  };
  const Vector3d depth_line =
      interpolated([&](int k) { return corners(2, k); });  // z/w, const last
  const Vector3d w_line = interpolated([](int) { return 1.0; });

  // Bounds of what is beyond the near plane.
  Vector2d low(size.width, size.height);
  Vector2d high = -low;
  const auto include = [&](const Vector4d& c) {
    const Vector2d on_screen = c.head<2>() / c[3];
    low = low.cwiseMin(on_screen);
    high = high.cwiseMax(on_screen);
  };
  bool crosses_near = false;
  for (int k = 0; k < 4; ++k) {
    const Vector4d a = corners.col(k);
    const Vector4d b = corners.col((k + 1) % 4);
    const double nearer_a = a[2] - a[3];
    const double nearer_b = b[2] - b[3];
    if (nearer_a <= 0) {
      include(a);
    } else {
      crosses_near = true;
    }
    if ((nearer_a < 0 && nearer_b > 0) || (nearer_a > 0 && nearer_b < 0)) {
      include(a + nearer_a / (nearer_a - nearer_b) * (b - a));
    }
  }
  if (!(low.x() <= high.x() && low.y() <= high.y())) return false;
  const auto pixel = [](double value, int most) {
    return static_cast<int>(std::clamp(value + 0.5 * most, 0.0, static_cast<double>(most)));
  };
  outline->x0 = pixel(std::floor(low.x() - 1e-3), size.width);
  outline->x1 = pixel(std::ceil(high.x() + 1), size.width);
  outline->y0 = pixel(std::floor(low.y() - 1e-3), size.height);
  outline->y1 = pixel(std::ceil(high.y() + 1), size.height);
  if (outline->x0 >= outline->x1 || outline->y0 >= outline->y1) return false;

  const Vector3d origin(outline->x0 - 0.5 * size.width, outline->y0 - 0.5 * size.height, 1);
  const auto line = [&](const Vector3d& v) -> Outline::Line {
    return {static_cast<float>(v.dot(origin)), static_cast<float>(v[0]), static_cast<float>(v[1])};
  };
  outline->edge_count = 0;
  const auto add_edge = [&](Vector3d v) {
    const double steepness = std::abs(v[0]) + std::abs(v[1]);
    if (steepness > 0) v /= steepness;
    v[2] += kOverlap;
    const Outline::Line edge = line(v);
    const std::size_t k = outline->edge_count++;
    SACCADE_CHECK(k < Outline::kMostEdges);
    outline->c[k] = edge.c;
    outline->a[k] = edge.a;
    outline->b[k] = edge.b;
  };
  const double sense = determinant > 0 ? 1 : -1;
  for (std::size_t k = 0; k < 4; ++k) {
    // Between corners that are one, as a triangle's last are, everything is inside.
    add_edge(sense * p[k].cross(p[(k + 1) % 4]));
  }
  if (mirror && std::any_of(heights.begin(), heights.end(), [](double h) { return h < 0; })) {
    if (std::all_of(heights.begin(), heights.end(), [](double h) { return h < 0; })) return false;
    add_edge(interpolated([&](int k) { return heights[static_cast<std::size_t>(k)]; }));
  }
  if (crosses_near) {
    add_edge(w_line);
    Vector3d beyond = -depth_line;
    beyond[2] += 1;
    add_edge(beyond);
  }
  outline->z = line(depth_line);
  outline->low = -std::numeric_limits<float>::max();
  outline->high = 1;
  return true;
}

std::array<float, 3> Sight::Weights(const Instance& instance,
                                    const std::array<std::uint32_t, 3>& ids, float px,
                                    float py) const {
  std::array<Vector3d, 3> p;
  for (std::size_t k = 0; k < 3; ++k) {
    const Vertex& vertex = instance.shape->surface.vertices()[ids[k]];
    const Vector4d c = instance.screen_from_local * vertex.position.cast<double>().homogeneous();
    p[k] = {c[0], c[1], c[3]};
  }
  Vector3d weights;
  for (std::size_t k = 0; k < 3; ++k) {
    weights[static_cast<Eigen::Index>(k)] =
        p[(k + 1) % 3].cross(p[(k + 2) % 3]).dot(Vector3d(px, py, 1));
  }
  return ToFloats(weights / weights.sum());
}

double Sight::CosineOfCorner() const {
  const auto rays = Rays();
  const auto ray = [&](double x, double y) {
    Vector3d direction;
    for (std::size_t k = 0; k < 3; ++k) {
      direction[static_cast<Eigen::Index>(k)] = rays[k][0] * x + rays[k][1] * y + rays[k][2];
    }
    return direction;
  };
  double length = 0;  // of what is 1 along the gaze
  for (const double x : {-half_width, half_width}) {
    for (const double y : {-half_height, half_height}) length = std::max(length, ray(x, y).norm());
  }
  return 1 / length;
}

std::array<std::array<float, 3>, 3> Sight::Rays() const {
  Matrix3d projection;
  for (int r = 0; r < 3; ++r) {
    projection.row(r) = screen_from_place_.row(r < 2 ? r : 3).head<3>();
  }
  const Matrix3d rays = projection.inverse();
  std::array<std::array<float, 3>, 3> rows;
  for (std::size_t r = 0; r < 3; ++r) {
    rows[r] = ToFloats(rays.row(static_cast<Eigen::Index>(r)));
  }
  return rows;
}

const PanelView& Sight::MakePanel(std::uint32_t id) {
  Piece& piece = pieces[id];
  piece.panel = static_cast<std::int32_t>(panels.size());
  const Instance& instance = instances[piece.instance];
  const Surface& surface = instance.shape->surface;
  const std::array<std::int32_t, 4> corners = surface.corners(piece.piece);
  const auto vertex = [&](std::size_t corner) -> const Vertex& {
    return surface.vertices()[static_cast<std::size_t>(corners[corner])];
  };
  constexpr std::array<std::size_t, 3> kCorners = {0, 1, 3};
  std::array<Vector3d, 3> p;  // on the screen
  std::array<Vector3d, 3> place;
  for (std::size_t i = 0; i < 3; ++i) {
    const Vector4d local = vertex(kCorners[i]).position.cast<double>().homogeneous();
    const Vector4d c = instance.screen_from_local * local;
    p[i] = {c[0], c[1], c[3]};
    place[i] = instance.place_from_local * local;
  }
  const Eigen::Matrix3d turn =
      Eigen::Map<const Eigen::Matrix<float, 3, 3, Eigen::RowMajor>>(instance.turn.front().data())
          .cast<double>();
  const auto normal_at = [&](std::size_t i) -> Vector3d {
    return (turn * vertex(i).normal.cast<double>()).normalized();
  };
  const std::array<Vector3d, 2> normal = {normal_at(0), normal_at(1)};
  const Vector3d corner = p[1].cross(p[2]);
  const Vector3d s = p[2].cross(p[0]);
  const Vector3d t = p[0].cross(p[1]);
  const double inverse = 1 / p[0].dot(corner);  // of the determinant
  const auto line = [&](const Vector3d& v) {    // const, x, y
    return ToFloats(Vector3d(inverse * v[2], inverse * v[0], inverse * v[1]));
  };
  const Vector3d far = instance.place_from_local * vertex(2).position.cast<double>().homogeneous();
  const std::array<CutView, 2>& cuts = surface.cuts(piece.piece);
  const std::array<std::uint32_t, 2>& sides = surface.sides(piece.piece);
  // Number by number where it stays: to copy what has just been written so would have to wait for it.
  PanelView& panel = panels.emplace_back(cuts);
  panel.w = line(corner + s + t);
  panel.s = line(s);
  panel.t = line(t);
  panel.corner = ToFloats(place[0]);
  panel.columns = ToFloats(place[1] - place[0]);
  panel.rows = ToFloats(place[2] - place[0]);
  panel.normal = ToFloats(normal[0]);
  panel.normal_across = ToFloats(normal[1] - normal[0]);
  panel.far_corner = ToFloats(place[1]);
  panel.far_rows = ToFloats(far - place[1]);
  panel.far_normal = ToFloats(normal[1]);
  panel.sides = {instance.sides + sides[0], instance.sides + sides[1]};
  if (instance.mapping.has_texture()) {
    Matrix3d texture;
    for (std::size_t i = 0; i < 3; ++i) {
      texture.col(static_cast<Eigen::Index>(i)) = instance.mapping.AtCorner(vertex(kCorners[i]));
    }
    for (int k = 0; k < 3; ++k) {
      panel.texture[static_cast<std::size_t>(k)] =
          line(texture(k, 0) * corner + texture(k, 1) * s + texture(k, 2) * t);
    }
  }
  return panel;
}

Eigen::Vector2f SamplePlace(int sample, int count) {
  return PatternOf(count)[static_cast<std::size_t>(sample)].cast<float>();
}

}  // namespace saccade::raycast

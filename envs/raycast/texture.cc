#include "envs/raycast/texture.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/error.h"

namespace saccade::raycast {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

int Wrap(int i, int n) { return ((i % n) + n) % n; }

// The two texels around a coordinate and the weight of the second.
struct Neighbours {
  int first;
  double weight;

  explicit Neighbours(double position)
      : first(static_cast<int>(std::floor(position))), weight(position - first) {}
};

// Signed axes of s, t and the face's normal: OpenGL 4.6, table 8.19.
struct FaceAxes {
  Vector3d s;
  Vector3d t;
  Vector3d normal;
};

const std::array<FaceAxes, 6>& Faces() {
  static const std::array<FaceAxes, 6> faces = {{
      {{0, 0, -1}, {0, -1, 0}, {1, 0, 0}},
      {{0, 0, 1}, {0, -1, 0}, {-1, 0, 0}},
      {{1, 0, 0}, {0, 0, 1}, {0, 1, 0}},
      {{1, 0, 0}, {0, 0, -1}, {0, -1, 0}},
      {{1, 0, 0}, {0, -1, 0}, {0, 0, 1}},
      {{-1, 0, 0}, {0, -1, 0}, {0, 0, -1}},
  }};
  return faces;
}

}  // namespace

int CubeFace(const Vector3d& d) {
  const Vector3d a = d.cwiseAbs();
  if (a.x() >= a.y() && a.x() >= a.z()) return d.x() >= 0 ? 0 : 1;
  if (a.y() >= a.z()) return d.y() >= 0 ? 2 : 3;
  return d.z() >= 0 ? 4 : 5;
}

Vector2d OnCubeFace(int face, const Vector3d& direction) {
  const FaceAxes& axes = Faces()[static_cast<std::size_t>(face)];
  const double depth = direction.dot(axes.normal);
  return {(direction.dot(axes.s) / depth + 1) / 2, (direction.dot(axes.t) / depth + 1) / 2};
}

Texture::Texture(const mjModel& model, int id) {
  const int width = model.tex_width[id];
  const int height = model.tex_height[id];
  const int channels = model.tex_nchannel[id];
  SACCADE_CHECK(channels == 3 || channels == 4);
  if (model.tex_type[id] != mjTEXTURE_2D) {
    faces_ = 6;
    images_ = width == height ? 1 : 6;
  }
  srgb_ = faces_ == 0 && model.tex_colorspace[id] == mjCOLORSPACE_SRGB;
  Level level{width, faces_ == 0 ? height : width, {}};
  level.rgb.resize(std::size_t{3} * level.width * level.height * images_);
  const mjtByte* data = model.tex_data + model.tex_adr[id];
  for (std::size_t i = 0; i < level.rgb.size() / 3; ++i) {
    std::memcpy(level.rgb.data() + 3 * i, data + channels * i, 3);
  }
  levels_.push_back(std::move(level));
  while (levels_.back().width > 1 || levels_.back().height > 1) {
    levels_.push_back(Halve(levels_.back()));
  }
}

Texture::Level Texture::Halve(const Level& from) const {
  Level level{std::max(1, from.width / 2), std::max(1, from.height / 2), {}};
  level.rgb.resize(std::size_t{3} * level.width * level.height * images_);
  std::uint8_t* out = level.rgb.data();
  for (int image = 0; image < images_; ++image) {
    for (int y = 0; y < level.height; ++y) {
      const Neighbours row((y + 0.5) * from.height / level.height - 0.5);
      for (int x = 0; x < level.width; ++x) {
        const Neighbours column((x + 0.5) * from.width / level.width - 0.5);
        const auto at = [&](int dx, int dy) {
          return from.texel(image, std::min(column.first + dx, from.width - 1),
                            std::min(row.first + dy, from.height - 1));
        };
        for (int c = 0; c < 3; ++c) {
          const double top = at(0, 0)[c] + column.weight * (at(1, 0)[c] - at(0, 0)[c]);
          const double bottom = at(0, 1)[c] + column.weight * (at(1, 1)[c] - at(0, 1)[c]);
          *out++ = static_cast<std::uint8_t>(std::lround(top + row.weight * (bottom - top)));
        }
      }
    }
  }
  return level;
}

Vector3d Texture::Value(const std::uint8_t* texel) const {
  Vector3d value(texel[0], texel[1], texel[2]);
  value /= 255;
  if (!srgb_) return value;
  return value.unaryExpr(
      [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); });
}

template <class Bilinear>
Vector3d Texture::Trilinear(double lambda, const Bilinear& bilinear) const {
  const int last = static_cast<int>(levels_.size()) - 1;
  if (!(lambda > 0)) return bilinear(levels_[0]);
  if (lambda >= last) return bilinear(levels_[static_cast<std::size_t>(last)]);
  const auto level = static_cast<std::size_t>(lambda);
  const double f = lambda - static_cast<double>(level);
  return (1 - f) * bilinear(levels_[level]) + f * bilinear(levels_[level + 1]);
}

Vector3d Texture::Bilinear2D(const Level& level, const Vector2d& uv) const {
  // Whole repetitions are taken away first, so that large coordinates keep their fraction.
  const Neighbours x((uv.x() - std::floor(uv.x())) * level.width - 0.5);
  const Neighbours y((uv.y() - std::floor(uv.y())) * level.height - 0.5);
  const auto at = [&](int dx, int dy) {
    return Value(level.texel(0, Wrap(x.first + dx, level.width), Wrap(y.first + dy, level.height)));
  };
  return (1 - y.weight) * ((1 - x.weight) * at(0, 0) + x.weight * at(1, 0)) +
         y.weight * ((1 - x.weight) * at(0, 1) + x.weight * at(1, 1));
}

Vector3d Texture::CubeTexel(const Level& level, int face, int x, int y) const {
  const int n = level.width;
  const bool inside_x = 0 <= x && x < n;
  const bool inside_y = 0 <= y && y < n;
  if (!inside_x && !inside_y) {  // three faces meet: there is no such texel
    x = std::clamp(x, 0, n - 1);
    y = std::clamp(y, 0, n - 1);
  } else if (!inside_x || !inside_y) {
    // The neighbouring face's texel beside it: lengthen what runs along the edge as much as what
    // crosses it, so that it stays where it is when seen from there.
    Vector2d st(2 * (x + 0.5) / n - 1, 2 * (y + 0.5) / n - 1);
    const double beyond = inside_x ? std::abs(st.y()) : std::abs(st.x());
    (inside_x ? st.x() : st.y()) *= beyond;
    const FaceAxes& axes = Faces()[static_cast<std::size_t>(face)];
    const Vector3d direction = axes.normal + st.x() * axes.s + st.y() * axes.t;
    face = CubeFace(direction);
    const Vector2d there = OnCubeFace(face, direction);
    x = std::clamp(static_cast<int>(there.x() * n), 0, n - 1);
    y = std::clamp(static_cast<int>(there.y() * n), 0, n - 1);
  }
  return Value(level.texel(images_ == 1 ? 0 : face, x, y));
}

Vector3d Texture::BilinearCube(const Level& level, int face, const Vector2d& st) const {
  const Neighbours x(st.x() * level.width - 0.5);
  const Neighbours y(st.y() * level.width - 0.5);
  const auto at = [&](int dx, int dy) {
    return CubeTexel(level, face, x.first + dx, y.first + dy);
  };
  return (1 - y.weight) * ((1 - x.weight) * at(0, 0) + x.weight * at(1, 0)) +
         y.weight * ((1 - x.weight) * at(0, 1) + x.weight * at(1, 1));
}

Vector3d Texture::Sample2D(const Vector2d& uv, double lambda) const {
  if (!uv.allFinite()) return Vector3d::Zero();
  return Trilinear(lambda, [&](const Level& level) { return Bilinear2D(level, uv); });
}

Vector3d Texture::SampleCube(const Vector3d& direction, double lambda) const {
  const int face = CubeFace(direction);
  const Vector2d st = OnCubeFace(face, direction);
  if (!st.allFinite()) return Vector3d::Zero();
  return Trilinear(lambda, [&](const Level& level) { return BilinearCube(level, face, st); });
}

}  // namespace saccade::raycast

#include "envs/raycast/texture.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade::raycast {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;
using Eigen::Vector3i;

int Wrap(int i, int n) { return ((i % n) + n) % n; }

// The two texels around a place (texel i is at i + ½), and the weight of the second, of 256.
struct Neighbours {
  int first;
  int weight;

  explicit Neighbours(double place) {
    const int position = static_cast<int>(std::floor(256 * place + 0.5)) - 128;
    first = position >> 8;
    weight = position & 255;
  }
};

// From a to b, rounded.
int Mixed(int a, int b, int weight) { return a + ((weight * (b - a) + 128) >> 8); }
Vector3i Mixed(const Vector3i& a, const Vector3i& b, int weight) {
  return a.binaryExpr(b, [=](int x, int y) { return Mixed(x, y, weight); });
}

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

std::uint64_t NextSerial() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
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

Vector2d StepOnCubeFace(int face, const Vector3d& direction, const Vector3d& change) {
  const FaceAxes& axes = Faces()[static_cast<std::size_t>(face)];
  const double depth = direction.dot(axes.normal);
  const auto step = [&](const Vector3d& axis) {
    return (change.dot(axis) - direction.dot(axis) / depth * change.dot(axes.normal)) / depth / 2;
  };
  return {step(axes.s), step(axes.t)};
}

double LevelOf(double square) {
  int exponent = 0;
  const double mantissa = 2 * std::frexp(square, &exponent);
  return 0.5 * (exponent - 1 + mantissa - 1);
}

const std::uint8_t* Texture::Images::Repeated(int x, int y) const {
  return texel(0, Wrap(x, width), Wrap(y, height));
}

const std::uint8_t* Texture::Images::OnCube(int face, int x, int y) const {
  const int n = width;
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
  return texel(count == 1 ? 0 : face, x, y);
}

Texture::Texture(const mjModel& model, int id)
    : Texture(model, id, model.tex_data + model.tex_adr[id], model.tex_height[id],
              model.tex_width[id], model.tex_nchannel[id]) {}

Texture::Texture(const mjModel& model, int id, const ImageView& image)
    : Texture(model, id, image.data, image.height, image.width, image.channels) {}

Texture::Texture(const mjModel& model, int id, const std::uint8_t* data, int height, int width,
                 int channels)
    : serial_(NextSerial()),
      is_cube_(model.tex_type[id] != mjTEXTURE_2D),
      srgb_(!is_cube_ && model.tex_colorspace[id] == mjCOLORSPACE_SRGB) {
  SACCADE_CHECK(channels == 3 || channels == 4);
  Images images{width, is_cube_ ? width : height, is_cube_ && width != height ? 6 : 1, {}};
  images.rgb.resize(std::size_t{3} * images.width * images.height * images.count);
  for (std::size_t i = 0; i < images.rgb.size() / 3; ++i) {
    std::memcpy(images.rgb.data() + 3 * i, data + channels * i, 3);
  }
  AddLevel(images);
  while (images.width > 1 || images.height > 1) {
    images = Halve(images);
    AddLevel(images);
  }
  texels_.insert(texels_.end(), {0, 0, 0, 255, 0, 0, 0, 255});
}

Texture::Images Texture::Halve(const Images& from) {
  Images half{std::max(1, from.width / 2), std::max(1, from.height / 2), from.count, {}};
  half.rgb.resize(std::size_t{3} * half.width * half.height * half.count);
  std::uint8_t* out = half.rgb.data();
  for (int image = 0; image < half.count; ++image) {
    for (int y = 0; y < half.height; ++y) {
      const Neighbours row((y + 0.5) * from.height / half.height);
      for (int x = 0; x < half.width; ++x) {
        const Neighbours column((x + 0.5) * from.width / half.width);
        const auto at = [&](int dx, int dy) {
          return from.texel(image, std::min(column.first + dx, from.width - 1),
                            std::min(row.first + dy, from.height - 1));
        };
        for (int c = 0; c < 3; ++c) {
          *out++ = static_cast<std::uint8_t>(Mixed(Mixed(at(0, 0)[c], at(1, 0)[c], column.weight),
                                                   Mixed(at(0, 1)[c], at(1, 1)[c], column.weight),
                                                   row.weight));
        }
      }
    }
  }
  return half;
}

void Texture::AddLevel(const Images& images) {
  constexpr int kLongest = 1 << 22;  // 256ths of texels are counted in 32 bits
  if (std::max(images.width, images.height) > kLongest) {
    throw InputError(
        fmt::format("a texture of {} × {} pixels is too long for raycast, which has room for {} a "
                    "side; make it shorter, or draw with gl",
                    images.height, images.width, kLongest));
  }
  const int faces = is_cube_ ? 6 : 1;
  const double size = 4.0 * (images.width + 2) * (images.height + 2) * faces;
  if (static_cast<double>(texels_.size()) + size > std::numeric_limits<std::int32_t>::max()) {
    throw InputError(
        fmt::format("a texture of {} images of {} × {} pixels is too large for raycast: it needs "
                    "more than 2 GiB; make it smaller, or draw with gl",
                    faces, images.height, images.width));
  }
  Level level{images.width, images.height, 4 * (images.width + 2), 0, 0};
  level.face_bytes = level.row_bytes * (images.height + 2);
  level.origin = static_cast<int>(texels_.size()) + level.row_bytes + 4;
  texels_.reserve(texels_.size() + static_cast<std::size_t>(faces) * level.face_bytes);
  for (int face = 0; face < faces; ++face) {
    for (int y = -1; y <= images.height; ++y) {
      for (int x = -1; x <= images.width; ++x) {
        const std::uint8_t* rgb = is_cube_ ? images.OnCube(face, x, y) : images.Repeated(x, y);
        texels_.insert(texels_.end(), {rgb[0], rgb[1], rgb[2], 255});
      }
    }
  }
  levels_.push_back(level);
}

const std::uint8_t* Texture::Texel(const Level& level, int face, int x, int y) const {
  return texels_.data() + level.origin + face * level.face_bytes + y * level.row_bytes + 4 * x;
}

Vector3d Texture::Value(const Level& level, int face, int x, int y) const {
  const std::uint8_t* rgb = Texel(level, face, x, y);
  const Vector3d value = Vector3d(rgb[0], rgb[1], rgb[2]) / 255;
  if (!srgb_) return value;
  return value.unaryExpr(
      [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); });
}

Vector3d Texture::Sample(int face, const Vector2d& st, double lambda) const {
  const int last = static_cast<int>(levels_.size()) - 1;
  // A λ that is no number counts as 0.
  const double level = lambda > 0 ? std::min<double>(lambda, last) : 0;
  const auto first = static_cast<std::size_t>(level);
  const auto second = std::min(first + 1, levels_.size() - 1);
  const double fraction = level - static_cast<double>(first);
  if (is_cube_ || srgb_) {
    return (1 - fraction) * Between(levels_[first], face, st) +
           fraction * Between(levels_[second], face, st);
  }
  const Vector3i colour =
      Mixed(RoundedBetween(levels_[first], st), RoundedBetween(levels_[second], st),
            static_cast<int>(256 * fraction));
  return colour.cast<double>() / 255;
}

Vector3d Texture::Between(const Level& level, int face, const Vector2d& st) const {
  const Vector2d place(st.x() * level.width - 0.5, st.y() * level.height - 0.5);
  const Vector2d whole = place.array().floor();
  const Vector2d weight = place - whole;
  const auto at = [&](int dx, int dy) {
    return Value(level, face, static_cast<int>(whole.x()) + dx, static_cast<int>(whole.y()) + dy);
  };
  return (1 - weight.y()) * ((1 - weight.x()) * at(0, 0) + weight.x() * at(1, 0)) +
         weight.y() * ((1 - weight.x()) * at(0, 1) + weight.x() * at(1, 1));
}

Vector3i Texture::RoundedBetween(const Level& level, const Vector2d& st) const {
  const Neighbours x(st.x() * level.width);
  const Neighbours y(st.y() * level.height);
  const auto at = [&](int dx, int dy) -> Vector3i {
    const std::uint8_t* rgb = Texel(level, 0, x.first + dx, y.first + dy);
    return {rgb[0], rgb[1], rgb[2]};
  };
  return Mixed(Mixed(at(0, 0), at(1, 0), x.weight), Mixed(at(0, 1), at(1, 1), x.weight), y.weight);
}

Vector3d Texture::Sample2D(const Vector2d& uv, double lambda) const {
  if (!uv.allFinite()) return Vector3d::Zero();
  // Whole repetitions are taken away first, so that large coordinates keep their fraction.
  return Sample(0, uv.array() - uv.array().floor(), lambda);
}

Vector3d Texture::SampleCube(const Vector3d& direction, double lambda) const {
  const int face = CubeFace(direction);
  const Vector2d st = OnCubeFace(face, direction);
  if (!st.allFinite()) return Vector3d::Zero();
  return Sample(face, st, lambda);
}

}  // namespace saccade::raycast

#include "envs/raycast/samples.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace saccade::raycast {
namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

// Of a number in [0, 1]; beyond, the nearer end; 0 of what is no number.
std::uint8_t ToByte(double value) {
  if (!(value > 0)) return 0;
  return static_cast<std::uint8_t>(std::floor(std::min(value, 1.0) * 255 + 0.5));
}

}  // namespace

std::span<const Vector2d> PatternOf(int count) {
  static const std::array<Vector2d, 1> one = {Vector2d{.5, .5}};
  static const std::array<Vector2d, 4> four = {Vector2d{.375, .125}, Vector2d{.875, .375},
                                               Vector2d{.125, .625}, Vector2d{.625, .875}};
  SACCADE_CHECK(count == 1 || count == 4);
  if (count == 1) return one;
  return four;
}

SampleBuffer::SampleBuffer(int height, int width, int samples_per_pixel)
    : height_(height),
      width_(width),
      pattern_(PatternOf(samples_per_pixel)),
      samples_(pattern_.size() * static_cast<std::size_t>(height) * width) {}

void SampleBuffer::Resolve(ImageView out) const {
  const int count = static_cast<int>(pattern_.size());
  const Sample* sample = samples_.data();
  for (int y = height_ - 1; y >= 0; --y) {
    std::uint8_t* pixel = out.row(y);
    for (int x = 0; x < width_; ++x) {
      std::array<int, 3> sum = {};
      for (int s = 0; s < count; ++s, ++sample) {
        for (std::size_t c = 0; c < 3; ++c) sum[c] += sample->colour[c];
      }
      std::array<std::uint8_t, 3> rgb;
      for (std::size_t c = 0; c < 3; ++c) {
        rgb[c] = static_cast<std::uint8_t>((sum[c] + count / 2) / count);
      }
      if (out.channels == 1) {
        *pixel++ = Luma(rgb[0], rgb[1], rgb[2]);
      } else {
        pixel = std::copy(rgb.begin(), rgb.end(), pixel);
      }
    }
  }
}

namespace {

// In 8 bits, of which a half goes down. Interpolated beyond a triangle alpha may be anything.
int OpacityOf(double alpha) {
  const auto clamped = static_cast<float>(alpha > 0 ? std::min(alpha, 1.0) : 0.0);
  return static_cast<int>(std::ceil(255.0F * clamped - 0.5F));
}

// a b / 255, rounded (but down from what is a little more than a half).
int Share(int a, int b) { return (a * b + (a * b >> 8) + 128) >> 8; }

}  // namespace

void Write(const Vector3d& colour, double alpha, Blend blend, SampleBuffer::Sample& out) {
  const int opacity = OpacityOf(alpha);
  for (std::size_t c = 0; c < 3; ++c) {
    const std::uint8_t byte = ToByte(colour[static_cast<Eigen::Index>(c)]);
    std::uint8_t& old = out.colour[c];
    switch (blend) {
      case Blend::kReplace:
        old = byte;
        break;
      case Blend::kAdd:
        old = static_cast<std::uint8_t>(std::min(255, old + byte));
        break;
      case Blend::kAlpha:
        old = static_cast<std::uint8_t>(Share(byte, opacity) + Share(old, 255 - opacity));
        break;
    }
  }
}

}  // namespace saccade::raycast

#include "core/media/geometry_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "core/base/error.h"

namespace saccade {
namespace {

using Rgb = std::array<std::uint8_t, 3>;

// Of hue `hue` (1 is once around) in HSV, `value` bright at its brightest, a little pale.
Rgb Full(double hue, double value) {
  Rgb rgb;
  for (int c = 0; c < 3; ++c) {
    const double turn = hue + c / 3.;
    const double share = std::clamp(std::abs(6 * (turn - std::floor(turn)) - 3) - 1, 0., 1.);
    rgb[static_cast<std::size_t>(c)] =
        static_cast<std::uint8_t>(std::lround(255 * value * (.15 + .85 * share)));
  }
  return rgb;
}

// Neighbours in the numbering are far from each other in hue, by the golden section; three steps of
// brightness tell types apart.
Rgb ColourOf(int id, int type) {
  if (id < 0) return {0, 0, 0};
  constexpr double kGolden = 0.6180339887498949;
  return Full(kGolden * id + 0.1 * type, 1 - 0.2 * (type % 3));
}

}  // namespace

float NearestOf(std::span<const float> depth) {
  SACCADE_CHECK(!depth.empty());
  return *std::min_element(depth.begin(), depth.end());
}

void DrawDepth(std::span<const float> depth, float nearest, ImageView out) {
  SACCADE_CHECK(out.channels == 3 && out.size() == 3 * depth.size());
  for (std::size_t i = 0; i < depth.size(); ++i) {
    const float share = depth[i] > nearest ? nearest / depth[i] : 1;
    std::fill_n(out.data + 3 * i, 3, static_cast<std::uint8_t>(std::lround(255 * share)));
  }
}

void DrawSegmentation(std::span<const std::int32_t> segmentation, ImageView out) {
  SACCADE_CHECK(out.channels == 3 && 2 * out.size() == 3 * segmentation.size());
  for (std::size_t i = 0; i < segmentation.size() / 2; ++i) {
    const Rgb rgb = ColourOf(segmentation[2 * i], segmentation[2 * i + 1]);
    std::copy(rgb.begin(), rgb.end(), out.data + 3 * i);
  }
}

}  // namespace saccade

#include "envs/raycast/round_shape.h"

#include <cmath>
#include <numbers>

namespace saccade::raycast {

RoundShapes::RoundShapes(int slices, int stacks)
    : apothem_(static_cast<float>(std::cos(std::numbers::pi / slices))) {
  const auto add = [&](double slice, std::array<std::vector<float>, 2>& directions) {
    const double azimuth = 2 * std::numbers::pi * slice / slices;
    directions[0].push_back(static_cast<float>(std::cos(azimuth)));
    directions[1].push_back(static_cast<float>(std::sin(azimuth)));
  };
  for (int i = 0; i < slices; ++i) {
    add(i, edges_);
    add(i + 0.5, middles_);
  }
  add(0, edges_);
  const int half = stacks / 2;
  const auto elevation = [&](int i) { return std::numbers::pi / 2 * i / half; };
  const double apothem = std::cos(std::numbers::pi / slices);
  for (int i = -half; i < half; ++i) {
    const double r0 = std::cos(elevation(i)) * apothem;
    const double r1 = std::cos(elevation(i + 1)) * apothem;
    const double z0 = std::sin(elevation(i));
    const double z1 = std::sin(elevation(i + 1));
    const double length = std::hypot(z1 - z0, r1 - r0);
    const double out = (z1 - z0) / length;
    const double up = (r0 - r1) / length;
    const std::array<double, kRingNumbers> ring = {z0, z1, out, up, out * r0 + up * z0};
    for (std::size_t k = 0; k < kRingNumbers; ++k) {
      rings_[k].push_back(static_cast<float>(ring[k]));
    }
  }
}

}  // namespace saccade::raycast

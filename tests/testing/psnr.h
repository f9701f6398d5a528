// How near two pictures are.

#ifndef SACCADE_TESTS_TESTING_PSNR_H_
#define SACCADE_TESTS_TESTING_PSNR_H_

#include <algorithm>
#include <cmath>

#include "core/base/image.h"

namespace saccade::testing_tools {

// Peak signal-to-noise ratio in decibels: 10 log10(255² / mean squared difference).
inline double Psnr(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.data().size(); ++i) {
    const double difference = static_cast<double>(a.data()[i]) - b.data()[i];
    sum += difference * difference;
  }
  return 10 * std::log10(255 * 255 / std::max(sum / static_cast<double>(a.data().size()), 1e-6));
}

}  // namespace saccade::testing_tools

#endif  // SACCADE_TESTS_TESTING_PSNR_H_

// Keeps a standard deviation or a variance within [1e-100, 1e100].
//
// A step size grows for ever on a fitness without a maximum and shrinks for ever at one; squares
// and products of what is left must stay finite numbers, and positive ones.

#ifndef SACCADE_ES_SCALE_H_
#define SACCADE_ES_SCALE_H_

#include <algorithm>

#include <Eigen/Core>

namespace saccade::es {

inline constexpr double kSmallestScale = 1e-100;
inline constexpr double kLargestScale = 1e100;

inline double BoundedScale(double value) {
  return std::clamp(value, kSmallestScale, kLargestScale);
}

inline Eigen::VectorXd BoundedScale(const Eigen::VectorXd& values) {
  return values.array().max(kSmallestScale).min(kLargestScale);
}

}  // namespace saccade::es

#endif  // SACCADE_ES_SCALE_H_

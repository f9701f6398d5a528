// Small vector arithmetic with the rounding of Python's reference.
//
// NumPy's norm and dot call BLAS, which fuses multiply and add; to reproduce its last bit the chain
// is written out with std::fma, left to right.

#ifndef SACCADE_ENVS_MUJOCO_VECTOR_H_
#define SACCADE_ENVS_MUJOCO_VECTOR_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace saccade {

inline double Norm(std::span<const double> x) {
  double sum = x[0] * x[0];
  for (const double value : x.subspan(1)) sum = std::fma(value, value, sum);
  return std::sqrt(sum);
}

using Vector2 = std::array<double, 2>;

// |a - b|.
template <std::size_t kSize>
double Distance(const double* a, const double* b) {
  std::array<double, kSize> difference;
  for (std::size_t i = 0; i < kSize; ++i) difference[i] = a[i] - b[i];
  return Norm(difference);
}

// Column k of w · X for a row vector w (3) and a row-major matrix X (3 × 3).
inline double RowTimesColumn(const double* w, const double* matrix, int k) {
  return std::fma(w[2], matrix[6 + k], std::fma(w[1], matrix[3 + k], w[0] * matrix[k]));
}

// Entries of a row-major 3 × 3 matrix by the names that the Control Suite uses.
inline double Xx(const double* matrix) { return matrix[0]; }
inline double Xz(const double* matrix) { return matrix[2]; }
inline double Zz(const double* matrix) { return matrix[8]; }

inline std::span<const double> Values(const double* first, int count) {
  return {first, static_cast<std::size_t>(count)};
}

// Appends to a state vector that somebody else owns.
class Output {
 public:
  explicit Output(std::span<double> out) : next_(out.data()) {}
  Output& operator<<(double value) {
    *next_++ = value;
    return *this;
  }
  Output& operator<<(std::span<const double> values) {
    next_ = std::ranges::copy(values, next_).out;
    return *this;
  }

 private:
  double* next_;
};

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_VECTOR_H_

// How close a value is to an interval, as a number in [0, 1].
//
//   T(x; [lower, upper], margin, v)  =  1                       inside the bounds
//                                       0                       outside, when margin = 0
//                                       sigmoid(d / margin; v)  at distance d outside
//
// where the sigmoid falls from 1 at d = 0 to v at d = margin:
//
//   gaussian      exp(-½ (x s)²)        s = √(-2 ln v)
//   hyperbolic    1 / cosh(x s)         s = acosh(1 / v)
//   long_tail     1 / ((x s)² + 1)      s = √(1 / v - 1)
//   reciprocal    1 / (|x| s + 1)       s = 1 / v - 1
//   cosine        (1 + cos(π x s)) / 2  s = acos(2 v - 1) / π    0 where |x s| >= 1
//   linear        1 - x s               s = 1 - v                0 where |x s| >= 1
//   quadratic     1 - (x s)²            s = √(1 - v)             0 where |x s| >= 1
//   tanh_squared  1 - tanh²(x s)        s = atanh √(1 - v)
//
// 0 < v < 1, and v = 0 is allowed for cosine, linear and quadratic.
// Reference: dm_control 1.0.50, utils/rewards.py.

#ifndef SACCADE_ENVS_MUJOCO_TOLERANCE_H_
#define SACCADE_ENVS_MUJOCO_TOLERANCE_H_

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace saccade {

enum class Sigmoid {
  kGaussian,
  kHyperbolic,
  kLongTail,
  kReciprocal,
  kCosine,
  kLinear,
  kQuadratic,
  kTanhSquared,
};

std::vector<std::string> SigmoidNames();  // "gaussian", …
std::optional<Sigmoid> SigmoidFromName(const std::string& name);

// s in the table above.
double SigmoidScale(Sigmoid sigmoid, double value_at_1);

// A sigmoid of the table as a function of the product x s.
double SigmoidOfScaled(Sigmoid sigmoid, double scaled);

struct Tolerance {
  double lower = 0;
  double upper = 0;
  double margin = 0;
  Sigmoid sigmoid = Sigmoid::kGaussian;
  double value_at_margin = 0.1;

  double operator()(double x) const;
};

// The same function with s calculated once, for tasks so small that a logarithm shows.
class PreparedTolerance {
 public:
  explicit PreparedTolerance(const Tolerance& tolerance)
      : tolerance_(tolerance), scale_(SigmoidScale(tolerance.sigmoid, tolerance.value_at_margin)) {}

  double operator()(double x) const {
    const auto& [lower, upper, margin, sigmoid, value_at_margin] = tolerance_;
    if (lower <= x && x <= upper) return 1;
    if (margin == 0) return 0;
    return SigmoidOfScaled(sigmoid, (x < lower ? lower - x : x - upper) / margin * scale_);
  }

 private:
  Tolerance tolerance_;
  double scale_;
};

inline double Tolerance::operator()(double x) const { return PreparedTolerance(*this)(x); }

inline constexpr double kUnbounded = std::numeric_limits<double>::infinity();

// Mean over all controls of T(u; margin 1, v 0, quadratic).
double MeanSmallControl(const double* ctrl, int count);

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_TOLERANCE_H_

// A term of a reward: one weighted number made of a quantity q = (q₁, …, qₙ).
//
//   combine: sum      r = w Σ f(qᵢ)
//   combine: mean     r = w / n Σ f(qᵢ)
//   combine: norm     r = w f(√(Σ qᵢ²))
//
//   shape: linear     f(x) = x
//   shape: square     f(x) = x²
//   shape: abs        f(x) = |x|
//   shape: tolerance  f(x) = T(x; [lower, upper], margin, …)     envs/mujoco/tolerance.h
//
// A control cost is ctrl with shape square and a negative weight, an alive bonus is a constant.
// Const and thread-safe; allocates nothing.

#ifndef SACCADE_ENVS_MJCF_REWARD_H_
#define SACCADE_ENVS_MJCF_REWARD_H_

#include <string>

#include "envs/mjcf/quantity.h"
#include "envs/mujoco/tolerance.h"

namespace saccade::mjcf {

struct TermOptions {
  std::string name = {};
  QuantityOptions quantity = {};
  double weight = 1;
  std::string combine = "sum";
  std::string shape = "linear";
  double lower = 0;
  double upper = 0;
  double margin = 0;
  std::string sigmoid = "gaussian";
  double value_at_margin = 0.1;

  void Visit(config::Visitor& v);
};

class Term {
 public:
  Term(const mjModel& model, const TermOptions& options, config::Diagnostics& diagnostics);

  double operator()(const mjModel& m, const mjData& d) const;

 private:
  enum class Combine { kSum, kMean, kNorm };
  enum class Shape { kLinear, kSquare, kAbs, kTolerance };

  double Shaped(double x) const;

  Quantity quantity_;
  double weight_;
  Combine combine_;
  Shape shape_;
  Tolerance tolerance_;
};

}  // namespace saccade::mjcf

#endif  // SACCADE_ENVS_MJCF_REWARD_H_

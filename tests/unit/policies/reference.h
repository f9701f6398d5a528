// What the layers must compute, written once more in double precision with plain loops, together
// with a bound on how far single precision may be away.
//
// Forward error analysis: with unit roundoff u = 2⁻²⁴, a sum of n products (in any order) of inputs
// that are themselves off by e differs from the exact one by at most
//   Σ |w| e + γ (Σ |w| |x| + |b|),   γ = (n + 2) u (1 + small).
// An activation with |φ'| <= L adds its own error to L times that of its argument.

#ifndef SACCADE_TESTS_UNIT_POLICIES_REFERENCE_H_
#define SACCADE_TESTS_UNIT_POLICIES_REFERENCE_H_

#include <cmath>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/api/policy.h"

namespace saccade::reference {

inline constexpr double kUnit = 0x1p-24;

// A number and how far the code under test may be from it.
struct Value {
  double value = 0;
  double error = 0;
};

using Vector = std::vector<Value>;

inline const ParamBlock& Block(const ParamLayout& layout, const std::string& name) {
  for (const ParamBlock& block : layout.blocks()) {
    if (block.name == name) return block;
  }
  ADD_FAILURE() << "no block " << name << " in " << layout.ToString();
  return layout.blocks().front();
}

// W x + b from the blocks NAME/weight (column-major) and, if `bias`, NAME/bias.
inline Vector Dense(const ParamLayout& layout, const std::string& name,
                    std::span<const float> weights, const Vector& x, bool bias = true) {
  const ParamBlock& w = Block(layout, name + "/weight");
  EXPECT_EQ(w.cols, static_cast<int>(x.size()));
  Vector y(w.rows);
  for (int row = 0; row < w.rows; ++row) {
    double sum = bias ? weights[Block(layout, name + "/bias").offset + row] : 0.0;
    double magnitude = std::abs(sum);
    double inherited = 0;
    for (int col = 0; col < w.cols; ++col) {
      const double weight = weights[w.offset + col * w.rows + row];
      sum += weight * x[col].value;
      magnitude += std::abs(weight * x[col].value);
      inherited += std::abs(weight) * x[col].error;
    }
    y[row] = {sum, inherited + 1.01 * (w.cols + 2) * kUnit * (magnitude + inherited)};
  }
  return y;
}

inline Vector Map(const Vector& x, const std::function<double(double)>& function, double lipschitz,
                  double own_error) {
  Vector y;
  for (const Value& v : x) {
    y.push_back({function(v.value), lipschitz * v.error + own_error});
  }
  return y;
}

// How far tanh in single precision may be from the true one, whose values are below 1: Eigen's
// rational approximation is within a few units in the last place; 8 u is four of them.
inline constexpr double kTanhError = 8 * kUnit;

inline Vector Tanh(const Vector& x) {
  return Map(
      x, [](double v) { return std::tanh(v); }, 1, kTanhError);
}

inline Vector FromFloats(std::span<const float> x) {
  Vector y;
  for (const float v : x) y.push_back({v, 0});
  return y;
}

inline void ExpectNear(std::span<const float> actual, const Vector& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    EXPECT_NEAR(actual[i], expected[i].value, expected[i].error) << "element " << i;
    // A bound that allows everything would prove nothing.
    EXPECT_LT(expected[i].error, 1e-3 * (1 + std::abs(expected[i].value))) << "element " << i;
  }
}

// N(0, deviation²) weights or observations; another `index` gives others.
inline std::vector<float> Normals(int count, std::uint32_t index, double deviation = 1) {
  RandomStream random(1, Stream::kTest, 0, index);
  std::vector<float> out(count);
  for (float& v : out) v = static_cast<float>(deviation * random.Normal());
  return out;
}

inline std::vector<float> Act(PolicyRunner& runner, const Observation& observation, int actions) {
  std::vector<float> action(actions);
  runner.Act(observation, action);
  return action;
}

}  // namespace saccade::reference

#endif  // SACCADE_TESTS_UNIT_POLICIES_REFERENCE_H_

#include "envs/mujoco/tolerance.h"

#include <cmath>
#include <numbers>
#include <utility>

namespace saccade {
namespace {

constexpr std::pair<Sigmoid, const char*> kNames[] = {
    {Sigmoid::kGaussian, "gaussian"},   {Sigmoid::kHyperbolic, "hyperbolic"},
    {Sigmoid::kLongTail, "long_tail"},  {Sigmoid::kReciprocal, "reciprocal"},
    {Sigmoid::kCosine, "cosine"},       {Sigmoid::kLinear, "linear"},
    {Sigmoid::kQuadratic, "quadratic"}, {Sigmoid::kTanhSquared, "tanh_squared"},
};

}  // namespace

std::vector<std::string> SigmoidNames() {
  std::vector<std::string> names;
  for (const auto& [sigmoid, name] : kNames) names.emplace_back(name);
  return names;
}

std::optional<Sigmoid> SigmoidFromName(const std::string& wanted) {
  for (const auto& [sigmoid, name] : kNames) {
    if (wanted == name) return sigmoid;
  }
  return std::nullopt;
}

double SigmoidScale(Sigmoid sigmoid, double v) {
  switch (sigmoid) {
    case Sigmoid::kGaussian:
      return std::sqrt(-2 * std::log(v));
    case Sigmoid::kHyperbolic:
      return std::acosh(1 / v);
    case Sigmoid::kLongTail:
      return std::sqrt(1 / v - 1);
    case Sigmoid::kReciprocal:
      return 1 / v - 1;
    case Sigmoid::kCosine:
      return std::acos(2 * v - 1) / std::numbers::pi;
    case Sigmoid::kLinear:
      return 1 - v;
    case Sigmoid::kQuadratic:
      return std::sqrt(1 - v);
    case Sigmoid::kTanhSquared:
      return std::atanh(std::sqrt(1 - v));
  }
  return 0;
}

double SigmoidOfScaled(Sigmoid sigmoid, double scaled) {
  switch (sigmoid) {
    case Sigmoid::kGaussian:
      return std::exp(-0.5 * (scaled * scaled));
    case Sigmoid::kHyperbolic:
      return 1 / std::cosh(scaled);
    case Sigmoid::kLongTail:
      return 1 / (scaled * scaled + 1);
    case Sigmoid::kReciprocal:
      return 1 / (std::abs(scaled) + 1);
    case Sigmoid::kCosine:
      return std::abs(scaled) < 1 ? (1 + std::cos(std::numbers::pi * scaled)) / 2 : 0;
    case Sigmoid::kLinear:
      return std::abs(scaled) < 1 ? 1 - scaled : 0;
    case Sigmoid::kQuadratic:
      return std::abs(scaled) < 1 ? 1 - scaled * scaled : 0;
    case Sigmoid::kTanhSquared: {
      const double t = std::tanh(scaled);
      return 1 - t * t;
    }
  }
  return 0;
}

double MeanSmallControl(const double* ctrl, int count) {
  constexpr Tolerance kSmall{.margin = 1, .sigmoid = Sigmoid::kQuadratic, .value_at_margin = 0};
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += kSmall(ctrl[i]);
  return sum / count;
}

}  // namespace saccade

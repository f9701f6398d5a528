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

double Evaluate(Sigmoid sigmoid, double x, double v) {
  switch (sigmoid) {
    case Sigmoid::kGaussian: {
      const double scaled = x * std::sqrt(-2 * std::log(v));
      return std::exp(-0.5 * (scaled * scaled));
    }
    case Sigmoid::kHyperbolic:
      return 1 / std::cosh(x * std::acosh(1 / v));
    case Sigmoid::kLongTail: {
      const double scaled = x * std::sqrt(1 / v - 1);
      return 1 / (scaled * scaled + 1);
    }
    case Sigmoid::kReciprocal:
      return 1 / (std::abs(x) * (1 / v - 1) + 1);
    case Sigmoid::kCosine: {
      const double scaled = x * (std::acos(2 * v - 1) / std::numbers::pi);
      return std::abs(scaled) < 1 ? (1 + std::cos(std::numbers::pi * scaled)) / 2 : 0;
    }
    case Sigmoid::kLinear: {
      const double scaled = x * (1 - v);
      return std::abs(scaled) < 1 ? 1 - scaled : 0;
    }
    case Sigmoid::kQuadratic: {
      const double scaled = x * std::sqrt(1 - v);
      return std::abs(scaled) < 1 ? 1 - scaled * scaled : 0;
    }
    case Sigmoid::kTanhSquared: {
      const double t = std::tanh(x * std::atanh(std::sqrt(1 - v)));
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

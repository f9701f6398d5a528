#include "envs/mjcf/reward.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade::mjcf {
namespace {

// In the order of Term::Combine and Term::Shape.
const std::vector<std::string> kCombines = {"sum", "mean", "norm"};
const std::vector<std::string> kShapes = {"linear", "square", "abs", "tolerance"};

int IndexOf(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  SACCADE_CHECK(found != names.end());
  return static_cast<int>(found - names.begin());
}

// What only tolerance() uses, left as it is.
bool IsPlain(const TermOptions& options) {
  const TermOptions plain;
  return options.lower == plain.lower && options.upper == plain.upper &&
         options.margin == plain.margin && options.sigmoid == plain.sigmoid &&
         options.value_at_margin == plain.value_at_margin;
}

bool ReachesZero(const std::string& sigmoid) {
  return sigmoid == "cosine" || sigmoid == "linear" || sigmoid == "quadratic";
}

}  // namespace

void TermOptions::Visit(config::Visitor& v) {
  using config::Rule;
  v.Field("name", name, "what the term is called; empty for the quantity and its names", {});
  quantity.Visit(v);
  v.Field("weight", weight, "what the shaped quantity is multiplied by", Rule());
  v.Field("combine", combine,
          "what becomes of several numbers: the sum or mean of their shapes, or the shape of their "
          "Euclidean norm",
          Rule::OneOf(kCombines));
  v.Field("shape", shape, "the function of each number", Rule::OneOf(kShapes));
  v.Field("lower", lower, "tolerance: 1 from here, in the unit of the quantity", Rule::Any());
  v.Field("upper", upper, "tolerance: 1 up to here", Rule::Any());
  v.Field("margin", margin, "tolerance: distance from the bounds at which value_at_margin is left",
          Rule::AtLeast(0));
  v.Field("sigmoid", sigmoid, "tolerance: how it falls outside of the bounds",
          Rule::OneOf(SigmoidNames()));
  v.Field("value_at_margin", value_at_margin, "tolerance: what is left at the margin",
          Rule::HalfOpen(0, 1));
  v.Require(shape == "tolerance" || IsPlain(*this), "shape",
            "lower, upper, margin, sigmoid and value_at_margin mean something to the shape "
            "tolerance only; write shape: tolerance, or leave them out");
  v.Require(lower <= upper, "upper",
            fmt::format("{} is below lower, which is {}; swap them", upper, lower));
  v.Require(value_at_margin > 0 || ReachesZero(sigmoid), "value_at_margin",
            fmt::format("{} must be > 0 for the sigmoid {}: only cosine, linear and quadratic "
                        "reach 0",
                        value_at_margin, sigmoid));
}

Term::Term(const mjModel& model, const TermOptions& options, config::Diagnostics& diagnostics)
    : quantity_(model, options.quantity, diagnostics),
      weight_(options.weight),
      combine_(static_cast<Combine>(IndexOf(kCombines, options.combine))),
      shape_(static_cast<Shape>(IndexOf(kShapes, options.shape))),
      tolerance_{.lower = options.lower,
                 .upper = options.upper,
                 .margin = options.margin,
                 .sigmoid = SigmoidFromName(options.sigmoid).value(),
                 .value_at_margin = options.value_at_margin} {}

double Term::Shaped(double x) const {
  switch (shape_) {
    case Shape::kLinear:
      return x;
    case Shape::kSquare:
      return x * x;
    case Shape::kAbs:
      return std::abs(x);
    case Shape::kTolerance:
      return tolerance_(x);
  }
  return 0;
}

double Term::operator()(const mjModel& m, const mjData& d) const {
  double sum = 0;
  if (combine_ == Combine::kNorm) {
    for (int i = 0; i < quantity_.size(); ++i) {
      const double x = quantity_.at(i, m, d);
      sum += x * x;
    }
    return weight_ * Shaped(std::sqrt(sum));
  }
  for (int i = 0; i < quantity_.size(); ++i) sum += Shaped(quantity_.at(i, m, d));
  return weight_ * (combine_ == Combine::kMean ? sum / quantity_.size() : sum);
}

}  // namespace saccade::mjcf

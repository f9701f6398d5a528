#include "core/runtime/action_map.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {
namespace {

// Comparisons in the form of the processor's maximum and minimum, which do not branch (half of a
// young policy's actions saturate, at random) and let NaN in the second place through.
double Clip(double a, double low, double high) {
  const double at_least_low = low > a ? low : a;
  return high < at_least_low ? high : at_least_low;
}

}  // namespace

ActionMap::ActionMap(const std::string& kind, const EnvSpec& spec)
    : kind_(kind == "tanh"   ? Kind::kTanh
            : kind == "clip" ? Kind::kClip
                             : Kind::kNone),
      low_(spec.action_low),
      high_(spec.action_high) {
  for (std::size_t i = 0; kind_ == Kind::kTanh && i < low_.size(); ++i) {
    if (std::isfinite(low_[i]) && std::isfinite(high_[i])) continue;
    throw InputError(fmt::format(
        "tanh needs bounds, but action {} of {} is unbounded; use clip or none", i, spec.name));
  }
}

void ActionMap::Apply(std::span<const float> raw, std::span<double> action) const {
  const std::size_t n = action.size();
  switch (kind_) {
    case Kind::kClip:
      for (std::size_t i = 0; i < n; ++i) action[i] = Clip(raw[i], low_[i], high_[i]);
      break;
    case Kind::kTanh:
      for (std::size_t i = 0; i < n; ++i) {
        // Rounding can lead beyond the upper bound.
        action[i] = std::min(low_[i] + (high_[i] - low_[i]) * 0.5 * (1 + std::tanh(double{raw[i]})),
                             high_[i]);
      }
      break;
    case Kind::kNone:
      std::copy(raw.begin(), raw.end(), action.begin());
      break;
  }
}

}  // namespace saccade

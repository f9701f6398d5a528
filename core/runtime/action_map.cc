#include "core/runtime/action_map.h"

#include <cmath>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {

ActionMap::ActionMap(const std::string& kind, const EnvSpec& spec)
    : kind_(kind == "tanh"   ? Kind::kTanh
            : kind == "clip" ? Kind::kClip
                             : Kind::kNone),
      low_(spec.action_low),
      high_(spec.action_high) {
  for (std::size_t i = 0; kind_ == Kind::kTanh && i < low_.size(); ++i) {
    if (std::isfinite(low_[i]) && std::isfinite(high_[i])) continue;
    throw InputError(fmt::format(
        "action.squash: tanh needs bounds, but action {} of {} is unbounded; use clip or none", i,
        spec.name));
  }
}

void ActionMap::Apply(std::span<const float> raw, std::span<double> action) const {
  for (std::size_t i = 0; i < action.size(); ++i) {
    const double a = raw[i];
    switch (kind_) {
      case Kind::kClip:
        action[i] = a < low_[i] ? low_[i] : a > high_[i] ? high_[i] : a;
        break;
      case Kind::kTanh:
        action[i] = low_[i] + (high_[i] - low_[i]) * 0.5 * (1 + std::tanh(a));
        break;
      case Kind::kNone:
        action[i] = a;
        break;
    }
  }
}

}  // namespace saccade

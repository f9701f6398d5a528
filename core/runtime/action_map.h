// From a policy's raw output to an action inside the bounds of the environment.
//
//   clip   u = min(max(a, low), high)
//   tanh   u = low + (high - low) · (1 + tanh a) / 2        needs finite bounds
//   none   u = a
//
// NaN passes through, so that the environment can report a diverged episode.

#ifndef SACCADE_CORE_RUNTIME_ACTION_MAP_H_
#define SACCADE_CORE_RUNTIME_ACTION_MAP_H_

#include <span>
#include <string>
#include <vector>

#include "core/api/env.h"

namespace saccade {

class ActionMap {
 public:
  // `kind` is clip, tanh or none. Throws kInput when tanh meets an unbounded action.
  ActionMap(const std::string& kind, const EnvSpec& spec);

  void Apply(std::span<const float> raw, std::span<double> action) const;

 private:
  enum class Kind { kClip, kTanh, kNone };

  Kind kind_;
  std::vector<double> low_;
  std::vector<double> high_;
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_ACTION_MAP_H_

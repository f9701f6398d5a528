// `lqr-toy`: push a unit mass back to the origin of a line. No physics engine; the optimum is known.
//
// Position x and velocity v obey ẍ = u, integrated exactly for a force held over h = 0.1 s:
//
//   x ← x + h v + ½ h² u        v ← v + h u        reward = -h (x² + u²)
//
// with |u| <= 1 (clamped) and x, v ~ U(-0.3, 0.3) at the start. Linear dynamics and a quadratic
// cost make it a linear-quadratic regulator: the best return is -[x v] P [x v]ᵀ with P from the
// Riccati recursion, and a linear policy of x and v reaches it to within the horizon's end.
//
// Shapes: state (2), action (1). Reward terms: what the position and what the force cost.
// Cost: nanoseconds a step, no allocation.

#ifndef SACCADE_ENVS_TOY_LQR_H_
#define SACCADE_ENVS_TOY_LQR_H_

#include <memory>

#include "core/api/registry.h"

namespace saccade {

struct LqrToyOptions {
  int steps = 100;

  void Visit(config::Visitor& v);
};

std::shared_ptr<const EnvBlueprint> MakeLqrToy(const LqrToyOptions& options, const EnvContext&);

}  // namespace saccade

#endif  // SACCADE_ENVS_TOY_LQR_H_

// A policy: a function from observations to actions with one flat vector of weights.
//
// A Policy is const and shared (the architecture and the layout of its weights); it makes one
// PolicyRunner per worker slot, which holds the unpacked weights and the memory of an episode:
//
//   runner.Bind(weights);        once for the episodes of a candidate that a worker runs in a row:
//                                everything expensive belongs here
//   runner.Reset();              once per episode: clears recurrent state
//   runner.Act(observation, u);  once per step: allocates nothing
//
// Actions come out raw; the runtime squashes or clips them into the bounds of the environment, and
// it normalises the state before the policy sees it. Single precision throughout.

#ifndef SACCADE_CORE_API_POLICY_H_
#define SACCADE_CORE_API_POLICY_H_

#include <algorithm>
#include <memory>
#include <optional>
#include <span>

#include "core/api/env.h"
#include "core/api/param_layout.h"
#include "core/base/image.h"
#include "core/base/rng.h"

namespace saccade {

// What a policy is built for.
struct PolicyContext {
  int state_size = 0;                    // floats; 0 without a state
  std::optional<PixelSpec> pixels = {};  // unset without pixels
  int action_size = 0;                   // nu
};

struct Observation {
  std::span<const float> state;  // normalised
  ImageView pixels;              // read only
};

class PolicyRunner {
 public:
  virtual ~PolicyRunner() = default;

  virtual void Bind(std::span<const float> weights) = 0;  // layout().size()
  virtual void Reset() {}
  virtual void Act(const Observation& observation, std::span<float> action) = 0;  // nu
};

class Policy {
 public:
  virtual ~Policy() = default;

  virtual const ParamLayout& layout() const = 0;
  virtual std::unique_ptr<PolicyRunner> MakeRunner() const = 0;  // thread-safe

  // Where training starts: layout().size() weights. All zero unless the architecture needs
  // asymmetry.
  virtual void Initialize(RandomStream& /*random*/, std::span<float> weights) const {
    std::fill(weights.begin(), weights.end(), 0.0f);
  }
};

}  // namespace saccade

#endif  // SACCADE_CORE_API_POLICY_H_

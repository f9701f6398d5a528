// What a dense policy sees: the state, then the pixels, in one vector.
//
//   x = (s₁ … sₙ, p₁ … pₘ),   m = height × width × channels, row by row, channels innermost
//
// A byte v becomes p = v / 255 ∈ [0, 1] ("unit") or p = 2 v / 255 - 1 ∈ [-1, 1] ("signed").
//
// Const, thread-safe, allocates nothing after construction.

#ifndef SACCADE_POLICIES_LAYERS_INPUT_H_
#define SACCADE_POLICIES_LAYERS_INPUT_H_

#include <span>
#include <string>

#include "core/api/policy.h"
#include "core/config/visitor.h"

namespace saccade {

struct InputOptions {
  std::string pixel_range = "unit";

  void Visit(config::Visitor& v) {
    v.Field("pixel_range", pixel_range, "what a byte becomes: unit is [0, 1], signed is [-1, 1]",
            config::Rule::OneOf({"unit", "signed"}));
  }
};

class Input {
 public:
  // Throws kInput, showing the sum, when there is nothing to see, nothing to do, or too much.
  Input(const PolicyContext& context, const InputOptions& options);

  int size() const { return state_size_ + static_cast<int>(pixel_count_); }  // n + m

  // x (size), in the observation's memory when it has no pixels and else in that of `storage` (size).
  // The observation must have the sizes of the context.
  std::span<const float> Gather(const Observation& observation, std::span<float> storage) const;

 private:
  int state_size_;
  std::size_t pixel_count_;
  float scale_;
  float shift_;
};

}  // namespace saccade

#endif  // SACCADE_POLICIES_LAYERS_INPUT_H_

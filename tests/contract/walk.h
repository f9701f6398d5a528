// An environment that keeps every rule of the contract, for those that break one to begin with.

#ifndef SACCADE_TESTS_CONTRACT_WALK_H_
#define SACCADE_TESTS_CONTRACT_WALK_H_

#include <algorithm>
#include <span>
#include <vector>

#include "core/api/env.h"
#include "core/base/error.h"

namespace saccade::contract {

inline EnvSpec SoundSpec() {
  EnvSpec spec;
  spec.name = "walk";
  spec.observation = {{"x", 1}, {"v", 1}};
  spec.action_low = {-1};
  spec.action_high = {1};
  spec.max_steps = 30;
  spec.reward_terms = {"position"};
  return spec;
}

// x ← x + v, v ← 0.9 v + u, clamped; keeps every rule. The broken ones change one thing each.
class Walk : public Env {
 public:
  using Env::Env;

  bool has_named_state() const override { return true; }

 protected:
  TensorMap DoGetState() const override {
    return {{"x", Tensor::Scalar(x_)}, {"v", Tensor::Scalar(v_)}};
  }
  void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
    RandomStream random = key.MakeStream();
    x_ = random.Normal();
    v_ = 0;
    Observe(out);
  }
  StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
    x_ += v_;
    v_ = 0.9 * v_ + std::clamp(action[0], -1.0, 1.0);
    term_ = -x_ * x_;
    Observe(out);
    return {.reward = term_, .terms = {&term_, 1}};
  }
  void DoSaveState(std::vector<double>& out) const override { out.insert(out.end(), {x_, v_}); }
  void DoLoadState(std::span<const double> state, ObservationBuffer out) override {
    x_ = state[0];
    v_ = state[1];
    Observe(out);
  }
  void DoSetState(const TensorMap& state, ObservationBuffer out) override {
    for (const auto& [name, tensor] : state) {
      if (name != "x" && name != "v") throw InputError("walk has no " + name);
    }
    x_ = Require<double>(state, "x", 1)[0];
    v_ = Require<double>(state, "v", 1)[0];
    Observe(out);
  }
  virtual void Observe(ObservationBuffer out) const {
    out.state[0] = x_;
    out.state[1] = v_;
  }

  double x_ = 0;
  double v_ = 0;
  double term_ = 0;
};

}  // namespace saccade::contract

#endif  // SACCADE_TESTS_CONTRACT_WALK_H_

// An environment whose images are known in closed form, for the tests of what wraps them.

#ifndef SACCADE_TESTS_UNIT_ENVS_LAMP_H_
#define SACCADE_TESTS_UNIT_ENVS_LAMP_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/api/env.h"

namespace saccade {

// Its state is the step; byte i of its image is 10 i + step.
class Lamp : public Env {
 public:
  using Env::Env;

 private:
  void DoReset(const EpisodeKey&, ObservationBuffer out) override { Show(0, out); }
  StepResult DoStep(std::span<const double>, ObservationBuffer out) override {
    Show(step_ + 1, out);
    return {.reward = 1};
  }
  void DoSaveState(std::vector<double>& out) const override { out.push_back(step_); }
  void DoLoadState(std::span<const double> state, ObservationBuffer out) override {
    Show(static_cast<int>(state[0]), out);
  }
  void DoSetState(const TensorMap&, ObservationBuffer out) override { Show(3, out); }
  void Show(int step, ObservationBuffer out) {
    step_ = step;
    out.state[0] = step;
    for (std::size_t i = 0; i < out.pixels.size(); ++i) {
      out.pixels.data[i] = static_cast<std::uint8_t>(10 * static_cast<int>(i) + step);
    }
  }

  int step_ = 0;
};

class LampBlueprint : public EnvBlueprint {
 public:
  explicit LampBlueprint(const PixelSpec& pixels, const std::string& entry = "step") {
    spec_.name = "lamp";
    spec_.observation = {{entry, 1}};
    spec_.pixels = pixels;
    spec_.action_low = {-1};
    spec_.action_high = {1};
    spec_.max_steps = 5;
  }
  const EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<Env> MakeEnv() const override { return std::make_unique<Lamp>(spec_); }

 private:
  EnvSpec spec_;
};

}  // namespace saccade

#endif  // SACCADE_TESTS_UNIT_ENVS_LAMP_H_

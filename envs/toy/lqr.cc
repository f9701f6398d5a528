#include "envs/toy/lqr.h"

#include <algorithm>
#include <array>

namespace saccade {
namespace {

constexpr double kStep = 0.1;    // seconds
constexpr double kStart = 0.3;   // metres, metres per second
constexpr double kMaxForce = 1;  // newtons

class LqrToy : public Env {
 public:
  using Env::Env;

 private:
  void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
    RandomStream random = key.MakeStream();
    position_ = random.Uniform(-kStart, kStart);
    velocity_ = random.Uniform(-kStart, kStart);
    Observe(out);
  }

  StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
    const double force = std::clamp(action[0], -kMaxForce, kMaxForce);
    terms_ = {-kStep * position_ * position_, -kStep * force * force};
    position_ += kStep * velocity_ + kStep * kStep / 2 * force;
    velocity_ += kStep * force;
    Observe(out);
    return {.reward = terms_[0] + terms_[1], .terms = terms_};
  }

  void DoSaveState(std::vector<double>& out) const override {
    out.insert(out.end(), {position_, velocity_});
  }

  void DoLoadState(std::span<const double> state, ObservationBuffer out) override {
    RequireSize(state, 2);
    position_ = state[0];
    velocity_ = state[1];
    Observe(out);
  }

  void Observe(ObservationBuffer out) const {
    out.state[0] = position_;
    out.state[1] = velocity_;
  }

  double position_ = 0;
  double velocity_ = 0;
  std::array<double, 2> terms_{};
};

class LqrToyBlueprint : public EnvBlueprint {
 public:
  explicit LqrToyBlueprint(const LqrToyOptions& options) {
    spec_.name = "lqr-toy";
    spec_.observation = {{"position", 1}, {"velocity", 1}};
    spec_.action_low = {-kMaxForce};
    spec_.action_high = {kMaxForce};
    spec_.control_step = kStep;
    spec_.max_steps = options.steps;
    spec_.reward_terms = {"position", "force"};
  }

  const EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<Env> MakeEnv() const override { return std::make_unique<LqrToy>(spec_); }

 private:
  EnvSpec spec_;
};

}  // namespace

void LqrToyOptions::Visit(config::Visitor& v) {
  v.Field("steps", steps, "control steps of an episode", config::Rule::AtLeast(1));
}

std::shared_ptr<const EnvBlueprint> MakeLqrToy(const LqrToyOptions& options, const EnvContext&) {
  return std::make_shared<LqrToyBlueprint>(options);
}

}  // namespace saccade

// A plug-in with an environment that keeps the contract, and one that allocates in a step.

#include <memory>
#include <vector>

#include "core/plugin/plugin.h"

namespace {

struct Options {
  int allocate_at = 0;

  void Visit(saccade::config::Visitor& v) {
    v.Field("allocate_at", allocate_at, "step at which memory is taken; 0 for never",
            saccade::config::Rule::AtLeast(0));
  }
};

class Walk : public saccade::Env {
 public:
  Walk(const saccade::EnvSpec& spec, const Options& options) : Env(spec), options_(options) {}

 private:
  void DoReset(const saccade::EpisodeKey& key, saccade::ObservationBuffer out) override {
    x_ = key.MakeStream().Normal();
    out.state[0] = x_;
  }
  saccade::StepResult DoStep(std::span<const double> action,
                             saccade::ObservationBuffer out) override {
    if (steps() == options_.allocate_at) memory_ = std::make_unique<double>(x_);
    x_ = x_ / 2 + action[0];
    out.state[0] = x_;
    return {.reward = x_};
  }
  void DoSaveState(std::vector<double>& out) const override { out.push_back(x_); }
  void DoLoadState(std::span<const double> state, saccade::ObservationBuffer out) override {
    x_ = state[0];
    out.state[0] = x_;
  }

  Options options_;
  double x_ = 0;
  std::unique_ptr<double> memory_;
};

class Blueprint : public saccade::EnvBlueprint {
 public:
  explicit Blueprint(const Options& options) : options_(options) {
    spec_.name = "walk";
    spec_.observation = {{"x", 1}};
    spec_.action_low = {-1};
    spec_.action_high = {1};
    spec_.max_steps = 20;
  }
  const saccade::EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<saccade::Env> MakeEnv() const override {
    return std::make_unique<Walk>(spec_, options_);
  }

 private:
  Options options_;
  saccade::EnvSpec spec_;
};

std::shared_ptr<const saccade::EnvBlueprint> Make(const Options& options,
                                                  const saccade::EnvContext&) {
  return std::make_shared<Blueprint>(options);
}

void Register(saccade::Registry& registry) {
  registry.envs().Add("check-sound", "keeps the contract", Make);
  registry.envs().Add("check-broken", "allocates in step 3", Make, {.allocate_at = 3});
}

}  // namespace

SACCADE_PLUGIN("checked", "1.0", Register)

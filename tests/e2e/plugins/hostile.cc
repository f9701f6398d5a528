// What a user's code may do wrong while a run goes on: an environment and a policy that fail as
// told.

#include <limits>
#include <memory>
#include <stdexcept>
#include <string>

#include "core/plugin/plugin.h"

namespace saccade {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

struct Options {
  std::string does = "nothing";
  int generation = 0;
  int steps = 5;

  void Visit(config::Visitor& v) {
    v.Field("does", does, "what goes wrong, in the third step unless the name says otherwise",
            config::Rule::OneOf({"nothing", "throw", "throw-number", "diverge", "nan-reward",
                                 "nan-observation", "nan-first-observation", "throw-when-made"}));
    v.Field("generation", generation, "first generation in which it goes wrong",
            config::Rule::AtLeast(0));
    v.Field("steps", steps, "steps of an episode", config::Rule::AtLeast(1));
  }
};

class HostileEnv : public Env {
 public:
  HostileEnv(const EnvSpec& spec, const Options& options) : Env(spec), options_(options) {}

 private:
  bool Does(const char* what) const { return is_time_ && options_.does == what; }

  void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
    is_time_ = static_cast<int>(key.generation) >= options_.generation;
    out.state[0] = Does("nan-first-observation") ? kNan : 1;
  }
  StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
    out.state[0] = action[0];
    StepResult result{.reward = -action[0] * action[0]};
    if (steps() != 3) return result;
    if (Does("throw")) throw std::runtime_error("out of luck");
    if (Does("throw-number")) throw 42;
    if (Does("nan-reward")) result.reward = kNan;
    if (Does("nan-observation")) out.state[0] = kNan;
    result.diverged = Does("diverge");
    return result;
  }
  void DoSaveState(std::vector<double>&) const override {}
  void DoLoadState(std::span<const double>, ObservationBuffer) override {}

  Options options_;
  bool is_time_ = false;
};

class HostileBlueprint : public EnvBlueprint {
 public:
  explicit HostileBlueprint(const Options& options) : options_(options) {
    spec_.name = "hostile";
    spec_.observation = {{"x", 1}};
    spec_.action_low = {-1};
    spec_.action_high = {1};
    spec_.max_steps = options.steps;
  }
  const EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<Env> MakeEnv() const override {
    return std::make_unique<HostileEnv>(spec_, options_);
  }

 private:
  Options options_;
  EnvSpec spec_;
};

std::shared_ptr<const EnvBlueprint> MakeHostile(const Options& options, const EnvContext&) {
  if (options.does == "throw-when-made") throw std::runtime_error("no such robot");
  return std::make_shared<HostileBlueprint>(options);
}

// Every action is NaN.
class NanPolicy : public Policy {
 public:
  explicit NanPolicy(const PolicyContext& context) {
    layout_.Add("unused", context.action_size, 1);
  }
  const ParamLayout& layout() const override { return layout_; }
  std::unique_ptr<PolicyRunner> MakeRunner() const override { return std::make_unique<Runner>(); }

 private:
  struct Runner : PolicyRunner {
    void Bind(std::span<const float>) override {}
    void Act(const Observation&, std::span<float> action) override {
      std::fill(action.begin(), action.end(), std::numeric_limits<float>::quiet_NaN());
    }
  };

  ParamLayout layout_;
};

std::unique_ptr<Policy> MakeNan(const NoOptions&, const PolicyContext& context) {
  return std::make_unique<NanPolicy>(context);
}

void RegisterAll(Registry& registry) {
  registry.envs().Add("hostile", "fails as told", MakeHostile);
  registry.policies().Add("nan", "acts with NaN", MakeNan);
}

}  // namespace
}  // namespace saccade

SACCADE_PLUGIN("hostile", "1", saccade::RegisterAll)

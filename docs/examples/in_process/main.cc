// Saccade inside a program of your own: an environment that this file defines, trained with
// whatever policy and strategy the configuration names, built in or from plug-ins.
//
//   in_process CONFIG.yaml [PLUGIN.so]...

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <memory>

#include "core/base/error.h"
#include "core/plugin/loader.h"
#include "core/runtime/experiment.h"
#include "core/runtime/trainer.h"
#include "es/register.h"
#include "policies/register.h"

namespace {

// A cart on a line, without friction: the action accelerates it, and it should come to rest at 0.
//
//   v ← v + a Δt,  x ← x + v Δt;   reward 1 / (1 + x² + v²) per step
struct CartOptions {
  double start = 2;

  void Visit(saccade::config::Visitor& v) {
    v.Field("start", start, "largest distance from 0 at the start, in metres",
            saccade::config::Rule::Positive());
  }
};

class Cart : public saccade::Env {
 public:
  Cart(const saccade::EnvSpec& spec, const CartOptions& options) : Env(spec), options_(options) {}

 private:
  void DoReset(const saccade::EpisodeKey& key, saccade::ObservationBuffer out) override {
    x_ = key.MakeStream().Uniform(-options_.start, options_.start);
    v_ = 0;
    Observe(out);
  }

  saccade::StepResult DoStep(std::span<const double> action,
                             saccade::ObservationBuffer out) override {
    v_ += action[0] * spec().control_step;
    x_ += v_ * spec().control_step;
    Observe(out);
    return {.reward = 1 / (1 + x_ * x_ + v_ * v_)};
  }

  void DoSaveState(std::vector<double>& out) const override { out.insert(out.end(), {x_, v_}); }

  void DoLoadState(std::span<const double> state, saccade::ObservationBuffer out) override {
    x_ = state[0];
    v_ = state[1];
    Observe(out);
  }

  void Observe(saccade::ObservationBuffer out) const {
    out.state[0] = x_;
    out.state[1] = v_;
  }

  CartOptions options_;
  double x_ = 0;  // metres
  double v_ = 0;  // metres per second
};

class CartBlueprint : public saccade::EnvBlueprint {
 public:
  explicit CartBlueprint(const CartOptions& options) : options_(options) {
    spec_.name = "cart";
    spec_.observation = {{"position", 1}, {"velocity", 1}};
    spec_.action_low = {-1};
    spec_.action_high = {1};
    spec_.control_step = 0.05;
    spec_.max_steps = 200;
  }

  const saccade::EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<saccade::Env> MakeEnv() const override {
    return std::make_unique<Cart>(spec_, options_);
  }

 private:
  CartOptions options_;
  saccade::EnvSpec spec_;
};

std::shared_ptr<const saccade::EnvBlueprint> MakeCart(const CartOptions& options,
                                                      const saccade::EnvContext&) {
  return std::make_shared<CartBlueprint>(options);
}

saccade::Registry MakeRegistry(int plugin_count, char** plugins) {
  saccade::Registry registry;
  saccade::RegisterPolicies(registry);
  saccade::RegisterStrategies(registry);
  registry.envs().Add("cart", "a cart on a line", MakeCart);
  for (int i = 0; i < plugin_count; ++i) {
    const saccade::PluginInfo info = saccade::LoadPlugin(plugins[i], registry);
    for (const std::string& entry : info.entries) {
      std::printf("%s %s brings %s\n", info.name.c_str(), info.version.c_str(), entry.c_str());
    }
  }
  return registry;
}

double MeanReturn(saccade::Trainer& trainer) {
  const auto episodes = trainer.Evaluate(20, 1, saccade::Stream::kUserEpisode);
  double sum = 0;
  for (const saccade::EpisodeResult& episode : episodes) sum += episode.total_reward;
  return sum / static_cast<double>(episodes.size());
}

int Train(int argc, char** argv) {
  if (argc < 2) throw saccade::InputError("usage: in_process CONFIG.yaml [PLUGIN.so]...");
  const saccade::Registry registry = MakeRegistry(argc - 2, argv + 2);
  const saccade::Experiment experiment(registry, saccade::LoadRunConfig(argv[1], {}));
  const auto evaluator = saccade::MakeEvaluator(saccade::DefaultThreads());
  saccade::Trainer trainer(experiment, *evaluator);
  std::printf("mean return before training: %g\n", MeanReturn(trainer));
  trainer.Run(std::atomic<bool>(false));
  std::printf("mean return after training: %g\n", MeanReturn(trainer));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Train(argc, argv);
  } catch (const saccade::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.exit_code();
  }
}

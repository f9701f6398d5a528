#include "core/runtime/experiment.h"

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {

struct Experiment::Parts {
  RunConfig config;
  std::shared_ptr<const EnvBlueprint> env;
  std::unique_ptr<Policy> policy;
  std::unique_ptr<StrategyFactory> strategy_factory;

  Parts(const Registry& registry, const config::Node& root) {
    config::Diagnostics diagnostics;
    config::Read(root, "", config::VisitOf(config), diagnostics);
    if (config.env.mark.source.empty()) config.env.mark = root.mark;
    if (config.policy.mark.source.empty()) config.policy.mark = root.mark;
    if (config.strategy.mark.source.empty()) config.strategy.mark = root.mark;
    const auto env_factory = registry.ReadEnv(config.env, "env", diagnostics);
    const auto policy_factory = registry.policies().Read(config.policy, "policy", diagnostics);
    strategy_factory = registry.strategies().Read(config.strategy, "strategy", diagnostics);
    diagnostics.ThrowIfAny();

    env = env_factory->Make({&registry.renderers()});
    CheckSpec(env->spec());
    policy = policy_factory->Make(
        {env->spec().state_size(), env->spec().pixels, env->spec().action_size()});
  }
};

Experiment::Experiment(const Registry& registry, const config::Node& root)
    : Experiment(Parts(registry, root)) {}

Experiment::Experiment(Parts parts)
    : config_(std::move(parts.config)),
      env_(std::move(parts.env)),
      policy_(std::move(parts.policy)),
      strategy_factory_(std::move(parts.strategy_factory)),
      action_map_(config_.action.squash, env_->spec()) {}

std::unique_ptr<Strategy> Experiment::MakeStrategy() const {
  const auto seed = static_cast<std::uint64_t>(config_.seed);
  std::vector<float> weights(static_cast<std::size_t>(policy_->layout().size()));
  RandomStream random(seed, Stream::kInitialParameters, 0, 0);
  CallAs([] { return std::string("the policy"); }, [&] { policy_->Initialize(random, weights); });
  const Eigen::Map<const Eigen::VectorXf> start(weights.data(),
                                                static_cast<Eigen::Index>(weights.size()));
  return strategy_factory_->Make({start.cast<double>(), seed});
}

std::string Experiment::ResolvedYaml() const {
  RunConfig copy = config_;
  return config::EmitYaml(config::Write(config::VisitOf(copy)));
}

config::Node LoadRunConfig(const std::filesystem::path& path,
                           const std::vector<std::string>& overrides) {
  config::Node root = config::LoadYaml(path);
  for (const std::string& assignment : overrides) config::ApplyOverride(root, assignment);
  return root;
}

}  // namespace saccade

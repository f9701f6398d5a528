#include "core/runtime/experiment.h"

#include <cmath>
#include <new>
#include <optional>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {

struct Experiment::Parts {
  RunConfig config;
  std::shared_ptr<const EnvBlueprint> env;
  std::unique_ptr<Policy> policy;
  std::unique_ptr<StrategyFactory> strategy_factory;
  std::optional<ActionMap> action_map;
  config::Mark episodes_mark;
  config::Mark pairs_mark;

  Parts(const Registry& registry, const config::Node& root, Use use) {
    config::Diagnostics diagnostics;
    config::Read(root, "", config::VisitOf(config), diagnostics);
    episodes_mark = config::MarkAt(root, "training.episodes_per_candidate");
    pairs_mark = config::MarkAt(root, "training.common_random_numbers");
    if (config.env.mark.source.empty()) config.env.mark = root.mark;
    if (config.policy.mark.source.empty()) config.policy.mark = root.mark;
    if (config.strategy.mark.source.empty()) config.strategy.mark = root.mark;
    const auto env_factory = registry.ReadEnv(config.env, "env", diagnostics);
    const auto policy_factory = registry.policies().Read(config.policy, "policy", diagnostics);
    if (use == Use::kTraining) {
      if (config.evaluation.every == 0 && !std::isinf(config.training.stop_at_return)) {
        diagnostics.Report(config::MarkAt(root, "training.stop_at_return"),
                           "training.stop_at_return",
                           "asks for evaluations, of which there is none during training while "
                           "evaluation.every is 0; set that too, or leave this out");
      }
      strategy_factory = registry.strategies().Read(config.strategy, "strategy", diagnostics);
    }
    diagnostics.ThrowIfAny();

    config::Attempt(diagnostics, config.env.mark, "env", [&] {
      env = env_factory->Make({&registry.renderers()});
      CheckSpec(env->spec());
    });
    diagnostics.ThrowIfAny();  // both of the next need it
    config::Attempt(diagnostics, config::MarkAt(root, "action.squash"), "action.squash",
                    [&] { action_map.emplace(config.action.squash, env->spec()); });
    config::Attempt(diagnostics, config.policy.mark, "policy", [&] {
      policy = policy_factory->Make(
          {env->spec().state_size(), env->spec().pixels, env->spec().action_size()});
      if (policy->layout().size() == 0) {
        throw InputError("the policy has no weights, so there is nothing to train; choose another");
      }
    });
    diagnostics.ThrowIfAny();
  }
};

Experiment::Experiment(const Registry& registry, const config::Node& root, Use use)
    : Experiment(Parts(registry, root, use)) {}

Experiment::Experiment(Parts parts)
    : config_(std::move(parts.config)),
      env_(std::move(parts.env)),
      policy_(std::move(parts.policy)),
      strategy_factory_(std::move(parts.strategy_factory)),
      action_map_(*std::move(parts.action_map)),
      episodes_mark_(std::move(parts.episodes_mark)),
      pairs_mark_(std::move(parts.pairs_mark)) {}

std::unique_ptr<Strategy> Experiment::MakeStrategy() const {
  const auto place = [&] {
    return fmt::format("{}: policy of {} weights, for strategy {}", config_.policy.mark.ToString(),
                       policy_->layout().size(), config_.strategy.Find("name")->text);
  };
  try {
    return StrategyFromTheStart();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInput) throw;
    RethrowAsError("", place());
  } catch (const std::bad_alloc&) {
    RethrowAsError("", place());
  }
}

std::unique_ptr<Strategy> Experiment::StrategyFromTheStart() const {
  SACCADE_CHECK(strategy_factory_ != nullptr);
  const auto seed = static_cast<std::uint64_t>(config_.seed);
  std::vector<float> weights(static_cast<std::size_t>(policy_->layout().size()));
  RandomStream random(seed, Stream::kInitialParameters, 0, 0);
  CallAs([] { return std::string("the policy"); }, [&] { policy_->Initialize(random, weights); });
  const Eigen::Map<const Eigen::VectorXf> start(weights.data(),
                                                static_cast<Eigen::Index>(weights.size()));
  std::unique_ptr<Strategy> strategy;
  config::Diagnostics diagnostics;
  config::Attempt(diagnostics, config_.strategy.mark, "strategy", [&] {
    strategy = strategy_factory_->Make({start.cast<double>(), seed});
  });
  if (strategy != nullptr && config_.training.common_random_numbers == "pair" &&
      !strategy->mirrored()) {
    diagnostics.Report(pairs_mark_, "training.common_random_numbers",
                       fmt::format("{} has no mirrored pairs of candidates; write none or "
                                   "generation, or have it make pairs",
                                   strategy->name()));
  }
  diagnostics.ThrowIfAny();
  return strategy;
}

std::string Experiment::EnvironmentDigest() const {
  return CallAs([&] { return "environment " + env_->spec().name; }, [&] { return env_->digest(); });
}

int Experiment::EpisodesOf(int candidates) const {
  const int episodes = config_.training.episodes_per_candidate;
  config::Diagnostics diagnostics;
  if (candidates > kMaxEpisodes / episodes) {
    diagnostics.Report(
        episodes_mark_, "training.episodes_per_candidate",
        fmt::format("{} candidates × {} episodes = {} episodes in a generation; at most {} are "
                    "possible: lower it, or the strategy's population",
                    candidates, episodes, std::int64_t{candidates} * episodes, kMaxEpisodes));
  }
  diagnostics.ThrowIfAny();
  return candidates * episodes;
}

void Experiment::RequireStrategyFits() const { EpisodesOf(MakeStrategy()->Ask()); }

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

// What a user writes in the YAML file of a run.

#ifndef SACCADE_CORE_RUNTIME_RUN_CONFIG_H_
#define SACCADE_CORE_RUNTIME_RUN_CONFIG_H_

#include <cstdint>
#include <limits>
#include <string>

#include "core/config/node.h"
#include "core/config/visitor.h"

namespace saccade {

// Episodes of one generation or evaluation; each takes a row of a table, some of them kilobytes.
inline constexpr int kMaxEpisodes = 1'000'000;

struct ObservationOptions {
  bool normalize = true;
  double clip = 10;

  // Of what a policy sees: what is not normalised is seen as it is.
  double limit() const { return normalize ? clip : std::numeric_limits<double>::infinity(); }

  void Visit(config::Visitor& v) {
    v.Field("normalize", normalize,
            "divide the state by its running standard deviation, after removing its mean");
    v.Field("clip", clip,
            "largest absolute value that a policy sees, in standard deviations; without "
            "normalize there is none",
            config::Rule::Positive());
  }
};

struct ActionOptions {
  std::string squash = "clip";

  void Visit(config::Visitor& v) {
    v.Field("squash", squash, "how a policy's output is brought into the bounds of the actions",
            config::Rule::OneOf({"clip", "tanh", "none"}));
  }
};

struct TrainingOptions {
  std::int64_t generations = 100;
  std::int64_t env_steps = 0;
  double stop_at_return = std::numeric_limits<double>::infinity();
  int episodes_per_candidate = 1;
  int episode_steps = 0;
  std::string common_random_numbers = "generation";
  double reward_shift = 0;

  void Visit(config::Visitor& v) {
    using config::Rule;
    v.Field("generations", generations, "generations to train for; 0 for no limit",
            Rule::AtLeast(0));
    v.Field("env_steps", env_steps,
            "environment steps after which no new generation starts; 0 for no limit",
            Rule::AtLeast(0));
    v.Field("stop_at_return", stop_at_return,
            "mean return of an evaluation at which training is done; .inf for never", Rule::Any());
    v.Field("episodes_per_candidate", episodes_per_candidate,
            "episodes whose mean return is the fitness of a candidate",
            Rule::Between(1, kMaxEpisodes));
    v.Field("episode_steps", episode_steps,
            "environment steps after which an episode of training is cut, so that candidates that "
            "fail early cost little; 0 for whole episodes, which evaluations always have",
            Rule::AtLeast(0));
    v.Field("common_random_numbers", common_random_numbers,
            "which candidates of a generation meet the same episodes: none of them, the two of a "
            "pair (of strategies with mirrored candidates), or the whole generation",
            Rule::OneOf({"none", "pair", "generation"}));
    v.Field("reward_shift", reward_shift,
            "subtracted from every training reward, to cancel a bonus for being alive",
            {.low = std::numeric_limits<double>::lowest()});
    v.Require(generations > 0 || env_steps > 0, "generations",
              "generations and env_steps are both 0, so training would never end; set one of them");
  }
};

struct EvaluationOptions {
  int every = 10;
  int episodes = 10;

  void Visit(config::Visitor& v) {
    v.Field("every", every,
            "generations between evaluations of the mean; 0 for an evaluation at the end only",
            config::Rule::AtLeast(0));
    v.Field("episodes", episodes, "episodes per evaluation, always the same ones",
            config::Rule::Between(1, kMaxEpisodes));
  }
};

struct CheckpointOptions {
  int every = 1;
  int keep = 3;

  void Visit(config::Visitor& v) {
    v.Field("every", every, "generations between checkpoints", config::Rule::AtLeast(1));
    v.Field("keep", keep, "newest checkpoints that are kept, beside the best one",
            config::Rule::AtLeast(1));
  }
};

struct RunConfig {
  std::int64_t seed = 1;
  config::Node env;
  config::Node policy;
  config::Node strategy;
  ObservationOptions observation;
  ActionOptions action;
  TrainingOptions training;
  EvaluationOptions evaluation;
  CheckpointOptions checkpoint;

  void Visit(config::Visitor& v) {
    v.Field("seed", seed, "seed of every random number of the run", config::Rule::AtLeast(0));
    v.Subtree("env", "environment", env,
              "the environment: its name and its options (saccade list envs)");
    v.Subtree("policy", "policy", policy,
              "the policy: its name and its options (saccade list policies)");
    v.Subtree("strategy", "strategy", strategy,
              "the strategy: its name and its options (saccade list strategies)");
    v.Group("observation", observation, "what the policy sees of the state");
    v.Group("action", action, "what becomes of the policy's output");
    v.Group("training", training, "how long to train, and on what");
    v.Group("evaluation", evaluation, "evaluation of the mean during training");
    v.Group("checkpoint", checkpoint, "what is saved when");
  }
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_RUN_CONFIG_H_

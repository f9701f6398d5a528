#include "core/runtime/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/unit/core/runtime/fake_experiment.h"

namespace saccade {
namespace {

using fakes::MakeExperiment;
using fakes::NoOptions;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Experiment, ReportsTheProblemsOfAllPartsAtOnce) {
  EXPECT_THAT(
      [] {
        MakeExperiment({"env.stepz=3", "policy.name=liner", "strategy.population=-1", "seed=-1"});
      },
      ThrowsMessage<Error>(
          "--set env.stepz: env.stepz: unknown key; did you mean 'steps'?\n"
          "--set policy.name: policy.name: unknown policy 'liner'; did you mean 'linear'?\n"
          "--set seed: seed: -1 is out of range: must be >= 0\n"
          "--set strategy.population: strategy.population: -1 is out of range: must be >= 0"));
}

TEST(Experiment, WhatAPartRefusesIsSaidAtItsPlace) {
  EXPECT_THAT(
      [] {
        MakeExperiment({"env.bounded=false", "action={squash: tanh}"});
      },
      ThrowsMessage<Error>("--set action: action.squash: tanh needs bounds, but action 0 of "
                           "fake-env is unbounded; use clip or none"));
  EXPECT_THAT([] { MakeExperiment({"policy={name: mlp, hidden: [1000000000]}"}); },
              ThrowsMessage<Error>(HasSubstr("--set policy: policy: layer 'layer0' needs")));
  EXPECT_THAT(
      [] { MakeExperiment({"strategy.at_most=3"}).RequireStrategyFits(); },
      ThrowsMessage<Error>("test.yaml:5:11: strategy: the fake serves up to 3 weights, not 12"));
}

TEST(Experiment, ALackOfMemoryNamesThePolicyThatIsTooLarge) {
  try {
    MakeExperiment({"strategy.fits=false"}).MakeStrategy();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kEnvironment);
    EXPECT_STREQ(error.what(),
                 "test.yaml:4:9: policy of 12 weights, for strategy fake-es: out of memory; use "
                 "fewer threads or smaller sizes");
  }
}

TEST(Experiment, AGenerationHasAMillionEpisodesAtMost) {
  const auto most = [](int episodes) {
    return MakeExperiment({"strategy.population=1000",
                           "training.episodes_per_candidate=" + std::to_string(episodes)});
  };
  most(1000).RequireStrategyFits();
  EXPECT_EQ(most(1000).EpisodesOf(1000), 1'000'000);
  EXPECT_THAT([&] { most(1001).RequireStrategyFits(); },
              ThrowsMessage<Error>(
                  "--set training.episodes_per_candidate: training.episodes_per_candidate: 1000 "
                  "candidates × 1001 episodes = 1001000 episodes in a generation; at most 1000000 "
                  "are possible: lower it, or the strategy's population"));
}

TEST(Experiment, AGoalThatNoEvaluationLooksAtIsRefused) {
  EXPECT_THAT(
      [] {
        MakeExperiment({"training.stop_at_return=-5", "evaluation.every=0"});
      },
      ThrowsMessage<Error>("--set training.stop_at_return: training.stop_at_return: asks for "
                           "evaluations, of which there is none during training while "
                           "evaluation.every is 0; set that too, or leave this out"));
}

class Weightless : public Policy {
 public:
  const ParamLayout& layout() const override { return layout_; }
  std::unique_ptr<PolicyRunner> MakeRunner() const override { return nullptr; }

 private:
  ParamLayout layout_;
};

TEST(Experiment, APolicyWithoutWeightsIsRefused) {
  Registry registry = fakes::TestRegistry();
  registry.policies().Add<NoOptions>(
      "weightless", "has none",
      [](const NoOptions&, const PolicyContext&) { return std::make_unique<Weightless>(); });
  config::Node root = config::ParseYaml(fakes::kConfig, "test.yaml");
  config::ApplyOverride(root, "policy.name=weightless");
  EXPECT_THAT([&] { Experiment(registry, root); },
              ThrowsMessage<Error>("test.yaml:4:9: policy: the policy has no weights, so there is "
                                   "nothing to train; choose another"));
}

TEST(Experiment, ResolvedYamlIsAFixedPoint) {
  const std::string once = MakeExperiment({"training.env_steps=1e6"}).ResolvedYaml();
  const Experiment again(fakes::TestRegistry(), config::ParseYaml(once, "resolved"));
  EXPECT_EQ(again.ResolvedYaml(), once);
  EXPECT_THAT(once, HasSubstr("population: 6"));
}

}  // namespace
}  // namespace saccade

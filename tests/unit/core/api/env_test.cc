#include "core/api/env.h"

#include <algorithm>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/param_layout.h"
#include "core/api/registry.h"
#include "core/base/error.h"

namespace saccade {
namespace {

using testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct NoOptions {
  void Visit(config::Visitor&) {}
};

EnvSpec Spec(std::vector<double> low, std::vector<double> high) {
  EnvSpec spec;
  spec.name = "e";
  spec.observation = {{"x", 1}};
  spec.action_low = std::move(low);
  spec.action_high = std::move(high);
  spec.max_steps = 1;
  return spec;
}

TEST(SampleAction, StaysWithinTheBoundsThatThereAre) {
  const EnvSpec spec = Spec({2, -kInfinity, -kInfinity, -0.5}, {kInfinity, -3, kInfinity, 0.5});
  CheckSpec(spec);
  RandomStream random(1, Stream::kTest, 0, 0);
  std::vector<double> action(4);
  std::vector<double> highest(4, -kInfinity);
  for (int i = 0; i < 1000; ++i) {
    SampleAction(spec, random, action);
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_GE(action[k], spec.action_low[k]);
      EXPECT_LE(action[k], spec.action_high[k]);
      highest[k] = std::max(highest[k], action[k]);
    }
  }
  EXPECT_GT(highest[0], 2.9);  // [2, 3]
  EXPECT_LE(highest[2], 1);
}

TEST(NoAction, IsZeroOrTheNearestBound) {
  const EnvSpec spec = Spec({2, -kInfinity, -kInfinity, -0.5}, {kInfinity, -3, kInfinity, 0.5});
  std::vector<double> action(4, 7.0);
  NoAction(spec, action);
  EXPECT_THAT(action, testing::ElementsAre(2, -3, 0, 0));
}

TEST(CheckSpec, RefusesWhatCannotBeRun) {
  const auto complaint = [](const EnvSpec& spec) -> std::string {
    try {
      CheckSpec(spec);
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(complaint(Spec({-1}, {1})), "none");
  EXPECT_THAT(complaint(Spec({-1, -1}, {1})), HasSubstr("has 2 lower and 1 upper bounds"));
  EXPECT_THAT(complaint(Spec({}, {})), HasSubstr("has 0 lower and 0 upper bounds"));
  EXPECT_THAT(complaint(Spec({1}, {1})), HasSubstr("action 0 is in [1, 1]"));
  EnvSpec blind = Spec({-1}, {1});
  blind.observation.clear();
  EXPECT_THAT(complaint(blind), HasSubstr("observes nothing"));
  EnvSpec negative = Spec({-1}, {1});
  negative.observation = {{"x", -1}, {"y", 3}};
  EXPECT_THAT(complaint(negative), HasSubstr("observation 'x' has -1 numbers"));
  EnvSpec flat = Spec({-1}, {1});
  flat.pixels = PixelSpec{-1, 84, 3};
  EXPECT_THAT(complaint(flat), HasSubstr("its pixels are -1 × 84 × 3"));
  EnvSpec stack = Spec({-1}, {1});
  stack.pixels = PixelSpec{4, 4, 6, 2};
  EXPECT_EQ(complaint(stack), "none");
  for (const int frames : {0, 4}) {
    stack.pixels->frames = frames;
    EXPECT_THAT(complaint(stack), HasSubstr("its pixels have 6 channels in"));
  }
  EnvSpec picture = Spec({-1}, {1});
  picture.observation = {{"view", 24, PixelSpec{2, 4, 3}}};
  EXPECT_EQ(complaint(picture), "none");
  picture.observation[0].picture->height = 1;
  EXPECT_THAT(
      complaint(picture),
      HasSubstr("observation 'view' has 24 numbers, but as a picture it is 1 × 4 × 3 in 1"));
  EnvSpec twice = Spec({-1}, {1});
  twice.observation = {{"pixels", 3}};
  EXPECT_EQ(complaint(twice), "none");
  twice.pixels = PixelSpec{8, 8, 3};
  EXPECT_THAT(complaint(twice), HasSubstr("has a state called 'pixels' beside its pixels"));
  EnvSpec brief = Spec({-1}, {1});
  brief.max_steps = 0;
  EXPECT_THAT(complaint(brief), HasSubstr("has at most 0 steps an episode"));
}

class EmptyBlueprint : public EnvBlueprint {
 public:
  const EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<Env> MakeEnv() const override { return nullptr; }

 private:
  EnvSpec spec_ = Spec({-1}, {1});
};

std::shared_ptr<const EnvBlueprint> MakeNothing(const NoOptions&, const EnvContext&) {
  return nullptr;
}

TEST(MakeEnv, NothingIsAnErrorWithAName) {
  EXPECT_THAT([] { MakeEnv(EmptyBlueprint()); },
              testing::ThrowsMessage<Error>("environment e: MakeEnv returns nullptr"));
  Registry registry;
  registry.set_origin("mine.so");
  registry.envs().Add("nothing", "makes nothing", MakeNothing);
  EXPECT_THAT(
      [&] { registry.envs().Find("nothing")->Make({}); },
      testing::ThrowsMessage<Error>("environment 'nothing' of mine.so made nothing (nullptr)"));
}

// Says that it has a named state, and does not give it.
class ShyEnv : public Env {
 public:
  using Env::Env;
  bool has_named_state() const override { return true; }

 private:
  void DoReset(const EpisodeKey&, ObservationBuffer) override {}
  StepResult DoStep(std::span<const double>, ObservationBuffer) override { return {}; }
  void DoSaveState(std::vector<double>&) const override {}
  void DoLoadState(std::span<const double>, ObservationBuffer) override {}
  TensorMap DoGetState() const override { throw std::runtime_error("not now"); }
};

TEST(Env, WhatItsNamedStateThrowsIsAnErrorWithItsName) {
  const EnvSpec spec = Spec({-1}, {1});
  const ShyEnv env(spec);
  EXPECT_THAT([&] { env.GetState(); },
              testing::ThrowsMessage<Error>("environment e threw 'not now'"));
}

TEST(ParamLayout, RefusesEmptyBlocksAndMoreWeightsThanCanBeCounted) {
  ParamLayout layout;
  layout.Add("a", 1 << 15, 1 << 15);
  EXPECT_THROW(layout.Add("b", 1 << 15, 1 << 15), Error);
  EXPECT_THROW(layout.Add("c", 0, 3), Error);
  EXPECT_EQ(layout.size(), 1 << 30);
}

}  // namespace
}  // namespace saccade

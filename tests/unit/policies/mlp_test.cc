#include "policies/mlp/mlp.h"

#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/runtime/allocation_counter.h"
#include "policies/register.h"
#include "tests/unit/policies/reference.h"

namespace saccade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const PolicyContext kContext{.state_size = 5, .action_size = 3};

reference::Vector Forward(const Policy& policy, std::span<const float> weights,
                          std::span<const float> state, int hidden_layers, bool bias) {
  reference::Vector x = reference::FromFloats(state);
  for (int i = 0; i < hidden_layers; ++i) {
    const std::string name = "layer" + std::to_string(i);
    x = reference::Tanh(reference::Dense(policy.layout(), name, weights, x, bias));
  }
  return reference::Dense(policy.layout(), "output", weights, x, bias);
}

TEST(Mlp, LayoutNamesEveryBlockInOrder) {
  const auto policy = MakeMlp({.hidden = {7, 4}}, kContext);
  EXPECT_EQ(policy->layout().ToString(),
            "layer0/weight 7×5, layer0/bias 7×1, layer1/weight 4×7, layer1/bias 4×1, "
            "output/weight 3×4, output/bias 3×1");
  std::vector<int> offsets;
  for (const ParamBlock& block : policy->layout().blocks()) offsets.push_back(block.offset);
  EXPECT_THAT(offsets, ElementsAre(0, 35, 42, 70, 74, 86));
  EXPECT_EQ(policy->layout().size(), 7 * (5 + 1) + 4 * (7 + 1) + 3 * (4 + 1));
  EXPECT_EQ(MakeMlp({.hidden = {7, 4}, .bias = false}, kContext)->layout().size(),
            7 * 5 + 4 * 7 + 3 * 4);
}

TEST(Mlp, MatchesPlainLoopsInDoublePrecision) {
  for (const bool bias : {false, true}) {
    for (const std::vector<int>& hidden : {std::vector<int>{}, {1}, {7}, {7, 4}, {33, 16, 9}}) {
      const auto policy = MakeMlp({.hidden = hidden, .bias = bias}, kContext);
      const auto weights = reference::Normals(policy->layout().size(), 1, 0.5);
      const auto state = reference::Normals(5, 2);
      const auto runner = policy->MakeRunner();
      runner->Bind(weights);
      reference::ExpectNear(
          reference::Act(*runner, {state, {}}, 3),
          Forward(*policy, weights, state, static_cast<int>(hidden.size()), bias));
    }
  }
}

TEST(Mlp, AppliesTheActivationThatIsNamed) {
  const PolicyContext scalar{.state_size = 1, .action_size = 1};
  const std::vector<float> state = {-2.0f};
  const std::vector<float> ones = {1.0f, 1.0f};
  const auto act = [&](const std::string& activation) {
    const auto runner =
        MakeMlp({.hidden = {1}, .activation = activation, .bias = false}, scalar)->MakeRunner();
    runner->Bind(ones);
    return reference::Act(*runner, {state, {}}, 1)[0];
  };
  EXPECT_EQ(act("relu"), 0.0f);
  EXPECT_EQ(act("leaky-relu"), -0.02f);
  EXPECT_FLOAT_EQ(act("softsign"), -2.0f / 3);
}

TEST(Mlp, BindLeavesNothingOfTheWeightsBefore) {
  const auto policy = MakeMlp({.hidden = {8}}, kContext);
  const auto first = reference::Normals(policy->layout().size(), 1);
  const auto second = reference::Normals(policy->layout().size(), 2);
  const auto state = reference::Normals(5, 3);
  const auto fresh = policy->MakeRunner();
  fresh->Bind(second);
  const auto used = policy->MakeRunner();
  used->Bind(first);
  const auto before = reference::Act(*used, {state, {}}, 3);
  used->Bind(second);
  EXPECT_EQ(reference::Act(*used, {state, {}}, 3), reference::Act(*fresh, {state, {}}, 3));
  EXPECT_NE(reference::Act(*used, {state, {}}, 3), before);
}

TEST(Mlp, RunnersOwnTheirWeights) {
  auto policy = MakeMlp({.hidden = {8}}, kContext);
  auto weights = reference::Normals(policy->layout().size(), 1);
  const auto state = reference::Normals(5, 3);
  const auto runner = policy->MakeRunner();
  const auto other = policy->MakeRunner();
  runner->Bind(weights);
  const auto before = reference::Act(*runner, {state, {}}, 3);
  std::ranges::fill(weights, 0.0f);
  other->Bind(weights);
  policy.reset();
  EXPECT_EQ(reference::Act(*runner, {state, {}}, 3), before);
  EXPECT_THAT(reference::Act(*other, {state, {}}, 3), testing::Each(0.0f));
}

// The sample mean and variance of each block, within four standard errors: σ/√n and σ²√(2/n).
void ExpectNormal(const ParamBlock& block, std::span<const float> weights, double variance) {
  const auto values = weights.subspan(block.offset, block.size());
  const double n = block.size();
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const float v : values) squares += v * static_cast<double>(v);
  EXPECT_NEAR(mean, 0, 4 * std::sqrt(variance / n)) << block.name;
  EXPECT_NEAR(squares / n, variance, 4 * variance * std::sqrt(2 / n)) << block.name;
}

TEST(Mlp, StartsAtTheDocumentedDistribution) {
  const auto policy =
      MakeMlp({.hidden = {80, 50}, .initial_scale = 1.5, .initial_output_scale = 0.1},
              {.state_size = 40, .action_size = 60});
  std::vector<float> weights(policy->layout().size(), 7.0f);
  RandomStream random(1, Stream::kInitialParameters, 0, 0);
  policy->Initialize(random, weights);
  const auto& layout = policy->layout();
  ExpectNormal(reference::Block(layout, "layer0/weight"), weights, 1.5 * 1.5 / 40);
  ExpectNormal(reference::Block(layout, "layer1/weight"), weights, 1.5 * 1.5 / 80);
  ExpectNormal(reference::Block(layout, "output/weight"), weights, 0.1 * 0.1 / 50);
  for (const std::string name : {"layer0/bias", "layer1/bias", "output/bias"}) {
    const ParamBlock& bias = reference::Block(layout, name);
    EXPECT_THAT(
        std::vector(weights.begin() + bias.offset, weights.begin() + bias.offset + bias.size()),
        testing::Each(0.0f))
        << name;
  }
}

TEST(Mlp, ActAllocatesNothing) {
  const auto policy = MakeMlp({.hidden = {64, 64}},
                              {.state_size = 17, .pixels = PixelSpec{16, 16, 3}, .action_size = 6});
  const auto weights = reference::Normals(policy->layout().size(), 1);
  const auto state = reference::Normals(17, 2);
  Image image(16, 16, 3);
  std::vector<float> action(6);
  const auto runner = policy->MakeRunner();
  const AllocationCounter counter;
  runner->Bind(weights);
  runner->Reset();
  for (int i = 0; i < 10; ++i) runner->Act({state, image.view()}, action);
  EXPECT_EQ(counter.count(), 0);
}

TEST(Mlp, TooManyWeightsShowTheArithmetic) {
  try {
    MakeMlp({.hidden = {20'000, 20'000}}, kContext);
    FAIL() << "accepted 400 million weights";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("layer 'layer1' needs 20000 inputs × 20000 outputs + 20000 "
                                        "biases = 400020000 weights, after 120000 before it"));
  }
}

TEST(RegisterPolicies, ReadsOptionsByName) {
  Registry registry;
  RegisterPolicies(registry);
  EXPECT_THAT(registry.policies().Names(), ElementsAre("linear", "lstm", "mlp"));
  config::Diagnostics diagnostics;
  config::Node node = config::ParseYaml("{name: mlp, hidden: [9], activation: elu}", "p.yaml");
  const auto factory = registry.policies().Read(node, "policy", diagnostics);
  diagnostics.ThrowIfAny();
  EXPECT_EQ(factory->Make(kContext)->layout().size(), 9 * 6 + 3 * 10);
}

TEST(RegisterPolicies, OptionsOutOfRangeAreReported) {
  Registry registry;
  RegisterPolicies(registry);
  config::Diagnostics diagnostics;
  config::Node node = config::ParseYaml(
      "{name: mlp, hidden: [0], activation: tahn, initial_scale: -1, pixel_range: full}", "p.yaml");
  registry.policies().Read(node, "policy", diagnostics);
  EXPECT_EQ(diagnostics.messages().size(), 4u);
}

}  // namespace
}  // namespace saccade

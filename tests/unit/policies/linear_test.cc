#include "policies/linear/linear.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/runtime/allocation_counter.h"
#include "tests/unit/policies/reference.h"

namespace saccade {
namespace {

using testing::HasSubstr;

std::string ErrorOf(const PolicyContext& context) {
  try {
    MakeLinear({}, context);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "no error";
}

TEST(Linear, HasOneWeightPerInputAndActionAndABias) {
  const PolicyContext context{.state_size = 17, .action_size = 6};
  EXPECT_EQ(MakeLinear({}, context)->layout().ToString(), "output/weight 6×17, output/bias 6×1");
  EXPECT_EQ(MakeLinear({.bias = false}, context)->layout().ToString(), "output/weight 6×17");
}

TEST(Linear, IsAMatrixVectorProduct) {
  for (const bool bias : {false, true}) {
    const auto policy = MakeLinear({.bias = bias}, {.state_size = 17, .action_size = 6});
    const auto weights = reference::Normals(policy->layout().size(), 1);
    const auto state = reference::Normals(17, 2);
    const auto runner = policy->MakeRunner();
    runner->Bind(weights);
    reference::ExpectNear(
        reference::Act(*runner, {state, {}}, 6),
        reference::Dense(policy->layout(), "output", weights, reference::FromFloats(state), bias));
  }
}

TEST(Linear, StartsAtZero) {
  const auto policy = MakeLinear({}, {.state_size = 3, .action_size = 2});
  std::vector<float> weights(policy->layout().size(), 7.0f);
  RandomStream random(1, Stream::kTest, 0, 0);
  policy->Initialize(random, weights);
  EXPECT_THAT(weights, testing::Each(0.0f));
}

// With the identity as its matrix the policy shows its input: the state, then the pixels row by
// row, scaled to their range with both ends exact.
TEST(Linear, SeesTheStateThenThePixels) {
  const PolicyContext context{.state_size = 2, .pixels = PixelSpec{2, 1, 3}, .action_size = 8};
  const std::vector<float> state = {-3.0f, 5.0f};
  Image image(2, 1, 3);
  const std::vector<std::uint8_t> bytes = {0, 255, 51, 102, 153, 204};
  std::copy(bytes.begin(), bytes.end(), image.view().data);
  for (const std::string range : {"unit", "signed"}) {
    const auto policy = MakeLinear({.bias = false, .input = {.pixel_range = range}}, context);
    std::vector<float> identity(64);
    for (int i = 0; i < 8; ++i) identity[9 * i] = 1;
    const auto runner = policy->MakeRunner();
    runner->Bind(identity);
    const auto seen = reference::Act(*runner, {state, image.view()}, 8);
    EXPECT_EQ(seen[0], -3.0f);
    EXPECT_EQ(seen[1], 5.0f);
    for (int i = 0; i < 6; ++i) {
      const double unit = bytes[i] / 255.0;
      EXPECT_NEAR(seen[2 + i], range == "unit" ? unit : 2 * unit - 1, 4 * reference::kUnit);
    }
    EXPECT_EQ(seen[2], range == "unit" ? 0.0f : -1.0f);
    EXPECT_EQ(seen[3], 1.0f);
  }
}

TEST(Linear, SizesThatDoNotFitShowTheArithmetic) {
  EXPECT_THAT(ErrorOf({.action_size = 2}),
              HasSubstr("nothing to see, 0 state values + 0 × 0 × 0 pixel values = 0 inputs"));
  EXPECT_THAT(ErrorOf({.state_size = 2}), HasSubstr("the environment has 0 actions"));
  EXPECT_THAT(ErrorOf({.pixels = PixelSpec{100'000, 100'000, 3}, .action_size = 1}),
              HasSubstr("0 state values + 100000 × 100000 × 3 pixel values are more than 268435456 "
                        "inputs; use smaller images"));
  EXPECT_THAT(ErrorOf({.state_size = 268'435'457, .action_size = 1}),
              HasSubstr("268435457 state values + 0 × 0 × 0 pixel values are more than 268435456"));
  EXPECT_THAT(ErrorOf({.pixels = PixelSpec{8192, 8192, 3}, .action_size = 2}),
              HasSubstr("layer 'output' needs 201326592 inputs × 2 outputs + 2 biases = 402653186 "
                        "weights, after 0 before it; a policy has at most 268435456"));
}

TEST(Linear, ObservationsOfAnotherSizeAreABug) {
  const auto policy = MakeLinear({}, {.state_size = 3, .action_size = 2});
  const auto runner = policy->MakeRunner();
  const std::vector<float> state(4);
  std::vector<float> action(2);
  EXPECT_DEATH(runner->Act({state, {}}, action), "observation.state.size");
  EXPECT_DEATH(runner->Act({std::span(state).first(3), {}}, std::span(action).first(1)), "y.size");
}

}  // namespace
}  // namespace saccade

#include "policies/lstm/lstm.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/runtime/allocation_counter.h"
#include "tests/unit/policies/reference.h"

namespace saccade {
namespace {

const PolicyContext kContext{.state_size = 5, .action_size = 3};

// The recurrence of the header, in double precision with plain loops. The bounds: |σ'| <= 1/4,
// |tanh'| <= 1, |σ|, |tanh| <= 1, and each product or sum rounds once.
class ReferenceLstm {
 public:
  ReferenceLstm(const ParamLayout& layout, std::span<const float> weights, int units)
      : layout_(layout), weights_(weights), cell_(units), hidden_(units) {}

  reference::Vector Act(const reference::Vector& x) {
    reference::Vector input = x;
    input.insert(input.end(), hidden_.begin(), hidden_.end());
    const reference::Vector z = reference::Dense(layout_, "lstm", weights_, input);
    const std::size_t units = cell_.size();
    for (std::size_t k = 0; k < units; ++k) {
      const reference::Value i = Sigmoid(z[k]);
      const reference::Value f = Sigmoid(z[units + k]);
      const reference::Value g = Tanh(z[2 * units + k]);
      const reference::Value o = Sigmoid(z[3 * units + k]);
      cell_[k] = Sum(Product(f, cell_[k]), Product(i, g));
      hidden_[k] = Product(o, Tanh(cell_[k]));
    }
    return reference::Dense(layout_, "output", weights_, hidden_);
  }

 private:
  static reference::Value Sigmoid(const reference::Value& z) {
    return {1 / (1 + std::exp(-z.value)), z.error / 4 + reference::kTanhError};
  }
  static reference::Value Tanh(const reference::Value& z) {
    return {std::tanh(z.value), z.error + reference::kTanhError};
  }
  static reference::Value Product(const reference::Value& a, const reference::Value& b) {
    const double value = a.value * b.value;
    return {value, std::abs(a.value) * b.error + std::abs(b.value) * a.error + a.error * b.error +
                       reference::kUnit * std::abs(value)};
  }
  static reference::Value Sum(const reference::Value& a, const reference::Value& b) {
    const double value = a.value + b.value;
    return {value, a.error + b.error + 2 * reference::kUnit * std::abs(value)};
  }

  const ParamLayout& layout_;
  std::span<const float> weights_;
  reference::Vector cell_;
  reference::Vector hidden_;
};

TEST(Lstm, LayoutNamesEveryBlockInOrder) {
  EXPECT_EQ(MakeLstm({.hidden = 4}, kContext)->layout().ToString(),
            "lstm/weight 16×9, lstm/bias 16×1, output/weight 3×4, output/bias 3×1");
  EXPECT_EQ(MakeLstm({.hidden = 4, .encoder = {8, 6}}, kContext)->layout().ToString(),
            "encoder0/weight 8×5, encoder0/bias 8×1, encoder1/weight 6×8, encoder1/bias 6×1, "
            "lstm/weight 16×10, lstm/bias 16×1, output/weight 3×4, output/bias 3×1");
}

TEST(Lstm, FollowsItsEquationsStepByStep) {
  constexpr int kUnits = 7;  // not a multiple of a vector register
  const auto policy = MakeLstm({.hidden = kUnits}, kContext);
  const auto weights = reference::Normals(policy->layout().size(), 1, 0.5);
  const auto runner = policy->MakeRunner();
  runner->Bind(weights);
  runner->Reset();
  ReferenceLstm expected(policy->layout(), weights, kUnits);
  for (int step = 0; step < 5; ++step) {
    const auto state = reference::Normals(5, 10 + step);
    SCOPED_TRACE(step);
    reference::ExpectNear(reference::Act(*runner, {state, {}}, 3),
                          expected.Act(reference::FromFloats(state)));
  }
}

TEST(Lstm, EncodesBeforeItRemembers) {
  const auto policy = MakeLstm({.hidden = 4, .encoder = {6}}, kContext);
  const auto weights = reference::Normals(policy->layout().size(), 1, 0.5);
  const auto state = reference::Normals(5, 2);
  const auto runner = policy->MakeRunner();
  runner->Bind(weights);
  const auto encoded = reference::Tanh(
      reference::Dense(policy->layout(), "encoder0", weights, reference::FromFloats(state)));
  reference::ExpectNear(reference::Act(*runner, {state, {}}, 3),
                        ReferenceLstm(policy->layout(), weights, 4).Act(encoded));
}

// One unit, by hand: b = (i, f, g, o) only, so with s = σ(0) = 1/2 for the zero gates
//   c₁ = ½ tanh(g), c₂ = ½ c₁ + ½ tanh(g), h = ½ tanh(c).
TEST(Lstm, KeepsGatesInTheDocumentedOrder) {
  const auto policy = MakeLstm({.hidden = 1}, {.state_size = 1, .action_size = 1});
  const auto& layout = policy->layout();
  std::vector<float> weights(layout.size(), 0.0f);
  weights[reference::Block(layout, "output/weight").offset] = 1;
  const int bias = reference::Block(layout, "lstm/bias").offset;
  weights[bias + 2] = 0.75f;
  const auto runner = policy->MakeRunner();
  const std::vector<float> state = {1.0f};
  runner->Bind(weights);
  const double g = std::tanh(0.75);
  EXPECT_NEAR(reference::Act(*runner, {state, {}}, 1)[0], 0.5 * std::tanh(0.5 * g),
              4 * reference::kTanhError);
  EXPECT_NEAR(reference::Act(*runner, {state, {}}, 1)[0], 0.5 * std::tanh(0.75 * g),
              4 * reference::kTanhError);
  weights[bias + 1] = 100;  // forget gate open: nothing decays
  weights[bias + 3] = 100;  // output gate open
  runner->Bind(weights);
  reference::Act(*runner, {state, {}}, 1);
  EXPECT_NEAR(reference::Act(*runner, {state, {}}, 1)[0], std::tanh(g), 4 * reference::kTanhError);
  weights[bias] = -100;  // input gate shut: nothing enters
  runner->Bind(weights);
  EXPECT_NEAR(reference::Act(*runner, {state, {}}, 1)[0], 0, 4 * reference::kTanhError);
}

TEST(Lstm, ResetForgetsTheEpisodeAndBindTheWeights) {
  const auto policy = MakeLstm({.hidden = 6, .encoder = {4}}, kContext);
  const auto first = reference::Normals(policy->layout().size(), 1);
  const auto second = reference::Normals(policy->layout().size(), 2);
  const auto state = reference::Normals(5, 3);
  const auto runner = policy->MakeRunner();
  runner->Bind(first);
  const auto start = reference::Act(*runner, {state, {}}, 3);
  const auto later = reference::Act(*runner, {state, {}}, 3);
  EXPECT_NE(start, later) << "it remembers nothing";
  runner->Reset();
  EXPECT_EQ(reference::Act(*runner, {state, {}}, 3), start);
  EXPECT_EQ(reference::Act(*runner, {state, {}}, 3), later);
  runner->Bind(second);
  const auto fresh = policy->MakeRunner();
  fresh->Bind(second);
  EXPECT_EQ(reference::Act(*runner, {state, {}}, 3), reference::Act(*fresh, {state, {}}, 3));
}

TEST(Lstm, StartsRemembering) {
  const auto policy =
      MakeLstm({.hidden = 40, .encoder = {30}}, {.state_size = 20, .action_size = 10});
  const auto& layout = policy->layout();
  std::vector<float> weights(layout.size(), 7.0f);
  RandomStream random(1, Stream::kInitialParameters, 0, 0);
  policy->Initialize(random, weights);
  const int bias = reference::Block(layout, "lstm/bias").offset;
  for (int i = 0; i < 4 * 40; ++i) {
    EXPECT_EQ(weights[bias + i], i / 40 == 1 ? 1.0f : 0.0f) << i;
  }
  const ParamBlock& gates = reference::Block(layout, "lstm/weight");
  double squares = 0;
  for (int i = 0; i < gates.size(); ++i) squares += std::pow(weights[gates.offset + i], 2);
  const double variance = 1.0 / (30 + 40);
  EXPECT_NEAR(squares / gates.size(), variance, 4 * variance * std::sqrt(2.0 / gates.size()));
}

TEST(Lstm, ActAllocatesNothing) {
  const auto policy = MakeLstm({.hidden = 32, .encoder = {16}},
                               {.state_size = 17, .pixels = PixelSpec{8, 8, 1}, .action_size = 6});
  const auto weights = reference::Normals(policy->layout().size(), 1);
  const auto state = reference::Normals(17, 2);
  Image image(8, 8, 1);
  std::vector<float> action(6);
  const auto runner = policy->MakeRunner();
  const AllocationCounter counter;
  runner->Bind(weights);
  runner->Reset();
  for (int i = 0; i < 10; ++i) runner->Act({state, image.view()}, action);
  EXPECT_EQ(counter.count(), 0);
}

TEST(Lstm, TooManyUnitsShowTheArithmetic) {
  try {
    MakeLstm({.hidden = 2'000'000'000}, kContext);
    FAIL() << "accepted two milliards of units";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("4 × 2000000000 × (5 inputs + 2000000000 units)"));
  }
}

}  // namespace
}  // namespace saccade

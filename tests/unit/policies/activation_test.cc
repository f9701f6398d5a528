#include "policies/layers/activation.h"

#include <cmath>
#include <functional>
#include <map>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace saccade {
namespace {

double SigmoidOf(double x) { return 1 / (1 + std::exp(-x)); }

const std::map<std::string, std::function<double(double)>> kDefinitions = {
    {"tanh", [](double x) { return std::tanh(x); }},
    {"sigmoid", SigmoidOf},
    {"relu", [](double x) { return x > 0 ? x : 0; }},
    {"leaky-relu", [](double x) { return x > 0 ? x : 0.01 * x; }},
    {"elu", [](double x) { return x > 0 ? x : std::expm1(x); }},
    {"silu", [](double x) { return x * SigmoidOf(x); }},
    {"gelu",
     [](double x) {
       return x / 2 * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
     }},
    {"softsign", [](double x) { return x / (1 + std::abs(x)); }},
};

class ActivationTest : public testing::TestWithParam<std::string> {};

// The vectorised part and the tail both, at points that include the saturated ends. Each function
// is a handful of operations on numbers of size max(1, |x|), each right to a few units in the last
// place of that size: 16 · 2⁻²⁴ allows eight of them.
TEST_P(ActivationTest, FollowsItsDefinition) {
  const auto& definition = kDefinitions.at(GetParam());
  Eigen::VectorXf x = Eigen::VectorXf::LinSpaced(1003, -20.0f, 20.0f);
  x[0] = -1e4f;
  x[1002] = 1e4f;
  x[501] = 0.0f;
  Eigen::VectorXf y = x;
  FindActivation(GetParam())(y);
  for (int i = 0; i < x.size(); ++i) {
    const double size = std::max(1.0f, std::abs(x[i]));
    EXPECT_NEAR(y[i], definition(x[i]), 16 * 0x1p-24 * size) << "at " << x[i];
  }
}

TEST_P(ActivationTest, TouchesNothingOutsideItsSegment) {
  Eigen::VectorXf x = Eigen::VectorXf::Constant(11, -0.5f);
  FindActivation(GetParam())(x.segment(1, 9));
  EXPECT_EQ(x[0], -0.5f);
  EXPECT_EQ(x[10], -0.5f);
  EXPECT_NE(x[1], -0.5f);
  EXPECT_NE(x[9], -0.5f);
}

INSTANTIATE_TEST_SUITE_P(All, ActivationTest, testing::ValuesIn(ActivationNames()),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(FindActivation, NamesWhatIsThere) {
  EXPECT_EQ(ActivationNames().size(), kDefinitions.size());
  try {
    FindActivation("tahn");
    FAIL() << "accepted an unknown name";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("unknown activation 'tahn'; use one of: tanh, "));
  }
}

}  // namespace
}  // namespace saccade

#include "core/runtime/action_map.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace saccade {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

EnvSpec Spec(double low, double high) {
  EnvSpec spec;
  spec.name = "e";
  spec.action_low = {low};
  spec.action_high = {high};
  return spec;
}

double Map(const std::string& kind, const EnvSpec& spec, float raw) {
  double action = 0;
  ActionMap(kind, spec).Apply({&raw, 1}, {&action, 1});
  return action;
}

TEST(ActionMap, ClipStaysInsideAndLeavesTheInsideAlone) {
  const EnvSpec spec = Spec(-1, 2);
  EXPECT_EQ(Map("clip", spec, -3), -1);
  EXPECT_EQ(Map("clip", spec, 0.5f), 0.5);
  EXPECT_EQ(Map("clip", spec, 5), 2);
  EXPECT_EQ(Map("clip", Spec(-kInfinity, kInfinity), 1e6f), 1e6f);
}

TEST(ActionMap, TanhCoversTheBounds) {
  const EnvSpec spec = Spec(-1, 3);
  EXPECT_EQ(Map("tanh", spec, 0), 1);
  EXPECT_EQ(Map("tanh", spec, 50), 3);
  EXPECT_EQ(Map("tanh", spec, -50), -1);
  EXPECT_DOUBLE_EQ(Map("tanh", spec, 0.5f), -1 + 2 * (1 + std::tanh(0.5)));
}

TEST(ActionMap, TanhRoundsToNothingBeyondThem) { EXPECT_EQ(Map("tanh", Spec(-.01, .12), 99), .12); }

TEST(ActionMap, NonePassesThrough) { EXPECT_EQ(Map("none", Spec(-1, 1), 7), 7); }

TEST(ActionMap, NanIsNotHidden) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const char* kind : {"clip", "tanh", "none"})
    EXPECT_TRUE(std::isnan(Map(kind, Spec(-1, 1), nan)));
}

TEST(ActionMap, TanhRefusesUnboundedActions) {
  try {
    [[maybe_unused]] const ActionMap map("tanh", Spec(-1, kInfinity));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "tanh needs bounds, but action 0 of e is unbounded; use clip or none");
  }
}

}  // namespace
}  // namespace saccade

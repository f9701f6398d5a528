// The tolerance function against calls of the reference's, over every sigmoid.

#include "envs/mujoco/tolerance.h"

#include <gtest/gtest.h>

#include "core/base/npz.h"
#include "tests/parity/fixture.h"

namespace saccade {
namespace {

TEST(Tolerance, EqualsTheReferenceToFourRoundings) {
  const auto file = FixtureFolder() / "tolerance.npz";
  const TensorMap arrays = ReadNpz(file);
  const std::vector<std::string> sigmoids = ReadNpzStrings(file, "sigmoid");
  const auto numbers = [&](const char* name) { return arrays.at(name).Values<double>(); };
  const auto x = numbers("x");
  const auto lower = numbers("lower");
  const auto upper = numbers("upper");
  const auto margin = numbers("margin");
  const auto value = numbers("value_at_margin");
  const auto expected = numbers("expected");
  ASSERT_GT(expected.size(), 100u);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Tolerance tolerance{.lower = lower[i],
                              .upper = upper[i],
                              .margin = margin[i],
                              .sigmoid = SigmoidFromName(sigmoids[i]).value(),
                              .value_at_margin = value[i]};
    EXPECT_NEAR(tolerance(x[i]), expected[i], 1e-15) << sigmoids[i] << " at " << x[i];
    EXPECT_EQ(PreparedTolerance(tolerance)(x[i]), tolerance(x[i])) << sigmoids[i];
  }
}

}  // namespace
}  // namespace saccade

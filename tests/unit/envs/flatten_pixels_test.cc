#include "envs/wrappers/flatten_pixels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/runtime/allocation_counter.h"
#include "tests/unit/envs/lamp.h"

namespace saccade {
namespace {

using testing::ElementsAreArray;

// The state of the lamp and its 2 × 3 × 3 bytes, in their order.
std::vector<double> Observed(int step) {
  std::vector<double> expected = {static_cast<double>(step)};
  for (int i = 0; i < 18; ++i) expected.push_back((10 * i + step) / 255.0);
  return expected;
}

TEST(FlattenPixels, PixelsFollowTheState) {
  const auto blueprint = FlattenPixels(std::make_shared<LampBlueprint>(PixelSpec{2, 3, 3}));
  EXPECT_FALSE(blueprint->spec().pixels.has_value());
  ASSERT_EQ(blueprint->spec().observation.size(), 2U);
  EXPECT_EQ(blueprint->spec().observation[1].name, "pixels");
  const auto env = blueprint->MakeEnv();
  ObservationStorage observation(blueprint->spec());
  env->Reset({}, observation.buffer());
  EXPECT_THAT(observation.state(), ElementsAreArray(Observed(0)));
  const double action[] = {0};
  {
    const AllocationCounter counter;
    EXPECT_EQ(env->Step(action, observation.buffer()).reward, 1);
    EXPECT_EQ(counter.count(), 0);
  }
  EXPECT_THAT(observation.state(), ElementsAreArray(Observed(1)));

  std::vector<double> saved;
  env->SaveState(saved);
  env->Step(action, observation.buffer());
  env->LoadState(saved, observation.buffer());
  EXPECT_THAT(observation.state(), ElementsAreArray(Observed(1)));
  env->SetState({}, observation.buffer());
  EXPECT_THAT(observation.state(), ElementsAreArray(Observed(3)));
}

std::string Refusal(const PixelSpec& pixels, const std::string& entry) {
  try {
    FlattenPixels(std::make_shared<LampBlueprint>(pixels, entry));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(FlattenPixels, RefusesWhatAStateCannotHold) {
  EXPECT_EQ(Refusal({4096, 4096, 192}, "step"),
            "lamp: pixels.flatten makes 4096 × 4096 × 192 numbers of an image, more than "
            "1073741823; use smaller images");
  EXPECT_EQ(Refusal({2, 3, 3}, "pixels"),
            "lamp: the state has an entry 'pixels' already; pixels.flatten adds one of that name");
}

}  // namespace
}  // namespace saccade

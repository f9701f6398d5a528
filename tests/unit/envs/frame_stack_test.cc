#include "envs/wrappers/frame_stack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/unit/envs/lamp.h"

namespace saccade {
namespace {

using testing::ElementsAreArray;

constexpr PixelSpec kImage{2, 3, 2};

// What the lamp shows at the given steps, pixel by pixel, the channels of the first step first.
std::vector<std::uint8_t> Stacked(const std::vector<int>& steps) {
  std::vector<std::uint8_t> bytes;
  for (int pixel = 0; pixel < kImage.height * kImage.width; ++pixel) {
    for (const int step : steps) {
      for (int channel = 0; channel < kImage.channels; ++channel) {
        bytes.push_back(static_cast<std::uint8_t>(10 * (pixel * kImage.channels + channel) + step));
      }
    }
  }
  return bytes;
}

TEST(FrameStack, ShowsTheNewestImagesOldestFirst) {
  const auto blueprint = StackFrames(std::make_shared<LampBlueprint>(kImage), 3);
  ASSERT_EQ(blueprint->spec().pixels->channels, 6);
  const auto env = blueprint->MakeEnv();
  ObservationStorage observation(blueprint->spec());
  const auto shown = [&] {
    const ImageView pixels = observation.buffer().pixels;
    return std::vector<std::uint8_t>(pixels.data, pixels.data + pixels.size());
  };
  const double action[] = {0};

  env->Reset({}, observation.buffer());
  EXPECT_THAT(shown(), ElementsAreArray(Stacked({0, 0, 0})));
  env->Step(action, observation.buffer());
  EXPECT_THAT(shown(), ElementsAreArray(Stacked({0, 0, 1})));
  env->Step(action, observation.buffer());
  EXPECT_THAT(shown(), ElementsAreArray(Stacked({0, 1, 2})));
  std::vector<double> saved;
  env->SaveState(saved);
  env->Step(action, observation.buffer());
  EXPECT_THAT(shown(), ElementsAreArray(Stacked({1, 2, 3})));

  env->LoadState(saved, observation.buffer());
  EXPECT_THAT(shown(), ElementsAreArray(Stacked({0, 1, 2})));
  env->Step(action, observation.buffer());
  EXPECT_THAT(shown(), ElementsAreArray(Stacked({1, 2, 3})));
  env->Reset({}, observation.buffer());
  EXPECT_THAT(shown(), ElementsAreArray(Stacked({0, 0, 0})));

  // States of others: too short for the images, and long enough but no images.
  EXPECT_THROW(env->LoadState(std::span(saved).first(5), observation.buffer()), Error);
  saved[3] = 256;
  EXPECT_THROW(env->LoadState(saved, observation.buffer()), Error);
}

}  // namespace
}  // namespace saccade

// The fast renderer draws what the plain one draws, to rounding.

#include "envs/raycast/simd_renderer.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "core/base/rng.h"
#include "core/runtime/allocation_counter.h"
#include "envs/mujoco/camera.h"
#include "envs/raycast/plain_renderer.h"
#include "tests/unit/envs/raycast/scenes.h"
#include "tests/unit/envs/world.h"

namespace saccade::raycast {
namespace {

using testing_envs::World;

struct Format {
  int height = 84;
  int width = 84;
  int channels = 3;
};

template <class AnyRenderer>
Image Draw(World& world, const RaycastOptions& options, int camera, const Format& format = {}) {
  AnyRenderer renderer(options, {world.model(), format.height, format.width});
  Image image(format.height, format.width, format.channels);
  renderer.Render(world.scene(), camera, image.view());
  return image;
}

// Most values are the same and few differ by more than a level: samples on an edge, and points on the
// border of a shadow's texel, may fall to either side.
void ExpectAlike(const Image& fast, const Image& plain) {
  std::size_t different = 0;
  std::size_t far = 0;
  for (std::size_t i = 0; i < plain.data().size(); ++i) {
    const int difference = std::abs(plain.data()[i] - fast.data()[i]);
    different += static_cast<std::size_t>(difference > 0);
    far += static_cast<std::size_t>(difference > 1);
  }
  const auto size = static_cast<double>(plain.data().size());
  EXPECT_LE(static_cast<double>(different) / size, .01);
  EXPECT_LE(static_cast<double>(far) / size, .001);
}

class EveryDomain : public testing::TestWithParam<const char*> {};

TEST_P(EveryDomain, IsDrawnAsThePlainRendererDoes) {
  World world = World::Suite(GetParam());
  RandomStream random(2, Stream::kBenchmark, 0, 0);
  for (int state = 0; state < 2; ++state) {
    Disturb(world, random);
    for (int camera = kFreeCamera; camera < std::min<int>(world.model()->ncam, 2); ++camera) {
      SCOPED_TRACE(camera);
      ExpectAlike(Draw<SimdRenderer>(world, {}, camera), Draw<PlainRenderer>(world, {}, camera));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Suite, EveryDomain, testing::ValuesIn(kDomains),
                         [](const auto& test) { return std::string(test.param); });

class EveryScene : public testing::TestWithParam<NamedScene> {};

TEST_P(EveryScene, IsDrawnAsThePlainRendererDoes) {
  World world = World::Text(GetParam().mjcf);
  for (int camera = 0; camera < world.model()->ncam; ++camera) {
    SCOPED_TRACE(camera);
    for (const RaycastOptions& options : {RaycastOptions{}, RaycastOptions{.samples = 0},
                                          RaycastOptions{.look = "fast", .skybox = false}}) {
      for (const Format& format : {Format{84, 84}, Format{33, 47, 1}}) {
        ExpectAlike(Draw<SimdRenderer>(world, options, camera, format),
                    Draw<PlainRenderer>(world, options, camera, format));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Own, EveryScene, testing::ValuesIn(kScenes),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(SimdRenderer, EveryInstructionSetGivesTheSameBytes) {
  const std::int64_t all = hwy::SupportedTargets();
  World world = World::Text(kScenes[0].mjcf);
  World cheetah = World::Suite("cheetah");
  const Image expected = Draw<SimdRenderer>(world, {}, 0);
  const Image expected_cheetah = Draw<SimdRenderer>(cheetah, {}, 0);
  for (std::int64_t left = all; left != 0; left &= left - 1) {
    hwy::SetSupportedTargetsForTest(left & -left);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    EXPECT_EQ(Draw<SimdRenderer>(world, {}, 0).data(), expected.data())
        << hwy::TargetName(left & -left);
    EXPECT_EQ(Draw<SimdRenderer>(cheetah, {}, 0).data(), expected_cheetah.data());
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

TEST(SimdRenderer, TheSameStateIsTheSameBytesOnEveryThread) {
  World world = World::Suite("humanoid");
  const Image expected = Draw<SimdRenderer>(world, {}, 0);
  std::vector<Image> images(4);
  {
    std::vector<std::jthread> threads;
    for (Image& image : images) {
      threads.emplace_back([&] { image = Draw<SimdRenderer>(world, {}, 0); });
    }
  }
  for (const Image& image : images) EXPECT_EQ(image.data(), expected.data());
}

// A picture does not depend on those before it, be they larger, smaller or of another camera.
TEST(SimdRenderer, EveryPictureStandsAlone) {
  World world = World::Suite("quadruped");
  SimdRenderer renderer({}, {world.model(), 100, 120});
  for (const Format& format : {Format{100, 120}, Format{20, 30}, Format{84, 84}}) {
    for (int camera = kFreeCamera; camera < 2; ++camera) {
      Image image(format.height, format.width, 3);
      renderer.Render(world.scene(), camera, image.view());
      EXPECT_EQ(image.data(), Draw<SimdRenderer>(world, {}, camera, format).data());
    }
  }
}

TEST(SimdRenderer, AllocatesNothingForAPicture) {
  World world = World::Suite("humanoid");
  SimdRenderer renderer({}, {world.model(), 84, 84});
  Image image(84, 84, 3);
  RandomStream random(3, Stream::kBenchmark, 0, 0);
  for (int i = 0; i < 8; ++i) {  // as much as these states need
    Disturb(world, random);
    renderer.Render(world.scene(), 0, image.view());
  }
  const AllocationCounter counter;
  renderer.Render(world.scene(), 0, image.view());
  EXPECT_EQ(counter.count(), 0);
}

}  // namespace
}  // namespace saccade::raycast

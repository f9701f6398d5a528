// What the fast renderer keeps from picture to picture, and what renderers share.

#include <memory>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/rng.h"
#include "core/runtime/allocation_counter.h"
#include "envs/raycast/simd_renderer.h"
#include "tests/unit/envs/raycast/drawing.h"
#include "tests/unit/envs/raycast/scenes.h"
#include "tests/unit/envs/world.h"

namespace saccade::raycast {
namespace {

using testing_envs::World;

TEST(SimdRenderer, WhatIsRememberedIsWhatWouldBeDrawn) {
  for (const char* domain : {"reacher", "finger", "cartpole", "ball_in_cup"}) {
    for (const RaycastOptions& options : {RaycastOptions{}, RaycastOptions{.look = "fast"}}) {
      World world = World::Suite(domain);
      const RendererContext context = {world.model(), 60, 60};
      const auto assets = std::make_shared<const Assets>(*world.model());
      SimdRenderer renderer(options, context, assets);
      RandomStream random(5, Stream::kBenchmark, 0, 0);
      const auto expect_the_same = [&] {
        Image image(60, 60, 3);
        Image fresh(60, 60, 3);
        renderer.Render(world.scene(), 0, image.view());
        SimdRenderer(options, context, assets).Render(world.scene(), 0, fresh.view());
        EXPECT_EQ(image.data(), fresh.data()) << domain;
      };
      for (int state = 0; state < 5; ++state) {
        Disturb(world, random);
        expect_the_same();
      }
      for (int picture = 0; picture < 4; ++picture) {  // other light, then for longer
        if (picture == 0) world.model()->vis.headlight.diffuse[0] += .2F;
        expect_the_same();
      }
      for (int picture = 0; picture < 4; ++picture) {
        if (picture == 0) world.data()->cam_xpos[0] += .01;
        expect_the_same();
      }
      for (int picture = 0; picture < 4; ++picture) {  // a floor that moves away and comes back
        world.data()->geom_xpos[2] += picture == 0 ? -.01 : picture == 3 ? .01 : 0;
        expect_the_same();
      }
      for (int picture = 0; picture < 4; ++picture) {
        if (picture == 0) world.model()->geom_rgba[0] *= .5F;
        if (picture == 0) world.model()->mat_rgba[0] *= .5F;
        expect_the_same();
      }
    }
  }
}

// More things that come to rest than there are names for.
TEST(SimdRenderer, ForgetsWhoseMemoriesThereAre) {
  std::string geoms;
  for (int i = 0; i < 80; ++i) {
    geoms += fmt::format("<geom type='box' size='.05 .05 .05' pos='{} {} .1' rgba='{} .5 .5 1'/>",
                         .2 * (i % 10) - 1, .02 * (i - i % 10), .1 * (i % 11));
  }
  World world = World::Text(
      "<mujoco><worldbody><light pos='0 0 4'/><camera pos='0 -2 1.5' xyaxes='1 0 0 0 .5 1'/>"
      "<geom type='plane' size='2 2 .2'/>" +
      geoms + "</worldbody></mujoco>");
  SimdRenderer renderer({}, {world.model(), 48, 48});
  for (int picture = 0; picture < 20; ++picture) {
    if (picture % 3 == 0) {
      for (int geom = 1; geom < world.model()->ngeom; ++geom) {
        world.data()->geom_xpos[3 * geom + 2] += .01;
      }
    }
    Image image(48, 48, 3);
    renderer.Render(world.scene(), 0, image.view());
    EXPECT_EQ(image.data(), Draw<SimdRenderer>(world, {}, 0, {48, 48}).data()) << picture;
  }
}

TEST(SimdRenderer, RenderersOfOneBlueprintShareItsAssets) {
  World world = World::Suite("cheetah");
  const SimdBlueprint blueprint({}, {world.model(), 84, 84});
  const auto made = [&](const std::unique_ptr<Renderer>& renderer) {
    Image image(84, 84, 3);
    renderer->Render(world.scene(), 0, image.view());
    return image;
  };
  const auto first = blueprint.MakeRenderer();
  const AllocationCounter counter;
  const auto second = blueprint.MakeRenderer();
  EXPECT_LT(counter.count(), 20);
  EXPECT_EQ(made(first).data(), made(second).data());
}

TEST(SimdRenderer, AllocatesNothingForAPicture) {
  World worlds[] = {World::Suite("humanoid"), World::Text(SceneCalled("GeomsInTheSamePlace"))};
  for (World& world : worlds) {
    SimdRenderer renderer({}, {world.model(), 84, 84});
    Image image(84, 84, 3);
    RandomStream random(3, Stream::kBenchmark, 0, 0);
    for (int i = 0; i < 8; ++i) {  // as much as these states need, moving and standing still
      Disturb(world, random);
      renderer.Render(world.scene(), 0, image.view());
      renderer.Render(world.scene(), 0, image.view());
    }
    const AllocationCounter counter;
    renderer.Render(world.scene(), 0, image.view());
    EXPECT_EQ(counter.count(), 0);
  }
}

}  // namespace
}  // namespace saccade::raycast

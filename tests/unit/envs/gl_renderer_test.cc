#include "envs/mujoco/gl_renderer.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/registry.h"
#include "core/base/error.h"
#include "envs/mujoco/camera.h"
#include "envs/mujoco/gl_register.h"
#include "tests/testing/captured_log.h"
#include "tests/unit/envs/gl_testing.h"

namespace saccade {
namespace {

using testing_gl::Draw;
using testing_gl::DrawOnce;
using testing_gl::GlTest;
using testing_gl::World;

using Colour = std::array<int, 3>;

Colour At(const Image& image, int y, int x) {
  const std::uint8_t* pixel = image.data().data() + 3 * (y * image.width() + x);
  return {pixel[0], pixel[1], pixel[2]};
}

std::set<Colour> ColoursOf(const Image& image) {
  std::set<Colour> colours;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) colours.insert(At(image, y, x));
  }
  return colours;
}

// Four boxes that glow by themselves, seen along -z from straight above, x to the right, y up.
World Quarters() {
  return World::Text(R"(
    <mujoco>
      <visual><headlight ambient='0 0 0' diffuse='0 0 0' specular='0 0 0'/></visual>
      <asset>
        <material name='red' rgba='1 0 0 1' emission='1'/>
        <material name='green' rgba='0 1 0 1' emission='1'/>
        <material name='blue' rgba='0 0 1 1' emission='1'/>
        <material name='white' rgba='1 1 1 1' emission='1'/>
      </asset>
      <worldbody>
        <camera name='above' pos='0 0 10'/>
        <geom type='box' size='5 5 .1' pos='-5 5 0' material='red'/>
        <geom type='box' size='5 5 .1' pos='5 5 0' material='green'/>
        <geom type='box' size='5 5 .1' pos='-5 -5 0' material='blue'/>
        <geom type='box' size='5 5 .1' pos='5 -5 0' material='white'/>
      </worldbody>
    </mujoco>)");
}

// A white diamond that glows, on nothing.
World Diamond() {
  return World::Text(R"(
    <mujoco>
      <visual><headlight ambient='0 0 0' diffuse='0 0 0' specular='0 0 0'/></visual>
      <asset><material name='white' rgba='1 1 1 1' emission='1'/></asset>
      <worldbody>
        <camera name='above' pos='0 0 10'/>
        <geom type='box' size='2 2 .1' euler='0 0 30' material='white'/>
      </worldbody>
    </mujoco>)");
}

using GlRendererTest = GlTest;

TEST_F(GlRendererTest, RowZeroIsOnTopAndColumnZeroOnTheLeft) {
  World world = Quarters();
  const Image image = DrawOnce(world, 0, 30, 50);
  EXPECT_EQ(At(image, 2, 2), (Colour{255, 0, 0}));
  EXPECT_EQ(At(image, 2, 47), (Colour{0, 255, 0}));
  EXPECT_EQ(At(image, 27, 2), (Colour{0, 0, 255}));
  EXPECT_EQ(At(image, 27, 47), (Colour{255, 255, 255}));
}

TEST_F(GlRendererTest, GreyIsTheLumaOfColour) {
  World world = World::Suite("walker");
  GlRenderer renderer({}, {world.model(), 33, 47});
  const Image colour = Draw(renderer, world, 0, 33, 47);
  const Image grey = Draw(renderer, world, 0, 33, 47, 1);
  for (int y = 0; y < 33; ++y) {
    for (int x = 0; x < 47; ++x) {
      const auto [r, g, b] = At(colour, y, x);
      ASSERT_EQ(grey.data()[y * 47 + x], Luma(r, g, b));
    }
  }
}

// An infinite floor, lit from nearby, seen by one camera from above the origin and by one from far
// away.
World InfiniteFloor() {
  return World::Text(R"(
    <mujoco>
      <asset><material name='shiny' specular='1' shininess='.2'/></asset>
      <worldbody>
        <light pos='3000 0 2' dir='0 0 -1'/>
        <camera pos='0 0 3'/>
        <camera pos='3000 0 3'/>
        <geom type='plane' size='0 0 1' material='shiny'/>
      </worldbody>
    </mujoco>)");
}

TEST_F(GlRendererTest, TheLastPictureDoesNotMatter) {
  World world = InfiniteFloor();
  GlRenderer renderer({}, {world.model(), 20, 30});
  const Image first = Draw(renderer, world, 1, 20, 30);
  EXPECT_EQ(Draw(renderer, world, 1, 20, 30).data(), first.data());
  Draw(renderer, world, 0, 20, 30);
  EXPECT_EQ(Draw(renderer, world, 1, 20, 30).data(), first.data());
}

TEST_F(GlRendererTest, AnInfiniteFloorIsEverywhere) {
  World world = InfiniteFloor();
  const Image there = DrawOnce(world, 1, 20, 30);
  EXPECT_EQ(ColoursOf(there).count({0, 0, 0}), 0u);
  EXPECT_GT(ColoursOf(there).size(), 10u);
}

TEST_F(GlRendererTest, TheBufferSizeDoesNotMatter) {
  World world = World::Suite("cheetah");
  GlRenderer large({}, {world.model(), 300, 200});
  const Image from_large = Draw(large, world, 0, 40, 60);
  EXPECT_EQ(from_large.data(), DrawOnce(world, 0, 40, 60).data());
}

TEST_F(GlRendererTest, DrawsMoreThanTheModelReservesAndLeavesTheModelAlone) {
  World world = Quarters();
  world.model()->vis.global.offheight = 16;
  world.model()->vis.global.offwidth = 16;
  const auto vis_of = [](const mjModel* model) {
    return std::tuple(model->vis.global.offheight, model->vis.global.offwidth,
                      model->vis.quality.offsamples);
  };
  const auto before = vis_of(world.model());
  const Image image = DrawOnce(world, 0, 64, 48, {.samples = 0});
  EXPECT_EQ(At(image, 60, 40), (Colour{255, 255, 255}));
  EXPECT_EQ(vis_of(world.model()), before);
}

TEST_F(GlRendererTest, RefusesWhatOpenGlCannotHold) {
  World world = Quarters();
  const int most = MakeGlContext("auto")->info().max_size;
  try {
    GlRenderer renderer({}, {world.model(), 8, most + 1});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_THAT(error.what(), testing::HasSubstr("at most " + std::to_string(most) + " a side"));
  }
  try {
    GlRenderer renderer({.supersampling = 2}, {world.model(), 8, most / 2 + 1});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_THAT(error.what(), testing::HasSubstr("pixels, supersampled 2 times, is too large"));
  }
}

TEST_F(GlRendererTest, ShadowsFallWhereTheLightDoesNot) {
  // The light falls at 45 degrees towards +x, so a box 3 above the floor darkens the floor at x
  // = 3.
  World world = World::Text(R"(
    <mujoco>
      <visual><headlight ambient='0 0 0' diffuse='0 0 0' specular='0 0 0'/></visual>
      <worldbody>
        <light type='directional' pos='-5 0 5' dir='1 0 -1' diffuse='1 1 1' specular='0 0 0'/>
        <camera name='above' pos='0 0 20' fovy='45'/>
        <geom type='plane' size='10 10 1' rgba='1 1 1 1'/>
        <geom type='box' size='1 1 .1' pos='0 0 3'/>
      </worldbody>
    </mujoco>)");
  const auto floor_at = [](const Image& image, double x) {
    const double half_view = 20 * std::tan(45.0 / 2 * M_PI / 180);
    return At(image, 50, static_cast<int>(50 + 50 * x / half_view))[0];
  };
  const Image with = DrawOnce(world, 0, 100, 100);
  const Image without = DrawOnce(world, 0, 100, 100, {.shadows = false});
  EXPECT_EQ(floor_at(with, 3), 0);
  EXPECT_GT(floor_at(with, -3), 100);
  EXPECT_GT(floor_at(without, 3), 100);
  EXPECT_GT(floor_at(without, -3), 100);
}

TEST_F(GlRendererTest, ReflectionsComeAndGo) {
  World world = World::Text(R"(
    <mujoco>
      <asset>
        <material name='mirror' rgba='0 0 0 1' reflectance='1'/>
        <material name='glow' rgba='1 0 0 1' emission='1'/>
      </asset>
      <worldbody>
        <camera name='low' pos='0 -10 1' euler='90 0 0'/>
        <geom type='plane' size='20 20 1' material='mirror'/>
        <geom type='sphere' size='1' pos='0 0 2' material='glow'/>
      </worldbody>
    </mujoco>)");
  const auto red_rows = [](const Image& image) {
    std::set<int> rows;
    for (int y = 0; y < image.height(); ++y) {
      const auto [r, g, b] = At(image, y, image.width() / 2);
      if (r > 150 && g < 100 && b < 100) rows.insert(y);
    }
    return rows;
  };
  const std::set<int> with = red_rows(DrawOnce(world, 0, 80, 80));
  const std::set<int> without = red_rows(DrawOnce(world, 0, 80, 80, {.reflections = false}));
  ASSERT_FALSE(without.empty());
  // The horizon is the middle row; the sphere is above it, its image below.
  EXPECT_LT(*without.rbegin(), 40);
  EXPECT_GT(*with.rbegin(), 40);
  EXPECT_THAT(with, testing::IsSupersetOf(without));
}

TEST_F(GlRendererTest, WithoutSkyTheBackgroundIsBlack) {
  World world = World::Suite("cheetah");
  EXPECT_NE(At(DrawOnce(world, 0, 84, 84), 0, 0), (Colour{0, 0, 0}));
  EXPECT_EQ(At(DrawOnce(world, 0, 84, 84, {.skybox = false}), 0, 0), (Colour{0, 0, 0}));
}

TEST_F(GlRendererTest, SamplesBlendTheEdges) {
  World world = Diamond();
  EXPECT_THAT(ColoursOf(DrawOnce(world, 0, 64, 64, {.samples = 0})),
              testing::ElementsAre(Colour{0, 0, 0}, Colour{255, 255, 255}));
  // n samples are covered to k/n: at most n + 1 levels of grey.
  EXPECT_THAT(ColoursOf(DrawOnce(world, 0, 64, 64, {.samples = 4})),
              testing::SizeIs(testing::AllOf(testing::Gt(2), testing::Le(5))));
  world.model()->vis.quality.offsamples = 0;
  EXPECT_THAT(ColoursOf(DrawOnce(world, 0, 64, 64)), testing::SizeIs(2));
}

TEST_F(GlRendererTest, SupersamplingIsTheMeanOfALargerImage) {
  World world = Diamond();
  const Image large = DrawOnce(world, 0, 36, 48, {.samples = 0});
  const Image small = DrawOnce(world, 0, 12, 16, {.samples = 0, .supersampling = 3});
  EXPECT_THAT(ColoursOf(small), testing::SizeIs(testing::Gt(2)));
  for (int y = 0; y < 12; ++y) {
    for (int x = 0; x < 16; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        int sum = 0;
        for (int i = 0; i < 9; ++i) sum += At(large, 3 * y + i / 3, 3 * x + i % 3)[channel];
        ASSERT_NEAR(At(small, y, x)[channel], sum / 9.0, 0.5) << y << ' ' << x;
      }
    }
  }
}

TEST_F(GlRendererTest, TheFreeCameraShowsTheWholeModel) {
  World world = Diamond();
  const Image image = DrawOnce(world, kFreeCamera, 64, 64);
  EXPECT_NE(At(image, 32, 32), (Colour{0, 0, 0}));
  for (const int y : {0, 63}) {
    for (int x = 0; x < 64; ++x) ASSERT_EQ(At(image, y, x), (Colour{0, 0, 0}));
  }
}

TEST_F(GlRendererTest, GivesTheSameBytesFromAnyThreadAndDisplay) {
  World world = World::Suite("cartpole");
  GlRenderer renderer({}, {world.model(), 48, 48});
  const Image first = Draw(renderer, world, 0, 48, 48);
  for (int i = 0; i < 3; ++i) {
    std::thread([&] { EXPECT_EQ(Draw(renderer, world, 0, 48, 48).data(), first.data()); }).join();
    EXPECT_EQ(Draw(renderer, world, 0, 48, 48).data(), first.data());
    EXPECT_EQ(DrawOnce(world, 0, 48, 48).data(), first.data());  // takes turns with the display
  }
}

TEST_F(GlRendererTest, ManyThreadsDrawAtOnce) {
  World shared = World::Suite("walker");
  std::vector<Image> expected;
  for (const int camera : {0, 1, -1}) expected.push_back(DrawOnce(shared, camera, 32, 32));
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      const std::unique_ptr<mjData, void (*)(mjData*)> data(mj_makeData(shared.model()),
                                                            mj_deleteData);
      mj_forward(shared.model(), data.get());
      for (int life = 0; life < 2; ++life) {
        GlRenderer renderer({}, {shared.model(), 32, 32});
        Image image(32, 32, 3);
        for (int frame = 0; frame < 6; ++frame) {
          const int camera = frame % 3 == 2 ? -1 : frame % 3;
          renderer.Render({shared.model(), data.get()}, camera, image.view());
          EXPECT_EQ(image.data(), expected[frame % 3].data());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(GlRendererTest, SaysWhatDrawsAndWarnsOnceOfSoftware) {
  const testing_tools::CapturedLog log;
  World world = Quarters();
  const auto renderer =
      std::make_unique<GlRenderer>(GlRendererOptions{}, RendererContext{world.model(), 8, 8});
  DrawOnce(world, 0, 8, 8);
  if (renderer->software()) {
    EXPECT_THAT(renderer->description(), testing::HasSubstr(" (software): "));
    // At most: another test of this process may have been told before.
    EXPECT_THAT(log.lines(), testing::SizeIs(testing::Le(1)));
    EXPECT_THAT(log.lines(),
                testing::Each(testing::HasSubstr("warning: MuJoCo draws in software")));
  } else {
    EXPECT_THAT(renderer->description(), testing::HasSubstr(" (hardware): "));
    EXPECT_THAT(log.lines(), testing::Each(testing::HasSubstr("note: MuJoCo draws with")));
  }
}

TEST_F(GlRendererTest, IsRegisteredWithItsOptions) {
  Registry registry;
  RegisterGlRenderer(registry);
  const auto factory = registry.renderers().Find("gl");
  ASSERT_NE(factory, nullptr);
  std::vector<std::string> fields;
  for (const config::FieldDoc& field : config::Describe(config::VisitOf(*factory))) {
    fields.push_back(field.path + "=" + field.default_value);
  }
  EXPECT_THAT(fields, testing::ElementsAre("backend=auto", "shadows=true", "reflections=true",
                                           "skybox=true", "samples=-1", "supersampling=1"));
  World world = Quarters();
  Image image(20, 20, 3);
  const auto blueprint = factory->Make({world.model(), 20, 20});
  blueprint->MakeRenderer()->Render(world.scene(), 0, image.view());
  EXPECT_EQ(At(image, 1, 1), (Colour{255, 0, 0}));
}

class GlRendererDeathTest : public GlTest {
 protected:
  GlRendererDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// Exit handlers of the driver run before ours; a renderer that still lives must not trip them.
TEST_F(GlRendererDeathTest, TheProgramMayEndWithALivingRenderer) {
  EXPECT_EXIT(
      {
        World world = Quarters();
        static GlRenderer renderer({}, {world.model(), 16, 16});
        Draw(renderer, world, 0, 16, 16);
        std::exit(0);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(GlRendererDeathTest, AnotherModelOrCameraOrSizeIsABug) {
  World world = Quarters();
  World other = Diamond();
  GlRenderer renderer({}, {world.model(), 16, 16});
  EXPECT_DEATH(Draw(renderer, other, 0, 16, 16), "signature");
  EXPECT_DEATH(Draw(renderer, world, 1, 16, 16), "ncam");
  EXPECT_DEATH(Draw(renderer, world, 0, 17, 16), "offHeight");
  EXPECT_DEATH(Draw(renderer, world, 0, 16, 16, 2), "channels");
}

// Upright, and red in the first byte.
TEST(GlRenderer, TheModelsOwnTexturesChangeNothing) {
  World world = World::Suite("cheetah");
  const mjModel& m = *world.model();
  const GlBlueprint blueprint({}, {world.model(), 48, 64});
  const auto renderer = blueprint.MakeRenderer();
  const auto draw = [&] {
    Image image(48, 64, 3);
    renderer->Render(world.scene(), 0, image.view());
    return image;
  };
  const Image before = draw();
  for (const int id : {0, 1}) {
    ASSERT_EQ(m.tex_nchannel[id], 3);
    const ImageView own = {m.tex_data + m.tex_adr[id], m.tex_height[id], m.tex_width[id], 3};
    Image other(own.width, own.width, 3);
    renderer->UseTexture(id, blueprint.MakeTexture(id, other.view()));
    EXPECT_NE(draw().data(), before.data());
    renderer->UseTexture(id, blueprint.MakeTexture(id, own));
    EXPECT_EQ(draw().data(), before.data());
  }
}

}  // namespace
}  // namespace saccade

// The fast renderer draws what the plain one draws, to rounding.

#include "envs/raycast/simd_renderer.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "core/base/error.h"
#include "core/base/rng.h"
#include "envs/mujoco/camera.h"
#include "envs/raycast/plain_renderer.h"
#include "tests/testing/captured_log.h"
#include "tests/unit/envs/raycast/drawing.h"
#include "tests/unit/envs/raycast/odd_scenes.h"
#include "tests/unit/envs/raycast/scenes.h"
#include "tests/unit/envs/world.h"

namespace saccade::raycast {
namespace {

using testing_envs::World;

// Values differ by a level at most where rounding falls to another side (of a smooth gradient, one in
// thirty), and few by more: samples on an edge, and points on the border of a shadow's texel, may fall
// to either side.
void ExpectAlike(const Image& fast, const Image& plain) {
  std::size_t different = 0;
  std::size_t far = 0;
  for (std::size_t i = 0; i < plain.data().size(); ++i) {
    const int difference = std::abs(plain.data()[i] - fast.data()[i]);
    different += static_cast<std::size_t>(difference > 0);
    far += static_cast<std::size_t>(difference > 1);
  }
  const auto size = static_cast<double>(plain.data().size());
  EXPECT_LE(static_cast<double>(different) / size, .05);
  EXPECT_LE(static_cast<double>(far) / size, .001);
}

// But for samples on an edge, the same objects at the same distances.
void ExpectSameGeometry(World& world, int camera, const Format& format) {
  const RendererContext context = {world.model(), format.height, format.width};
  SimdRenderer fast({}, context);
  PlainRenderer plain({}, context);
  const Geometry ours = Geometry::Of(fast, world, camera, format.height, format.width);
  const Geometry theirs = Geometry::Of(plain, world, camera, format.height, format.width);
  double other = 0;
  for (std::size_t i = 0; i < theirs.depth.size(); ++i) {
    const bool same = ours.object(i) == theirs.object(i) &&
                      std::abs(ours.depth[i] - theirs.depth[i]) <= 1e-3F * theirs.depth[i];
    other += same ? 0 : 1;
  }
  EXPECT_LE(other / static_cast<double>(theirs.depth.size()), .002);
}

class EveryDomain : public testing::TestWithParam<const char*> {};

TEST_P(EveryDomain, IsDrawnAsThePlainRendererDoes) {
  World world = World::Suite(GetParam());
  RandomStream random(2, Stream::kBenchmark, 0, 0);
  for (int state = 0; state < 2; ++state) {
    Disturb(world, random);
    for (const int camera : {kFreeCamera, 0}) {
      SCOPED_TRACE(camera);
      const Format format{64, 64};
      ExpectAlike(Draw<SimdRenderer>(world, {}, camera, format),
                  Draw<PlainRenderer>(world, {}, camera, format));
      ExpectSameGeometry(world, camera, format);
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
    ExpectSameGeometry(world, camera, {84, 84});
  }
}

// By who drew it before, and now from here, now from there.
TEST_P(EveryScene, IsDrawnAgainAsByWhoNeverSawIt) {
  World world = World::Text(GetParam().mjcf);
  SimdRenderer renderer({}, {world.model(), 48, 48});
  for (int picture = 0; picture < 8; ++picture) {
    const int camera = picture < 4 ? 0 : picture % world.model()->ncam;
    Image image(48, 48, 3);
    renderer.Render(world.scene(), camera, image.view());
    EXPECT_EQ(image.data(), Draw<SimdRenderer>(world, {}, camera, {48, 48}).data()) << picture;
  }
}

INSTANTIATE_TEST_SUITE_P(Own, EveryScene, testing::ValuesIn(kScenes),
                         [](const auto& test) { return std::string(test.param.name); });

void ExpectSame(World& world, const Format& format) {
  for (const RaycastOptions& options : {RaycastOptions{}, RaycastOptions{.look = "fast"}}) {
    ExpectAlike(Draw<SimdRenderer>(world, options, 0, format),
                Draw<PlainRenderer>(world, options, 0, format));
  }
}

INSTANTIATE_TEST_SUITE_P(Odd, EveryScene, testing::ValuesIn(kOddScenes),
                         [](const auto& test) { return std::string(test.param.name); });

// Poses and sizes that are no numbers, or none that can be seen.
TEST(BothRenderers, DrawTheSameOfWhatCannotBeSeen) {
  World world = World::Text(R"(
    <mujoco>
      <asset>
        <texture name='t' type='2d' builtin='checker' width='3' height='5'/>
        <texture name='c' type='cube' builtin='gradient' width='1' height='6'/>
        <material name='t' texture='t' texrepeat='90 1e-6' reflectance='.5'/>
        <material name='c' texture='c' texuniform='true'/>
      </asset>
      <worldbody>
        <light pos='0 0 1'/>
        <camera pos='0 0 1' euler='70 0 0'/>
        <geom type='plane' size='0 0 1' material='t'/>
        <body pos='0 0 1'><freejoint/><geom size='.5' material='c'/></body>
        <body pos='0 2 1'><freejoint/><geom type='box' size='.1 .1 .1' material='t'/></body>
        <body pos='1 2 1'><freejoint/><geom type='capsule' size='.1 .2' rgba='1 0 0 .3'/></body>
      </worldbody>
    </mujoco>)");
  const auto set = [&](mjtNum* values, int count, double strange) {
    std::fill(values, values + count, strange);
  };
  for (const double strange :
       {std::nan(""), std::numeric_limits<double>::infinity(), 1e300, 1e30, 1e10, 0.0}) {
    SCOPED_TRACE(strange);
    // Sizes of 0, and numbers that double precision can draw with and single cannot, must do no harm.
    const auto compare = [&](const Format& format) {
      if (std::isfinite(strange)) {
        Draw<SimdRenderer>(world, {}, 0, format);
        Draw<PlainRenderer>(world, {}, 0, format);
      } else {
        ExpectSame(world, format);
      }
    };
    const int count = static_cast<int>(world.model()->ngeom);
    set(world.data()->geom_xpos, 3 * count, strange);
    set(world.model()->geom_size + 3, 3 * (count - 1), strange);
    compare({7, 9});
    compare({1, 1});
    set(world.data()->geom_xmat, 9 * count, strange);
    compare({7, 9});
    mj_forward(world.model(), world.data());
  }
  Draw<SimdRenderer>(world, {}, 0, {0, 0});
}

// Below an endless floor that one sees through, the sky's pieces are drawn one by one; where one looks
// straight down, borders of the cylinder's lid run through the middle of a row of an odd picture, and
// every pixel there has several pieces.
TEST(SimdRenderer, ManyPiecesOfTheSkyInARow) {
  World world = World::Text(R"(<mujoco>
    <asset><texture type='skybox' builtin='gradient' rgb1='.3 .5 .7' width='32' height='32'/></asset>
    <worldbody>
      <light pos='0 0 3'/>
      <camera pos='0 0 2'/>
      <geom type='plane' size='0 0 1' rgba='1 1 1 .3'/>
    </worldbody>
  </mujoco>)");
  ExpectSame(world, {85, 85});
}

// Pixels are written several at a time.
TEST(SimdRenderer, WritesNothingBehindThePicture) {
  World world = World::Suite("cheetah");
  const auto assets = std::make_shared<Assets>(*world.model());
  constexpr std::uint8_t kGuard = 123;
  for (const char* look : {"reference", "fast"}) {
    RaycastOptions options;
    options.look = look;
    for (int width = 1; width <= 40; ++width) {
      SimdRenderer renderer(options, {world.model(), 2, width}, assets);
      for (const int channels : {1, 3}) {
        Image buffer(1, 2 * width * channels + 64, 1);
        std::fill_n(buffer.view().data, buffer.view().size(), kGuard);
        const ImageView picture{buffer.view().data, 2, width, channels};
        renderer.Render(world.scene(), 0, picture);
        EXPECT_TRUE(std::all_of(buffer.data().begin() + static_cast<std::ptrdiff_t>(picture.size()),
                                buffer.data().end(), [](int byte) { return byte == kGuard; }))
            << look << ", " << width << " pixels of " << channels;
      }
    }
  }
}

// More geoms than lanes, bits of a word or bytes have.
TEST(BothRenderers, DrawTheSameOfThousandsOfGeoms) {
  std::string geoms;
  for (int i = 0; i < 3000; ++i) {
    const int column = i % 20;
    const int row = i / 20 % 15;
    const int layer = i / 300;
    geoms += fmt::format("<geom type='{}' size='.02 .02 .02' pos='{} {} {}' rgba='{} .5 .5 1'/>",
                         i % 3 == 0   ? "box"
                         : i % 3 == 1 ? "sphere"
                                      : "ellipsoid",
                         .1 * column - 1, .1 * row, .1 * layer, .1 * (i % 11));
  }
  World world = World::Text(
      "<mujoco><worldbody><light pos='0 0 4'/><camera pos='0 -2 1.5' xyaxes='1 0 0 0 .5 1'/>"
      "<geom type='plane' size='2 2 .2'/>" +
      geoms + "</worldbody></mujoco>");
  const Format format{48, 48};
  ExpectAlike(Draw<SimdRenderer>(world, {}, 0, format), Draw<PlainRenderer>(world, {}, 0, format));
}

// Farther from the middle of the screen than single precision is trusted.
TEST(BothRenderers, DrawTheSameOfSmallBallsFarFromTheMiddle) {
  std::string geoms;
  for (int i = 0; i < 5; ++i)
    geoms += fmt::format("<geom size='.002' pos='{} 0 0'/>", .9 + .01 * i);
  World world = World::Text(
      "<mujoco><worldbody><light pos='0 0 3'/>"
      "<camera pos='0 -2 0' xyaxes='1 0 0 0 0 1' fovy='.1'/>" +
      geoms + "</worldbody></mujoco>");
  const Format format{8, 4400};
  ExpectAlike(Draw<SimdRenderer>(world, {}, 0, format), Draw<PlainRenderer>(world, {}, 0, format));
}

// Pictures in a row, of states with much in them that is hidden, touches or coincides.
std::vector<Image> Pictures(World& world) {
  SimdRenderer renderer({}, {world.model(), 84, 84});
  RandomStream random(4, Stream::kBenchmark, 0, 0);
  std::vector<Image> pictures;
  for (int i = 0; i < 80; ++i) {
    if (world.model()->nq > 0) Disturb(world, random);
    pictures.emplace_back(84, 84, 3);
    renderer.Render(world.scene(), kFreeCamera, pictures.back().view());
  }
  return pictures;
}

void ExpectTheSameWithEveryInstructionSet(World world) {
  const std::int64_t all = hwy::SupportedTargets();
  const std::vector<Image> expected = Pictures(world);
  for (std::int64_t left = all; left != 0; left &= left - 1) {
    hwy::SetSupportedTargetsForTest(left & -left);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    const std::vector<Image> pictures = Pictures(world);
    int other = 0;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      other += pictures[i].data() == expected[i].data() ? 0 : 1;
    }
    EXPECT_EQ(other, 0) << hwy::TargetName(left & -left);
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

TEST(SimdRenderer, EveryInstructionSetGivesTheSameBytes) {
  ExpectTheSameWithEveryInstructionSet(World::Text(kScenes[0].mjcf));
  for (const char* domain : {"walker", "humanoid", "ball_in_cup", "reacher"}) {
    SCOPED_TRACE(domain);
    ExpectTheSameWithEveryInstructionSet(World::Suite(domain));
  }
}

// Where depth decides nothing, rounding would.
TEST(SimdRenderer, EveryInstructionSetSeesTheSameOfWhatCoincides) {
  ExpectTheSameWithEveryInstructionSet(World::Text(R"(
    <mujoco>
      <worldbody>
        <light pos='0 0 3'/>
        <body pos='0 0 .3'>
          <freejoint/>
          <geom type='box' size='.4 .3 .2' rgba='1 0 0 1'/>
          <geom type='box' size='.4 .3 .2' rgba='0 1 0 1'/>
          <geom type='box' size='.2 .3 .4' rgba='0 0 1 1'/>
          <geom type='capsule' size='.3 .4' rgba='1 1 0 1'/>
          <geom type='capsule' size='.3 .4' rgba='0 1 1 1'/>
        </body>
      </worldbody>
    </mujoco>)"));
}

// Of pieces smaller than a pixel as many as there are lanes are drawn together, and where two of them
// meet, a sample may be as far away on one as on the other.
TEST(SimdRenderer, EveryInstructionSetSeesTheSameOfWhatIsSmall) {
  std::string bodies;
  for (int i = 0; i < 200; ++i) {
    bodies += fmt::format(
        "<body pos='{} {} 0'><freejoint/><geom type='{}' size='{} .03' rgba='1 .6 .3 1'/></body>",
        .1 * (i % 20) - 1, .1 * (i / 20) - .5, i % 2 == 0 ? "capsule" : "cylinder",
        .005 * (1 + i % 7));
  }
  ExpectTheSameWithEveryInstructionSet(
      World::Text("<mujoco><worldbody><light pos='0 0 3'/>" + bodies + "</worldbody></mujoco>"));
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

// A ball of radius ½, a glass site before it, and nothing around them.
TEST(SimdRenderer, FindsObjectsAndHowFarTheyAre) {
  World world = World::Text(R"(
    <mujoco>
      <statistic extent='2'/>
      <worldbody>
        <camera pos='0 -3 0' xyaxes='1 0 0 0 0 1'/>
        <camera pos='0 -3 0' xyaxes='1 0 0 0 0 1' projection='orthographic' fovy='2'/>
        <geom size='.1' pos='0 0 -5'/>
        <geom size='.5' pos='.4 0 0'/>
        <site type='box' size='.1 .1 .1' pos='-.4 -1 0' rgba='0 0 1 .2'/>
      </worldbody>
    </mujoco>)");
  constexpr int kSide = 101;  // so that there is a pixel in the middle
  constexpr std::size_t kMiddleRow = kSide * (kSide / 2);
  SimdRenderer renderer({}, {world.model(), kSide, kSide});
  const auto far = static_cast<float>(world.model()->vis.map.zfar * world.model()->stat.extent);
  // Where a point right of the middle is in the picture: its pixel, of half a picture `half` wide.
  const auto pixel = [](double x, double half) {
    return kMiddleRow + static_cast<std::size_t>(std::floor(kSide / 2. * (1 + x / half)));
  };
  const double half = 3 * std::tan(22.5 * M_PI / 180);  // fovy is 45° by default, 3 m away
  for (const auto& [camera, ball, site] :
       {std::tuple(0, pixel(.4 * 3 / 2.5, half), pixel(-.4 * 3 / 1.9, half)),
        std::tuple(1, pixel(.4, 1), pixel(-.4, 1))}) {
    SCOPED_TRACE(camera);
    const Geometry geometry = Geometry::Of(renderer, world, camera, kSide, kSide);
    EXPECT_EQ(geometry.object(ball), std::pair(1, static_cast<int>(mjOBJ_GEOM)));
    EXPECT_NEAR(geometry.depth[ball], 2.5, .03);
    EXPECT_EQ(geometry.object(site), std::pair(0, static_cast<int>(mjOBJ_SITE)));
    EXPECT_NEAR(geometry.depth[site], 1.9, 1e-4);
    EXPECT_EQ(geometry.object(0), std::pair(-1, -1));
    EXPECT_FLOAT_EQ(geometry.depth[0], far);
  }
}

TEST(SimdRenderer, FindsWhatIsAskedForOnly) {
  World world = World::Suite("cheetah");
  SimdRenderer renderer({}, {world.model(), 20, 30});
  const Geometry both = Geometry::Of(renderer, world, 0, 20, 30);
  Geometry one = both;
  std::fill(one.depth.begin(), one.depth.end(), 0.F);
  renderer.RenderGeometry(world.scene(), 0, {20, 30, one.depth.data(), nullptr});
  EXPECT_EQ(one.depth, both.depth);
  std::fill(one.segmentation.begin(), one.segmentation.end(), 0);
  renderer.RenderGeometry(world.scene(), 0, {20, 30, nullptr, one.segmentation.data()});
  EXPECT_EQ(one.segmentation, both.segmentation);
  renderer.RenderGeometry(world.scene(), 0, {0, 0, nullptr, nullptr});
}

// What stands still before a fixed camera is remembered; nothing of that may be seen.
TEST(BothRenderers, SupersamplingIsTheMeanOfALargerPicture) {
  World world = World::Suite("cheetah");
  const RaycastOptions fast{.look = "fast"};
  RaycastOptions supersampled = fast;
  supersampled.supersampling = 3;
  for (const int channels : {1, 3}) {
    const auto expect_mean = [&](Image large, const Image& small) {
      Image mean(20, 30, channels);
      Shrink(large.view(), 3, mean.view());
      EXPECT_EQ(small.data(), mean.data());
    };
    expect_mean(Draw<SimdRenderer>(world, fast, 0, {60, 90}),
                Draw<SimdRenderer>(world, supersampled, 0, {20, 30, channels}));
    expect_mean(Draw<PlainRenderer>(world, fast, 0, {60, 90}),
                Draw<PlainRenderer>(world, supersampled, 0, {20, 30, channels}));
  }
}

TEST(BothRenderers, NameTheNumbersOfFacetsThatTheyCannotDraw) {
  for (const char* quality : {"numslices='2'", "numstacks='1'", "numquads='0'"}) {
    World world = World::Text(fmt::format(
        "<mujoco><visual><quality {}/></visual><worldbody><geom type='capsule' size='1 1'/>"
        "</worldbody></mujoco>",
        quality));
    const RendererContext context = {world.model(), 8, 8};
    EXPECT_THROW(SimdRenderer({}, context), Error) << quality;
    EXPECT_THROW(PlainRenderer({}, context), Error) << quality;
  }
}

// Once in the life of the process, which is this test's.
TEST(SimdRenderer, SaysThatItDrawsNoFlexes) {
  World world = World::Text(
      "<mujoco><worldbody><flexcomp name='cloth' type='grid' count='3 3 1' spacing='.1 .1 .1' "
      "radius='.01' dim='2'/></worldbody></mujoco>");
  ASSERT_EQ(world.model()->nflex, 1);
  const testing_tools::CapturedLog log;
  Draw<SimdRenderer>(world, {}, kFreeCamera);
  Draw<SimdRenderer>(world, {}, kFreeCamera);
  EXPECT_EQ(log.lines(), std::vector<std::string>{
                             "warning: the renderer raycast does not draw flexes; gl does"});
}

// What core/api/renderer.h says of azimuth and elevation.
TEST(SimdRenderer, AnOrbitIsACameraThatStandsThere) {
  World world = World::Text(R"(
    <mujoco>
      <visual><global fovy='40'/></visual>
      <worldbody>
        <light pos='0 0 4'/>
        <camera pos='-3 0 1' xyaxes='0 -1 0 0 0 1' fovy='40'/>
        <camera pos='1 -2 3' xyaxes='1 0 0 0 1 1' fovy='40'/>
        <geom type='plane' size='3 3 .2'/>
        <geom type='box' size='.2 .4 .3' pos='.3 .2 .3' rgba='1 0 0 1'/>
        <geom size='.2' pos='-.4 -.3 1' rgba='0 1 0 1'/>
      </worldbody>
    </mujoco>)");
  const Orbit orbits[] = {{{0, 0, 1}, 3, 0, 0}, {{1, 0, 1}, std::sqrt(8.0), 90, -45}};
  SimdRenderer renderer({}, {world.model(), 84, 84});
  for (const int camera : {0, 1}) {
    Image orbit(84, 84, 3);
    renderer.Render(world.scene(), Viewpoint(orbits[camera]), orbit.view());
    ExpectAlike(orbit, Draw<SimdRenderer>(world, {}, camera));
  }
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

// Of the model's triangles and textures there is one copy for all.
}  // namespace
}  // namespace saccade::raycast

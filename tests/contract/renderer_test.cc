// The contract of core/api/renderer.h, for every registered renderer.

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/contract/everything.h"

namespace saccade::contract {
namespace {

struct Geometry {
  Geometry(int its_height, int its_width) : height(its_height), width(its_width) {
    depth.assign(std::size_t{1} * height * width, -1);
    segmentation.assign(2 * depth.size(), -7);
  }
  GeometryView view() { return {height, width, depth.data(), segmentation.data()}; }

  int height;
  int width;
  std::vector<float> depth;
  std::vector<std::int32_t> segmentation;
};

class EveryRenderer : public testing::TestWithParam<std::string> {
 protected:
  static constexpr int kHeight = 24;
  static constexpr int kWidth = 32;

  EveryRenderer() {
    config::Node node = config::ParseYaml("{name: cheetah-run}", "test");
    config::Diagnostics diagnostics;
    const auto env_factory = Everything().envs().Read(node, "env", diagnostics);
    blueprint_ = env_factory->Make({&Everything().renderers()});
    env_ = MakeEnv(*blueprint_);
    storage_ = std::make_unique<ObservationStorage>(blueprint_->spec());
    Reset(0);
    renderers_ =
        Everything().renderers().Find(GetParam())->Make({blueprint_->model(), kHeight, kWidth});
  }

  void SetUp() override {
    try {
      renderer_ = renderers_->MakeRenderer();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kEnvironment) throw;
      GTEST_SKIP() << error.what();  // a machine without OpenGL
    }
  }

  void Reset(std::uint32_t episode) {
    env_->Reset({1, Stream::kTest, 0, episode}, storage_->buffer());
  }

  Image Draw(Renderer& renderer, int height = kHeight, int width = kWidth, int channels = 3) {
    Image image(height, width, channels);
    renderer.Render(env_->scene(), 0, image.view());
    return image;
  }

  std::shared_ptr<const EnvBlueprint> blueprint_;
  std::unique_ptr<Env> env_;
  std::unique_ptr<ObservationStorage> storage_;
  std::shared_ptr<const RendererBlueprint> renderers_;
  std::unique_ptr<Renderer> renderer_;
};

INSTANTIATE_TEST_SUITE_P(Renderer, EveryRenderer,
                         testing::ValuesIn(Everything().renderers().Names()),
                         [](const auto& test) { return test.param; });

TEST_P(EveryRenderer, SaysWhatDraws) { EXPECT_NE(renderer_->description(), ""); }

TEST_P(EveryRenderer, DrawsAStateInOneWay) {
  const Image first = Draw(*renderer_);
  Reset(1);
  const Image other = Draw(*renderer_);
  EXPECT_NE(other.data(), first.data());
  Draw(*renderer_, kHeight / 2, kWidth / 3);
  EXPECT_EQ(Draw(*renderer_).data(), other.data());
  EXPECT_EQ(Draw(*renderers_->MakeRenderer()).data(), other.data());
  Reset(0);
  EXPECT_EQ(Draw(*renderer_).data(), first.data());
}

TEST_P(EveryRenderer, DrawsFromAnOrbit) {
  const auto draw = [&](const Viewpoint& viewpoint) {
    Image image(kHeight, kWidth, 3);
    renderer_->Render(env_->scene(), viewpoint, image.view());
    return image;
  };
  const Image camera = Draw(*renderer_);
  const Image free = draw(kFreeCamera);
  const Orbit before{{0, 0, 1}, 4, 90, -20};
  const Image orbit = draw(Viewpoint(before));
  EXPECT_NE(orbit.data(), free.data());
  EXPECT_NE(orbit.data(), camera.data());
  Orbit around = before;
  around.azimuth += 360;
  EXPECT_EQ(draw(Viewpoint(around)).data(), orbit.data());
  around.azimuth += 90;
  EXPECT_NE(draw(Viewpoint(around)).data(), orbit.data());
  EXPECT_EQ(Draw(*renderer_).data(), camera.data());
}

// The sky's, which is a cube, and the floor's. A capability, which all that are registered here have.
TEST_P(EveryRenderer, DrawsOtherTexturesInTheirPlaces) {
  const Image before = Draw(*renderer_);
  Image red(64, 64, 3);
  Image blue(16, 16, 3);
  for (std::size_t i = 0; i < red.data().size(); i += 3) red.view().data[i] = 200;
  for (std::size_t i = 2; i < blue.data().size(); i += 3) blue.view().data[i] = 200;
  for (const int id : {0, 1}) {
    const auto first = renderers_->MakeTexture(id, red.view());
    const auto second = renderers_->MakeTexture(id, blue.view());
    renderer_->UseTexture(id, first);
    const Image with_first = Draw(*renderer_);
    renderer_->UseTexture(id, second);
    const Image with_second = Draw(*renderer_);
    EXPECT_NE(with_first.data(), before.data()) << id;
    EXPECT_NE(with_second.data(), with_first.data()) << id;
    const auto other = renderers_->MakeRenderer();
    EXPECT_EQ(Draw(*other).data(), before.data()) << id;  // it is nobody else's concern
    other->UseTexture(id, second);
    EXPECT_EQ(Draw(*other).data(), with_second.data()) << id;
    renderer_->UseTexture(id, nullptr);
    EXPECT_EQ(Draw(*renderer_).data(), before.data()) << id;
  }
}

TEST_P(EveryRenderer, RefusesCubesOfAnotherShape) {
  Image wide(16, 24, 3);
  EXPECT_NO_THROW(renderers_->MakeTexture(1, wide.view()));
  try {
    renderers_->MakeTexture(0, wide.view());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_STREQ(error.what(),
                 "an image of 16 × 24 pixels cannot be a cube's texture: it needs to be as high as "
                 "wide, or six times as high");
  }
}

TEST_P(EveryRenderer, MovesFromThreadToThread) {
  const Image here = Draw(*renderer_);
  Image there;
  std::jthread([&] { there = Draw(*renderer_); }).join();
  EXPECT_EQ(there.data(), here.data());
  EXPECT_EQ(Draw(*renderer_).data(), here.data());
}

TEST_P(EveryRenderer, DrawsOneChannelAsLuma) {
  const Image rgb = Draw(*renderer_);
  const Image grey = Draw(*renderer_, kHeight, kWidth, 1);
  for (std::size_t i = 0; i < grey.data().size(); ++i) {
    const std::uint8_t* pixel = rgb.data().data() + 3 * i;
    ASSERT_EQ(grey.data()[i], Luma(pixel[0], pixel[1], pixel[2])) << i;
  }
}

TEST_P(EveryRenderer, FillsGeometryAndChangesNoPicture) {
  const Image before = Draw(*renderer_);
  Geometry geometry(kHeight, kWidth);
  renderer_->RenderGeometry(env_->scene(), 0, geometry.view());
  EXPECT_EQ(Draw(*renderer_).data(), before.data());
  EXPECT_THAT(geometry.depth, testing::Each(testing::Gt(0)));
  EXPECT_THAT(geometry.segmentation, testing::Each(testing::Ge(-1)));
  const auto [nearest, farthest] =
      std::minmax_element(geometry.depth.begin(), geometry.depth.end());
  EXPECT_LT(*nearest, *farthest);  // a cheetah before its floor
  bool has_object = false;
  for (std::size_t i = 0; i < geometry.depth.size(); ++i) {
    const bool is_none = geometry.segmentation[2 * i] == -1;
    EXPECT_EQ(geometry.segmentation[2 * i + 1] == -1, is_none) << i;
    has_object = has_object || !is_none;
  }
  EXPECT_TRUE(has_object);

  // Each of the two may be left out, and a smaller picture asked for.
  Geometry half(kHeight, kWidth);
  renderer_->RenderGeometry(env_->scene(), 0, {kHeight, kWidth, half.depth.data(), nullptr});
  EXPECT_EQ(half.depth, geometry.depth);
  renderer_->RenderGeometry(env_->scene(), 0, {kHeight, kWidth, nullptr, half.segmentation.data()});
  EXPECT_EQ(half.segmentation, geometry.segmentation);
  Geometry small(kHeight / 2, kWidth / 2);
  renderer_->RenderGeometry(env_->scene(), 0, small.view());
  EXPECT_THAT(small.depth, testing::Each(testing::Gt(0)));
}

}  // namespace
}  // namespace saccade::contract

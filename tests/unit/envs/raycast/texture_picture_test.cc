// Pictures in the place of a model's textures.

#include <cstring>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/rng.h"
#include "envs/raycast/simd_renderer.h"
#include "tests/unit/envs/world.h"

namespace saccade::raycast {
namespace {

using testing_envs::World;

constexpr int kSky = 0;
constexpr int kFloor = 1;

Image Noise(int height, int width, std::uint32_t index) {
  Image image(height, width, 3);
  RandomStream random(1, Stream::kTest, 0, index);
  for (std::size_t i = 0; i < image.data().size(); ++i) {
    image.view().data[i] = static_cast<std::uint8_t>(random.Uniform(0, 256));
  }
  return image;
}

class TexturePictureTest : public testing::Test {
 protected:
  TexturePictureTest() { mj_forward(world_.model(), world_.data()); }

  Image Draw(Renderer& renderer) {
    Image image(48, 64, 3);
    renderer.Render(world_.scene(), 0, image.view());
    return image;
  }
  std::unique_ptr<Renderer> Make() const { return blueprint_.MakeRenderer(); }

  World world_ = World::Suite("cheetah");
  SimdBlueprint blueprint_{{}, {world_.model(), 48, 64}};
};

TEST_F(TexturePictureTest, IsWhatTheModelWouldHave) {
  mjModel& m = *world_.model();
  const auto changed = Make();
  for (const int id : {kSky, kFloor}) {
    Image noise = Noise(m.tex_height[id], m.tex_width[id], 0);
    changed->UseTexture(id, blueprint_.MakeTexture(id, noise.view()));
    ASSERT_EQ(m.tex_nchannel[id], 3);
    std::memcpy(m.tex_data + m.tex_adr[id], noise.data().data(), noise.data().size());
  }
  SimdRenderer of_the_model({}, {world_.model(), 48, 64});
  EXPECT_EQ(Draw(*changed).data(), Draw(of_the_model).data());
}

TEST_F(TexturePictureTest, OneSquareIsAllFacesOfACube) {
  Image square = Noise(32, 32, 0);
  Image column(6 * 32, 32, 3);
  for (std::size_t face = 0; face < 6; ++face) {
    std::memcpy(column.view().data + face * square.data().size(), square.data().data(),
                square.data().size());
  }
  const auto one = Make();
  one->UseTexture(kSky, blueprint_.MakeTexture(kSky, square.view()));
  const auto six = Make();
  six->UseTexture(kSky, blueprint_.MakeTexture(kSky, column.view()));
  EXPECT_EQ(Draw(*one).data(), Draw(*six).data());
}

// A video: every picture is new, at a place in memory where another one was.
TEST_F(TexturePictureTest, ChangesFromPictureToPicture) {
  const auto renderer = Make();
  for (std::uint32_t i = 0; i < 30; ++i) {
    for (const int id : {kSky, kFloor}) {
      Image noise = Noise(32, 32, 2 * i + static_cast<std::uint32_t>(id));
      renderer->UseTexture(id, nullptr);
      renderer->UseTexture(id, blueprint_.MakeTexture(id, noise.view()));
    }
    const auto fresh = Make();
    for (const int id : {kSky, kFloor}) {
      Image noise = Noise(32, 32, 2 * i + static_cast<std::uint32_t>(id));
      fresh->UseTexture(id, blueprint_.MakeTexture(id, noise.view()));
    }
    ASSERT_EQ(Draw(*renderer).data(), Draw(*fresh).data()) << i;
  }
}

}  // namespace
}  // namespace saccade::raycast

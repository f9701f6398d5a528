// How near the pictures without OpenGL are to MuJoCo's own, which is what an image is.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/rng.h"
#include "envs/raycast/simd_renderer.h"
#include "tests/testing/psnr.h"
#include "tests/unit/envs/gl_testing.h"
#include "tests/unit/envs/raycast/scenes.h"

namespace saccade::raycast {
namespace {

using testing_gl::GlTest;
using testing_gl::World;

// Both renderers of a world, for images of one size.
class Pair {
 public:
  Pair(World& world, int height, int width)
      : world_(world),
        height_(height),
        width_(width),
        gl_({}, {world.model(), height, width}),
        ours_({}, {world.model(), height, width}) {}

  double PsnrOf(int camera) {
    Image theirs(height_, width_, 3);
    Image ours(height_, width_, 3);
    gl_.Render(world_.scene(), camera, theirs.view());
    ours_.Render(world_.scene(), camera, ours.view());
    return testing_tools::Psnr(theirs, ours);
  }

  // Of pixels away from edges, how many show the same object at the same distance, to a hundredth.
  double SameGeometry(int camera) {
    const Geometry theirs = Geometry::Of(gl_, world_, camera, height_, width_);
    const Geometry ours = Geometry::Of(ours_, world_, camera, height_, width_);
    double count = 0;
    double same = 0;
    for (std::size_t i = 0; i < theirs.depth.size(); ++i) {
      if (!theirs.IsInside(i)) continue;
      count += 1;
      const bool is_near = std::abs(ours.depth[i] - theirs.depth[i]) <= .01F * theirs.depth[i];
      same += is_near && ours.object(i) == theirs.object(i) ? 1 : 0;
    }
    return same / count;
  }

 private:
  World& world_;
  int height_;
  int width_;
  GlRenderer gl_;
  SimdRenderer ours_;
};

class EveryDomain : public GlTest, public testing::WithParamInterface<const char*> {};

TEST_P(EveryDomain, LooksLikeOpenGl) {
  World world = World::Suite(GetParam());
  Pair pair(world, 84, 84);
  RandomStream random(1, Stream::kBenchmark, 0, 0);
  std::vector<double> psnr;
  for (int state = 0; state < 4; ++state) {
    Disturb(world, random);
    for (int camera = 0; camera < std::min<int>(world.model()->ncam, 2); ++camera) {
      psnr.push_back(pair.PsnrOf(camera));
      EXPECT_GE(pair.SameGeometry(camera), .99);
    }
  }
  std::sort(psnr.begin(), psnr.end());
  EXPECT_GE(psnr.front(), 40);
  EXPECT_GE(psnr[(psnr.size() - 1) / 2], 46);
}

INSTANTIATE_TEST_SUITE_P(Suite, EveryDomain, testing::ValuesIn(kDomains),
                         [](const auto& test) { return std::string(test.param); });

class EveryScene : public GlTest, public testing::WithParamInterface<NamedScene> {};

TEST_P(EveryScene, LooksLikeOpenGl) {
  World world = World::Text(GetParam().mjcf);
  Pair pair(world, 120, 160);
  for (int camera = 0; camera < world.model()->ncam; ++camera) {
    EXPECT_GE(pair.PsnrOf(camera), GetParam().decibels) << "camera " << camera;
    EXPECT_GE(pair.SameGeometry(camera), .99) << "camera " << camera;
  }
}

INSTANTIATE_TEST_SUITE_P(Own, EveryScene, testing::ValuesIn(kScenes),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace saccade::raycast

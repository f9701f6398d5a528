#include "envs/mujoco/bare_rays.h"

#include <cmath>

#include <gtest/gtest.h>

#include "envs/raycast/simd_renderer.h"
#include "tests/unit/envs/raycast/scenes.h"
#include "tests/unit/envs/world.h"

namespace saccade {
namespace {

using testing_envs::World;

// Boxes and planes are the same in flat facets and for rays.
TEST(BareRays, MeetWhatAPictureShows) {
  World world = World::Text(R"(
    <mujoco>
      <worldbody>
        <camera pos='0 -3 1' xyaxes='1 .2 0 0 .3 1' fovy='50'/>
        <geom type='plane' size='2 2 .1'/>
        <geom type='box' size='.4 .5 .6' pos='.3 0 .5' euler='10 20 30'/>
      </worldbody>
    </mujoco>)");
  constexpr int kHeight = 40;
  constexpr int kWidth = 60;
  const RendererContext context = {world.model(), kHeight, kWidth};
  raycast::SimdRenderer renderer({}, context);
  const auto geometry = raycast::Geometry::Of(renderer, world, 0, kHeight, kWidth);
  BareRays caster(context);
  const std::vector<double>& rays = caster.Cast(world.scene(), 0);
  const double half = std::tan(25 * M_PI / 180);
  int count = 0;
  for (std::size_t i = 0; i < rays.size(); ++i) {
    if (!geometry.IsInside(i)) continue;
    ++count;
    const double x = (static_cast<double>(i % kWidth) + .5 - kWidth / 2.) / (kHeight / 2.) * half;
    const double y = (static_cast<double>(i / kWidth) + .5 - kHeight / 2.) / (kHeight / 2.) * half;
    const double along = rays[i] / std::sqrt(1 + x * x + y * y);
    const bool is_something = geometry.object(i).first >= 0;
    EXPECT_EQ(rays[i] >= 0, is_something) << i;
    if (is_something) {
      EXPECT_NEAR(along, geometry.depth[i], 1e-3 * geometry.depth[i]) << i;
    }
  }
  EXPECT_GT(count, kHeight * kWidth / 2);
}

}  // namespace
}  // namespace saccade

// What the tests of the OpenGL renderer share.

#ifndef SACCADE_TESTS_UNIT_ENVS_GL_TESTING_H_
#define SACCADE_TESTS_UNIT_ENVS_GL_TESTING_H_

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/image.h"
#include "envs/mujoco/gl_context.h"
#include "envs/mujoco/gl_renderer.h"
#include "tests/unit/envs/world.h"

namespace saccade::testing_gl {

using testing_envs::World;

// Skips, with the reason, where there is no OpenGL.
class GlTest : public testing::Test {
 protected:
  void SetUp() override {
    try {
      MakeGlContext("auto");
    } catch (const Error& error) {
      GTEST_SKIP() << error.what();
    }
  }
};

inline Image Draw(GlRenderer& renderer, World& world, int camera, int height, int width,
                  int channels = 3) {
  Image image(height, width, channels);
  renderer.Render(world.scene(), camera, image.view());
  return image;
}

inline Image DrawOnce(World& world, int camera, int height, int width,
                      const GlRendererOptions& options = {}) {
  GlRenderer renderer(options, {world.model(), height, width});
  return Draw(renderer, world, camera, height, width);
}

}  // namespace saccade::testing_gl

#endif  // SACCADE_TESTS_UNIT_ENVS_GL_TESTING_H_

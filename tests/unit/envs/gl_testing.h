// What the tests of the OpenGL renderer share.

#ifndef SACCADE_TESTS_UNIT_ENVS_GL_TESTING_H_
#define SACCADE_TESTS_UNIT_ENVS_GL_TESTING_H_

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <mujoco/mujoco.h>

#include "core/base/error.h"
#include "core/base/image.h"
#include "envs/mujoco/gl_context.h"
#include "envs/mujoco/gl_renderer.h"

namespace saccade::testing_gl {

// A model with its state, after mj_forward.
class World {
 public:
  // A model of the Control Suite, or any MJCF text.
  static World Suite(const std::string& domain) {
    return World(fmt::format("{}/{}.xml", SACCADE_SUITE_MODELS, domain), nullptr);
  }
  static World Text(const std::string& mjcf) {
    std::unique_ptr<mjVFS, void (*)(mjVFS*)> files(new mjVFS, [](mjVFS* vfs) {
      mj_deleteVFS(vfs);
      delete vfs;
    });
    mj_defaultVFS(files.get());
    mj_addBufferVFS(files.get(), "world.xml", mjcf.data(), static_cast<int>(mjcf.size()));
    return World("world.xml", files.get());
  }

  mjModel* model() { return model_.get(); }
  mjData* data() { return data_.get(); }
  Scene scene() { return {model_.get(), data_.get()}; }

 private:
  World(const std::string& file, const mjVFS* files)
      : model_(Load(file, files), mj_deleteModel), data_(mj_makeData(model_.get()), mj_deleteData) {
    mj_forward(model_.get(), data_.get());
  }

  static mjModel* Load(const std::string& file, const mjVFS* files) {
    char problem[1000] = "";
    mjModel* model = mj_loadXML(file.c_str(), files, problem, sizeof(problem));
    if (model == nullptr) throw std::runtime_error(file + ": " + problem);
    return model;
  }

  std::unique_ptr<mjModel, void (*)(mjModel*)> model_;
  std::unique_ptr<mjData, void (*)(mjData*)> data_;
};

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

// A MuJoCo model with its state, for tests that need no environment around it.

#ifndef SACCADE_TESTS_UNIT_ENVS_WORLD_H_
#define SACCADE_TESTS_UNIT_ENVS_WORLD_H_

#include <memory>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <mujoco/mujoco.h>

#include "core/api/env.h"

namespace saccade::testing_envs {

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

}  // namespace saccade::testing_envs

#endif  // SACCADE_TESTS_UNIT_ENVS_WORLD_H_

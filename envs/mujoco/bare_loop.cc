#include "envs/mujoco/bare_loop.h"

#include <mujoco/mujoco.h>

#include <algorithm>

#include "envs/mujoco/task.h"

namespace saccade {

void RunBareLoop(const Scene& scene, std::span<const double> controls, int substeps) {
  const mjModel& model = *scene.model;
  mjData& data = *scene.data;
  for (; !controls.empty(); controls = controls.subspan(static_cast<std::size_t>(model.nu))) {
    std::copy_n(controls.begin(), model.nu, data.ctrl);
    StepLegacy(model, data, substeps);
  }
}

}  // namespace saccade

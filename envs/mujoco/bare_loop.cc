#include "envs/mujoco/bare_loop.h"

#include <algorithm>

#include <mujoco/mujoco.h>

namespace saccade {

double TimeOf(const Scene& scene) { return scene.data->time; }

int ControlsOf(const Scene& scene) { return static_cast<int>(scene.model->nu); }

void RunBareLoop(const Scene& scene, std::span<const double> controls, int substeps, int steps) {
  const mjModel& model = *scene.model;
  mjData& data = *scene.data;
  for (; !controls.empty(); controls = controls.subspan(static_cast<std::size_t>(model.nu))) {
    std::copy_n(controls.begin(), model.nu, data.ctrl);
    for (int i = 0; i < substeps && steps > 0; ++i, --steps) mj_step(&model, &data);
  }
}

StateCopy CopyState(const Scene& scene) {
  return StateCopy(mj_copyData(nullptr, scene.model, scene.data));
}

void StateDeleter::operator()(mjData_* data) const { mj_deleteData(data); }

}  // namespace saccade

#include "envs/mujoco/task.h"

namespace saccade {

void StepLegacy(const mjModel& m, mjData& d, int substeps) {
  if (m.opt.integrator == mjINT_RK4) {
    for (int i = 0; i < substeps; ++i) mj_step(&m, &d);
  } else {
    mj_step2(&m, &d);
    for (int i = 1; i < substeps; ++i) mj_step(&m, &d);
  }
  mj_step1(&m, &d);
}

}  // namespace saccade

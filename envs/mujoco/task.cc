#include "envs/mujoco/task.h"

namespace saccade {
namespace {

// What mj_step does after mj_step1.
void FinishStep(const mjModel& m, mjData& d) {
  if (m.opt.integrator != mjINT_RK4) return mj_step2(&m, &d);
  // mj_step2 would integrate with Euler's method.
  mj_forwardSkip(&m, &d, mjSTAGE_VEL, /*skipsensor=*/0);
  mj_checkAcc(&m, &d);
  mj_RungeKutta(&m, &d, 4);
}

}  // namespace

void Simulation::Step(int substeps) { StepLegacy(physics, data, substeps); }

void StepLegacy(const mjModel& m, mjData& d, int substeps) {
  FinishStep(m, d);
  for (int i = 1; i < substeps; ++i) mj_step(&m, &d);
  mj_step1(&m, &d);
}

}  // namespace saccade

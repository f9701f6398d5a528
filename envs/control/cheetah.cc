// A two-legged runner in a plane: run forward.

#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/tolerance.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

class Cheetah : public Task {
 public:
  explicit Cheetah(const mjModel& m) : velocity_(SensorAddress(m, "torso_subtreelinvel")) {}

  std::vector<ObservationEntry> observation() const override {
    return {{"position", 8}, {"velocity", 9}};
  }

  // The random pose falls for 200 physics steps before the episode begins. These steps start from
  // the derived quantities of the default pose, because the reference makes no forward in between.
  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    const mjModel& m = simulation.model;
    for (int joint = 0; joint < m.njnt; ++joint) {
      if (m.jnt_limited[joint] == 0) continue;
      const double* range = m.jnt_range + 2 * joint;
      simulation.data.qpos[m.jnt_qposadr[joint]] = sampler.Uniform(range[0], range[1]);
    }
    simulation.Step(200);
    simulation.data.time = 0;
  }

  void Observe(const mjModel&, const mjData& d, std::span<double> out) const override {
    Output(out) << Values(d.qpos + 1, 8) << Values(d.qvel, 9);
  }

  double Reward(const mjModel&, const mjData& d, std::span<double>) const override {
    constexpr double kSpeed = 10;  // metres per second
    constexpr Tolerance kFast{.lower = kSpeed,
                              .upper = kUnbounded,
                              .margin = kSpeed,
                              .sigmoid = Sigmoid::kLinear,
                              .value_at_margin = 0};
    return kFast(d.sensordata[velocity_]);
  }

 private:
  int velocity_;
};

}  // namespace

void RegisterCheetah(Registry& registry) {
  Register(registry, {"cheetah-run",
                      "run at 10 m/s",
                      {"cheetah.xml", {.nq = 9, .nv = 9, .nu = 6, .nbody = 8, .nsensordata = 3}},
                      {.control_step = 0.01, .time_limit = 10},
                      MakeTask<Cheetah>()});
}

}  // namespace saccade::control

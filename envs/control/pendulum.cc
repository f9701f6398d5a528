// A pendulum whose motor is too weak to lift it at once: swing it up.

#include <cmath>
#include <numbers>

#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/tolerance.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

class Pendulum : public Task {
 public:
  explicit Pendulum(const mjModel& m) : pole_(RequireId(m, mjOBJ_BODY, "pole")) {}

  std::vector<ObservationEntry> observation() const override {
    return {{"orientation", 2}, {"velocity", 1}};
  }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    simulation.data.qpos[0] = sampler.Uniform(-std::numbers::pi, std::numbers::pi);
  }

  void Observe(const mjModel&, const mjData& d, std::span<double> out) const override {
    const double* pole = d.xmat + 9 * pole_;
    Output(out) << Zz(pole) << Xz(pole) << d.qvel[0];
  }

  double Reward(const mjModel&, const mjData& d, std::span<double>) const override {
    return upright_(Zz(d.xmat + 9 * pole_));
  }

 private:
  int pole_;
  Tolerance upright_{.lower = std::cos(8 * (std::numbers::pi / 180)), .upper = 1};
};

}  // namespace

void RegisterPendulum(Registry& registry) {
  Register(registry, {"pendulum-swingup",
                      "swing a pendulum up with a weak motor",
                      {"pendulum.xml", {.nq = 1, .nv = 1, .nu = 1, .nbody = 2}},
                      {.control_step = 0.02, .time_limit = 20},
                      MakeTask<Pendulum>()});
}

}  // namespace saccade::control

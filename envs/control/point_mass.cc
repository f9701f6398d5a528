// A point in a plane: move it to the middle.

#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/tolerance.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

class PointMass : public Task {
 public:
  explicit PointMass(const mjModel& m)
      : point_(RequireId(m, mjOBJ_GEOM, "pointmass")),
        target_(RequireId(m, mjOBJ_GEOM, "target")),
        near_{.upper = m.geom_size[3 * target_], .margin = m.geom_size[3 * target_]} {}

  std::vector<ObservationEntry> observation() const override {
    return {{"position", 2}, {"velocity", 2}};
  }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    RandomizeJoints(sampler, simulation);
  }

  void Observe(const mjModel&, const mjData& d, std::span<double> out) const override {
    Output(out) << Values(d.qpos, 2) << Values(d.qvel, 2);
  }

  double Reward(const mjModel& m, const mjData& d, std::span<double>) const override {
    const double near = near_(Distance<3>(d.geom_xpos + 3 * target_, d.geom_xpos + 3 * point_));
    return near * ((MeanSmallControl(d.ctrl, m.nu) + 4) / 5);
  }

 private:
  int point_;
  int target_;
  Tolerance near_;
};

}  // namespace

void RegisterPointMass(Registry& registry) {
  Register(registry, {"point-mass-easy",
                      "move a point to a target",
                      {"point_mass.xml", {.nq = 2, .nv = 2, .nu = 2, .nbody = 2}},
                      {.control_step = 0.02, .time_limit = 20},
                      MakeTask<PointMass>()});
}

}  // namespace saccade::control

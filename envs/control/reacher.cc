// An arm of two links in a plane: reach a random target.

#include <cmath>
#include <numbers>

#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/tolerance.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

class Reacher : public Task {
 public:
  Reacher(const mjModel& m, double radius)
      : finger_(RequireId(m, mjOBJ_GEOM, "finger")),
        target_(RequireId(m, mjOBJ_GEOM, "target")),
        radius_(radius),
        near_{.upper = radius + m.geom_size[3 * finger_]} {}

  std::vector<ObservationEntry> observation() const override {
    return {{"position", 2}, {"to_target", 2}, {"velocity", 2}};
  }

  std::vector<ModelField> model_fields() const override {
    return {
        {"task/target_pos", 3, [](mjModel* m, int id) { return m->geom_pos + 3 * id; }, target_}};
  }

  void ConfigureModel(mjModel& m) const override { m.geom_size[3 * target_] = radius_; }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    RandomizeJoints(sampler, simulation);
    const double angle = sampler.Uniform(0, 2 * std::numbers::pi);
    const double distance = sampler.Uniform(0.05, 0.2);
    double* target = simulation.writable->geom_pos + 3 * target_;
    target[0] = distance * std::sin(angle);
    target[1] = distance * std::cos(angle);
  }

  void Observe(const mjModel&, const mjData& d, std::span<double> out) const override {
    const double* target = d.geom_xpos + 3 * target_;
    const double* finger = d.geom_xpos + 3 * finger_;
    Output(out) << Values(d.qpos, 2) << target[0] - finger[0] << target[1] - finger[1]
                << Values(d.qvel, 2);
  }

  double Reward(const mjModel&, const mjData& d, std::span<double>) const override {
    return near_(Distance<2>(d.geom_xpos + 3 * target_, d.geom_xpos + 3 * finger_));
  }

 private:
  int finger_;
  int target_;
  double radius_;
  Tolerance near_;
};

}  // namespace

void RegisterReacher(Registry& registry) {
  const SuiteModel model{"reacher.xml", {.nq = 2, .nv = 2, .nu = 2, .nbody = 4}};
  constexpr TaskTiming kTiming{.control_step = 0.02, .time_limit = 20};
  Register(registry, {"reacher-easy", "reach a large target with an arm", model, kTiming,
                      MakeTask<Reacher>(0.05)});
  Register(registry, {"reacher-hard", "reach a small target with an arm", model, kTiming,
                      MakeTask<Reacher>(0.015)});
}

}  // namespace saccade::control

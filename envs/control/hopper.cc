// A leg with a foot, in a plane: stand, or hop forward.

#include <cmath>

#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/tolerance.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

class Hopper : public Task {
 public:
  Hopper(const mjModel& m, bool hop)
      : hop_(hop),
        torso_(RequireId(m, mjOBJ_BODY, "torso")),
        foot_(RequireId(m, mjOBJ_BODY, "foot")),
        velocity_(SensorAddress(m, "torso_subtreelinvel")),
        toe_(SensorAddress(m, "touch_toe")),
        heel_(SensorAddress(m, "touch_heel")) {}

  std::vector<ObservationEntry> observation() const override {
    return {{"position", 6}, {"velocity", 7}, {"touch", 2}};
  }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    RandomizeJoints(sampler, simulation);
  }

  void Observe(const mjModel&, const mjData& d, std::span<double> out) const override {
    Output(out) << Values(d.qpos + 1, 6) << Values(d.qvel, 7) << std::log1p(d.sensordata[toe_])
                << std::log1p(d.sensordata[heel_]);
  }

  double Reward(const mjModel& m, const mjData& d, std::span<double>) const override {
    constexpr Tolerance kStanding{.lower = 0.6, .upper = 2};  // metres from foot to torso
    constexpr Tolerance kHopping{.lower = 2,                  // metres per second
                                 .upper = kUnbounded,
                                 .margin = 1,
                                 .sigmoid = Sigmoid::kLinear,
                                 .value_at_margin = 0.5};
    const double standing = kStanding(d.xipos[3 * torso_ + 2] - d.xipos[3 * foot_ + 2]);
    if (hop_) return standing * kHopping(d.sensordata[velocity_]);
    return standing * ((MeanSmallControl(d.ctrl, m.nu) + 4) / 5);
  }

 private:
  bool hop_;
  int torso_;
  int foot_;
  int velocity_;
  int toe_;
  int heel_;
};

}  // namespace

void RegisterHopper(Registry& registry) {
  const SuiteModel model{"hopper.xml", {.nq = 7, .nv = 7, .nu = 4, .nbody = 6, .nsensordata = 5}};
  constexpr TaskTiming kTiming{.control_step = 0.02, .time_limit = 20};
  Register(registry, {"hopper-stand", "stand on one leg", model, kTiming, MakeTask<Hopper>(false)});
  Register(registry,
           {"hopper-hop", "hop forward at 2 m/s", model, kTiming, MakeTask<Hopper>(true)});
}

}  // namespace saccade::control

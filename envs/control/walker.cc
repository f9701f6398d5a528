// Two legs and a torso in a plane: stand, walk, run.

#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/tolerance.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

class Walker : public Task {
 public:
  // `speed` in metres per second; 0 is to stand.
  Walker(const mjModel& m, double speed)
      : torso_(RequireId(m, mjOBJ_BODY, "torso")),
        velocity_(SensorAddress(m, "torso_subtreelinvel")),
        speed_(speed) {}

  std::vector<ObservationEntry> observation() const override {
    return {{"orientations", 14}, {"height", 1}, {"velocity", 9}};
  }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    RandomizeJoints(sampler, simulation);
  }

  void Observe(const mjModel& m, const mjData& d, std::span<double> out) const override {
    Output output(out);
    for (int body = 1; body < m.nbody; ++body) {
      output << Xx(d.xmat + 9 * body) << Xz(d.xmat + 9 * body);
    }
    output << d.xpos[3 * torso_ + 2] << Values(d.qvel, 9);
  }

  double Reward(const mjModel&, const mjData& d, std::span<double>) const override {
    constexpr Tolerance kStanding{.lower = 1.2, .upper = kUnbounded, .margin = 0.6};  // metres
    const double standing = kStanding(d.xpos[3 * torso_ + 2]);
    const double upright = (1 + Zz(d.xmat + 9 * torso_)) / 2;
    const double stand = (3 * standing + upright) / 4;
    if (speed_ == 0) return stand;
    const Tolerance fast{.lower = speed_,
                         .upper = kUnbounded,
                         .margin = speed_ / 2,
                         .sigmoid = Sigmoid::kLinear,
                         .value_at_margin = 0.5};
    return stand * (5 * fast(d.sensordata[velocity_]) + 1) / 6;
  }

 private:
  int torso_;
  int velocity_;
  double speed_;
};

}  // namespace

void RegisterWalker(Registry& registry) {
  const SuiteModel model{"walker.xml", {.nq = 9, .nv = 9, .nu = 6, .nbody = 8, .nsensordata = 3}};
  constexpr TaskTiming kTiming{.control_step = 0.025, .time_limit = 25};
  Register(registry,
           {"walker-stand", "stand up and stay there", model, kTiming, MakeTask<Walker>(0.0)});
  Register(registry, {"walker-walk", "walk at 1 m/s", model, kTiming, MakeTask<Walker>(1.0)});
  Register(registry, {"walker-run", "run at 8 m/s", model, kTiming, MakeTask<Walker>(8.0)});
}

}  // namespace saccade::control

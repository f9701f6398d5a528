// Two links and a motor at the elbow: swing the tip up to a target above.

#include <numbers>

#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/tolerance.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

class Acrobot : public Task {
 public:
  Acrobot(const mjModel& m, double margin)
      : upper_(RequireId(m, mjOBJ_BODY, "upper_arm")),
        lower_(RequireId(m, mjOBJ_BODY, "lower_arm")),
        tip_(RequireId(m, mjOBJ_SITE, "tip")),
        target_(RequireId(m, mjOBJ_SITE, "target")),
        near_{.upper = m.site_size[3 * target_], .margin = margin} {}

  std::vector<ObservationEntry> observation() const override {
    return {{"orientations", 4}, {"velocity", 2}};
  }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    for (int joint = 0; joint < 2; ++joint) {
      simulation.data.qpos[joint] = sampler.Uniform(-std::numbers::pi, std::numbers::pi);
    }
  }

  void Observe(const mjModel&, const mjData& d, std::span<double> out) const override {
    const double* upper = d.xmat + 9 * upper_;
    const double* lower = d.xmat + 9 * lower_;
    Output(out) << Xz(upper) << Xz(lower) << Zz(upper) << Zz(lower) << Values(d.qvel, 2);
  }

  double Reward(const mjModel&, const mjData& d, std::span<double>) const override {
    return near_(Distance<3>(d.site_xpos + 3 * target_, d.site_xpos + 3 * tip_));
  }

 private:
  int upper_;
  int lower_;
  int tip_;
  int target_;
  Tolerance near_;
};

}  // namespace

void RegisterAcrobot(Registry& registry) {
  const SuiteModel model{"acrobot.xml", {.nq = 2, .nv = 2, .nu = 1, .nbody = 3}};
  constexpr TaskTiming kTiming{.control_step = 0.01, .time_limit = 10};
  Register(registry, {"acrobot-swingup", "swing two links up with a motor between them", model,
                      kTiming, MakeTask<Acrobot>(1.0)});
  Register(registry, {"acrobot-swingup-sparse", "the same, rewarded only at the target", model,
                      kTiming, MakeTask<Acrobot>(0.0)});
}

}  // namespace saccade::control

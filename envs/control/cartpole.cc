// Cart and pole: hold it upright, or swing it up first.

#include <numbers>

#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/tolerance.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

constexpr int kPole = 2;   // body
constexpr int kHinge = 1;  // joint, and its degree of freedom

template <bool kSwingUp, bool kSparse>
class Cartpole : public Task {
 public:
  static std::unique_ptr<const Task> Make(const mjModel&) { return std::make_unique<Cartpole>(); }

  std::vector<ObservationEntry> observation() const override {
    return {{"position", 3}, {"velocity", 2}};
  }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    double* qpos = simulation.data.qpos;
    if (kSwingUp) {
      qpos[0] = 0.01 * sampler.Normal();
      qpos[kHinge] = std::numbers::pi + 0.01 * sampler.Normal();
    } else {
      qpos[0] = sampler.Uniform(-0.1, 0.1);
      qpos[kHinge] = sampler.Uniform(-0.034, 0.034);
    }
    for (int i = 0; i < 2; ++i) simulation.data.qvel[i] = 0.01 * sampler.Normal();
  }

  void Observe(const mjModel&, const mjData& d, std::span<double> out) const override {
    const double* pole = d.xmat + 9 * kPole;
    Output(out) << d.qpos[0] << Zz(pole) << Xz(pole) << d.qvel[0] << d.qvel[1];
  }

  double Reward(const mjModel&, const mjData& d, std::span<double>) const override {
    const double cosine = Zz(d.xmat + 9 * kPole);
    if (kSparse) {
      constexpr Tolerance kCart{.lower = -0.25, .upper = 0.25};
      constexpr Tolerance kUpright{.lower = 0.995, .upper = 1};
      return kCart(d.qpos[0]) * kUpright(cosine);
    }
    const double upright = (cosine + 1) / 2;
    const double centered = (1 + centered_(d.qpos[0])) / 2;
    const double small_control = (4 + MeanSmallControl(d.ctrl, 1)) / 5;
    const double small_velocity = (1 + slow_(d.qvel[kHinge])) / 2;
    return upright * small_control * small_velocity * centered;
  }

 private:
  PreparedTolerance centered_{Tolerance{.margin = 2}};
  PreparedTolerance slow_{Tolerance{.margin = 5}};
};

}  // namespace

void RegisterCartpole(Registry& registry) {
  constexpr TaskTiming kTiming{.control_step = 0.01, .time_limit = 10};
  const SuiteModel model{"cartpole.xml", {.nq = 2, .nv = 2, .nu = 1, .nbody = 3}};
  Register(registry, {"cartpole-balance", "hold a pole upright on a cart", model, kTiming,
                      Cartpole<false, false>::Make});
  Register(registry, {"cartpole-balance-sparse", "the same, rewarded only when still and centred",
                      model, kTiming, Cartpole<false, true>::Make});
  Register(registry, {"cartpole-swingup", "swing a pole up on a cart and hold it", model, kTiming,
                      Cartpole<true, false>::Make});
  Register(registry, {"cartpole-swingup-sparse", "the same, rewarded only when upright and centred",
                      model, kTiming, Cartpole<true, true>::Make});
}

}  // namespace saccade::control

// A simplified human body: stand, walk, run.

#include <array>

#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/tolerance.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

class Humanoid : public Task {
 public:
  // `speed` in metres per second; 0 is to stand still.
  Humanoid(const mjModel& m, double speed)
      : speed_(speed),
        torso_(RequireId(m, mjOBJ_BODY, "torso")),
        head_(RequireId(m, mjOBJ_BODY, "head")),
        limbs_{RequireId(m, mjOBJ_BODY, "left_hand"), RequireId(m, mjOBJ_BODY, "left_foot"),
               RequireId(m, mjOBJ_BODY, "right_hand"), RequireId(m, mjOBJ_BODY, "right_foot")},
        velocity_(SensorAddress(m, "torso_subtreelinvel")) {}

  std::vector<ObservationEntry> observation() const override {
    return {{"joint_angles", 21},  {"head_height", 1},  {"extremities", 12},
            {"torso_vertical", 3}, {"com_velocity", 3}, {"velocity", 27}};
  }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    DrawUntilNoContact(simulation, [&] { RandomizeJoints(sampler, simulation); });
  }

  void Observe(const mjModel&, const mjData& d, std::span<double> out) const override {
    Output output(out);
    output << Values(d.qpos + 7, 21) << d.xpos[3 * head_ + 2];
    for (const int limb : limbs_) PutInTorsoFrame(d, limb, output);
    output << Values(d.xmat + 9 * torso_ + 6, 3) << Values(d.sensordata + velocity_, 3)
           << Values(d.qvel, 27);
  }

  double Reward(const mjModel& m, const mjData& d, std::span<double>) const override {
    constexpr double kHeight = 1.4;  // metres, of the head
    constexpr Tolerance kStanding{.lower = kHeight, .upper = kUnbounded, .margin = kHeight / 4};
    constexpr Tolerance kUpright{.lower = 0.9,
                                 .upper = kUnbounded,
                                 .margin = 1.9,
                                 .sigmoid = Sigmoid::kLinear,
                                 .value_at_margin = 0};
    const double standing = kStanding(d.xpos[3 * head_ + 2]);
    const double upright = kUpright(Zz(d.xmat + 9 * torso_));
    const double small_control = (4 + MeanSmallControl(d.ctrl, m.nu)) / 5;
    return small_control * (standing * upright) * Moving(d.sensordata + velocity_);
  }

 private:
  void PutInTorsoFrame(const mjData& d, int body, Output& output) const {
    const double* torso = d.xpos + 3 * torso_;
    const double* limb = d.xpos + 3 * body;
    const std::array<double, 3> offset{limb[0] - torso[0], limb[1] - torso[1], limb[2] - torso[2]};
    for (int k = 0; k < 3; ++k) {
      output << RowTimesColumn(offset.data(), d.xmat + 9 * torso_, k);
    }
  }

  // `velocity` is that of the centre of mass.
  double Moving(const double* velocity) const {
    if (speed_ == 0) {
      constexpr Tolerance kStill{.margin = 2};
      return (kStill(velocity[0]) + kStill(velocity[1])) / 2;
    }
    const Tolerance fast{.lower = speed_,
                         .upper = kUnbounded,
                         .margin = speed_,
                         .sigmoid = Sigmoid::kLinear,
                         .value_at_margin = 0};
    return (5 * fast(Norm({velocity, 2})) + 1) / 6;
  }

  double speed_;
  int torso_;
  int head_;
  std::array<int, 4> limbs_;
  int velocity_;
};

}  // namespace

void RegisterHumanoid(Registry& registry) {
  const SuiteModel model{"humanoid.xml",
                         {.nq = 28, .nv = 27, .nu = 21, .nbody = 17, .nsensordata = 66}};
  constexpr TaskTiming kTiming{.control_step = 0.025, .time_limit = 25};
  Register(registry,
           {"humanoid-stand", "stand up and stay there", model, kTiming, MakeTask<Humanoid>(0.0)});
  Register(registry, {"humanoid-walk", "walk at 1 m/s", model, kTiming, MakeTask<Humanoid>(1.0)});
  Register(registry, {"humanoid-run", "run at 10 m/s", model, kTiming, MakeTask<Humanoid>(10.0)});
}

}  // namespace saccade::control

// A ball on a string below a cup: swing it up and catch it.

#include <cmath>

#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

class BallInCup : public Task {
 public:
  explicit BallInCup(const mjModel& m)
      : ball_(RequireId(m, mjOBJ_BODY, "ball")),
        target_(RequireId(m, mjOBJ_SITE, "target")),
        ball_x_(PositionAddress(m, "ball_x")),
        ball_z_(PositionAddress(m, "ball_z")) {
    const double radius = m.geom_size[3 * RequireId(m, mjOBJ_GEOM, "ball")];
    reach_x_ = m.site_size[3 * target_] - radius;
    reach_z_ = m.site_size[3 * target_ + 2] - radius;
  }

  std::vector<ObservationEntry> observation() const override {
    return {{"position", 4}, {"velocity", 4}};
  }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    DrawUntilNoContact(simulation, [&] {
      simulation.data.qpos[ball_x_] = sampler.Uniform(-0.2, 0.2);
      simulation.data.qpos[ball_z_] = sampler.Uniform(0.2, 0.5);
    });
  }

  void Observe(const mjModel&, const mjData& d, std::span<double> out) const override {
    Output(out) << Values(d.qpos, 4) << Values(d.qvel, 4);
  }

  double Reward(const mjModel&, const mjData& d, std::span<double>) const override {
    const double* target = d.site_xpos + 3 * target_;
    const double* ball = d.xpos + 3 * ball_;
    return std::abs(target[0] - ball[0]) < reach_x_ && std::abs(target[2] - ball[2]) < reach_z_;
  }

 private:
  int ball_;
  int target_;
  int ball_x_;
  int ball_z_;
  double reach_x_;
  double reach_z_;
};

}  // namespace

void RegisterBallInCup(Registry& registry) {
  Register(registry, {"ball-in-cup-catch",
                      "swing a ball on a string into a cup",
                      {"ball_in_cup.xml", {.nq = 4, .nv = 4, .nu = 2, .nbody = 3}},
                      {.control_step = 0.02, .time_limit = 20},
                      MakeTask<BallInCup>()});
}

}  // namespace saccade::control

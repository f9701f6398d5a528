// A finger of two links beside a freely turning body: spin it, or turn its tip to a target.

#include <cmath>
#include <numbers>

#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

// What spinning and turning share. Vectors are (x, z): everything moves in a vertical plane.
class Finger : public Task {
 public:
  explicit Finger(const mjModel& m)
      : proximal_(SensorAddress(m, "proximal")),
        distal_(SensorAddress(m, "distal")),
        proximal_velocity_(SensorAddress(m, "proximal_velocity")),
        distal_velocity_(SensorAddress(m, "distal_velocity")),
        hinge_velocity_(SensorAddress(m, "hinge_velocity")),
        tip_(SensorAddress(m, "tip")),
        spinner_(SensorAddress(m, "spinner")),
        touch_top_(SensorAddress(m, "touchtop")),
        touch_bottom_(SensorAddress(m, "touchbottom")) {}

  std::vector<ObservationEntry> observation() const override {
    return {{"position", 4}, {"velocity", 3}, {"touch", 2}};
  }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    DrawUntilNoContact(simulation, [&] { RandomizeJoints(sampler, simulation); });
  }

  void Observe(const mjModel&, const mjData& d, std::span<double> out) const override {
    const Vector2 tip = FromSpinner(d, tip_);
    Output(out) << d.sensordata[proximal_] << d.sensordata[distal_] << Values(tip.data(), 2)
                << d.sensordata[proximal_velocity_] << d.sensordata[distal_velocity_]
                << d.sensordata[hinge_velocity_] << std::log1p(d.sensordata[touch_top_])
                << std::log1p(d.sensordata[touch_bottom_]);
  }

 protected:
  Vector2 FromSpinner(const mjData& d, int sensor) const {
    const double* position = d.sensordata + sensor;
    const double* spinner = d.sensordata + spinner_;
    return {position[0] - spinner[0], position[2] - spinner[2]};
  }

  int proximal_;
  int distal_;
  int proximal_velocity_;
  int distal_velocity_;
  int hinge_velocity_;
  int tip_;
  int spinner_;
  int touch_top_;
  int touch_bottom_;
};

class FingerSpin : public Finger {
 public:
  using Finger::Finger;

  // No target to show, and a hinge that turns more easily.
  void ConfigureModel(mjModel& m) const override {
    for (const char* site : {"target", "tip"}) {
      m.site_rgba[4 * RequireId(m, mjOBJ_SITE, site) + 3] = 0;
    }
    m.dof_damping[m.jnt_dofadr[RequireId(m, mjOBJ_JOINT, "hinge")]] = 0.03;
  }

  double Reward(const mjModel&, const mjData& d, std::span<double>) const override {
    constexpr double kSpeed = 15;  // radians per second
    return d.sensordata[hinge_velocity_] <= -kSpeed;
  }
};

class FingerTurn : public Finger {
 public:
  FingerTurn(const mjModel& m, double radius)
      : Finger(m),
        target_(RequireId(m, mjOBJ_SITE, "target")),
        target_sensor_(SensorAddress(m, "target")),
        hinge_(RequireId(m, mjOBJ_JOINT, "hinge")),
        radius_(radius) {
    const double* cap = m.geom_size + 3 * RequireId(m, mjOBJ_GEOM, "cap1");
    orbit_ = cap[0] + cap[1] + cap[2];
  }

  std::vector<ObservationEntry> observation() const override {
    std::vector<ObservationEntry> entries = Finger::observation();
    entries.push_back({"target_position", 2});
    entries.push_back({"dist_to_target", 1});
    return entries;
  }

  std::vector<ModelField> model_fields() const override {
    return {
        {"task/target_pos", 3, [](mjModel* m, int id) { return m->site_pos + 3 * id; }, target_}};
  }

  void ConfigureModel(mjModel& m) const override { m.site_size[3 * target_] = radius_; }

  // The target lies on the circle that the spinner's tip describes.
  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    const double angle = sampler.Uniform(-std::numbers::pi, std::numbers::pi);
    const double* anchor = simulation.data.xanchor + 3 * hinge_;
    double* target = simulation.writable->site_pos + 3 * target_;
    target[0] = anchor[0] + orbit_ * std::sin(angle);
    target[2] = anchor[2] + orbit_ * std::cos(angle);
    Finger::Initialize(sampler, simulation);
  }

  void Observe(const mjModel& m, const mjData& d, std::span<double> out) const override {
    constexpr std::size_t kCommon = 9;
    Finger::Observe(m, d, out.first(kCommon));
    const Vector2 target = FromSpinner(d, target_sensor_);
    Output(out.subspan(kCommon)) << Values(target.data(), 2) << DistanceToTarget(d);
  }

  double Reward(const mjModel&, const mjData& d, std::span<double>) const override {
    return DistanceToTarget(d) <= 0;
  }

 private:
  double DistanceToTarget(const mjData& d) const {
    const Vector2 target = FromSpinner(d, target_sensor_);
    const Vector2 tip = FromSpinner(d, tip_);
    return Distance<2>(target.data(), tip.data()) - radius_;
  }

  int target_;
  int target_sensor_;
  int hinge_;
  double radius_;
  double orbit_;
};

}  // namespace

void RegisterFinger(Registry& registry) {
  const SuiteModel model{"finger.xml", {.nq = 3, .nv = 3, .nu = 2, .nbody = 4, .nsensordata = 22}};
  constexpr TaskTiming kTiming{.control_step = 0.02, .time_limit = 20};
  Register(registry, {"finger-spin", "spin a body with a finger at 15 rad/s", model, kTiming,
                      MakeTask<FingerSpin>()});
  Register(registry, {"finger-turn-easy", "turn a body's tip to a large target", model, kTiming,
                      MakeTask<FingerTurn>(0.07)});
  Register(registry, {"finger-turn-hard", "turn a body's tip to a small target", model, kTiming,
                      MakeTask<FingerTurn>(0.03)});
}

}  // namespace saccade::control

// A four-legged body in space, whose actuators are filtered and whose joints are coupled: walk, run,
// fetch a ball.

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/base/error.h"
#include "envs/control/domain.h"
#include "envs/control/register.h"
#include "envs/mujoco/tolerance.h"
#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

constexpr int kRoot = 7;  // numbers of the free joint in qpos, with which it begins
constexpr int kRootDofs = 6;
constexpr int kHinges = 16;

// What is read in one piece must lie so.
void RequireOrder(bool holds, const char* what) {
  if (holds) return;
  throw InputError(
      fmt::format("the model's {} are in another order than the suite's; {}", what, kOtherModels));
}

// Raises the body from within the floor until nothing touches anything.
void FindHeight(Simulation& simulation, const std::array<double, 4>& orientation, double x,
                double y) {
  constexpr double kStep = 0.01;  // metres
  double* root = simulation.data.qpos;
  double z = 0;
  DrawUntilNoContact(simulation, [&] {
    root[0] = x;
    root[1] = y;
    root[2] = z;
    std::ranges::copy(orientation, root + 3);
    z += kStep;
  });
}

class Quadruped : public Task {
 public:
  explicit Quadruped(const mjModel& m)
      : torso_(RequireId(m, mjOBJ_BODY, "torso")),
        imu_(SensorAddress(m, "imu_accel")),
        velocity_(SensorAddress(m, "velocimeter")),
        force_torque_(SensorAddress(m, "force_toe_front_left")) {
    RequireOrder(SensorAddress(m, "imu_gyro") == imu_ + 3 &&
                     SensorAddress(m, "torque_toe_back_left") == force_torque_ + kForceTorque - 3,
                 "sensors");
  }

  std::vector<ObservationEntry> observation() const override {
    return {{"egocentric_state", 44},
            {"torso_velocity", 3},
            {"torso_upright", 1},
            {"imu", 6},
            {"force_torque", kForceTorque}};
  }

  void Observe(const mjModel& m, const mjData& d, std::span<double> out) const override {
    Output output(out);
    output << Values(d.qpos + kRoot, kHinges) << Values(d.qvel + kRootDofs, kHinges)
           << Values(d.act, m.na) << Values(d.sensordata + velocity_, 3) << Upright(d)
           << Values(d.sensordata + imu_, 6);
    for (const double value : Values(d.sensordata + force_torque_, kForceTorque)) {
      output << std::asinh(value);
    }
    ObserveMore(d, output);
  }

 protected:
  virtual void ObserveMore(const mjData&, Output&) const {}

  const double* frame(const mjData& d) const { return d.xmat + 9 * torso_; }
  const double* place(const mjData& d) const { return d.xpos + 3 * torso_; }
  double Upright(const mjData& d) const { return Zz(frame(d)); }
  double ForwardVelocity(const mjData& d) const { return d.sensordata[velocity_]; }

  // In the frame of the torso, a - b.
  void PutDifference(const mjData& d, const double* a, const double* b, Output& output) const {
    const std::array<double, 3> difference{a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    Put(d, difference.data(), output);
  }
  void Put(const mjData& d, const double* vector, Output& output) const {
    for (int k = 0; k < 3; ++k) output << RowTimesColumn(vector, frame(d), k);
  }

  // 1 when the torso is upright, 0 when it is upside down.
  double UprightReward(const mjData& d) const {
    constexpr Tolerance kUpright{.lower = 1,
                                 .upper = kUnbounded,
                                 .margin = 2,
                                 .sigmoid = Sigmoid::kLinear,
                                 .value_at_margin = 0};
    return kUpright(Upright(d));
  }

 private:
  static constexpr int kForceTorque = 24;

  int torso_;
  int imu_;
  int velocity_;
  int force_torque_;
};

class Move : public Quadruped {
 public:
  // `speed` in metres per second.
  Move(const mjModel& m, double speed) : Quadruped(m), speed_(speed) {}

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    std::array<double, 4> orientation;
    for (double& value : orientation) value = sampler.Normal();
    const double norm = Norm(orientation);
    for (double& value : orientation) value /= norm;
    FindHeight(simulation, orientation, 0, 0);
  }

  double Reward(const mjModel&, const mjData& d, std::span<double>) const override {
    const Tolerance fast{.lower = speed_,
                         .upper = kUnbounded,
                         .margin = speed_,
                         .sigmoid = Sigmoid::kLinear,
                         .value_at_margin = 0.5};
    return UprightReward(d) * fast(ForwardVelocity(d));
  }

 private:
  double speed_;
};

class Fetch : public Quadruped {
 public:
  explicit Fetch(const mjModel& m)
      : Quadruped(m),
        ball_(RequireId(m, mjOBJ_BODY, "ball")),
        workspace_(RequireId(m, mjOBJ_SITE, "workspace")),
        target_(RequireId(m, mjOBJ_SITE, "target")),
        floor_size_(m.geom_size[3 * RequireId(m, mjOBJ_GEOM, "floor")]),
        reach_(m.site_size[3 * workspace_] + m.geom_size[3 * RequireId(m, mjOBJ_GEOM, "ball")]),
        target_radius_(m.site_size[3 * target_]) {
    RequireOrder(PositionAddress(m, "ball_root") == kRoot + kHinges, "joints");
  }

  std::vector<ObservationEntry> observation() const override {
    std::vector<ObservationEntry> entries = Quadruped::observation();
    entries.push_back({"ball_state", 9});
    entries.push_back({"target_position", 3});
    return entries;
  }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    const double azimuth = sampler.Uniform(0, 2 * std::numbers::pi);
    const double radius = 0.9 * floor_size_;
    const double x = sampler.Uniform(-radius, radius);
    const double y = sampler.Uniform(-radius, radius);
    FindHeight(simulation, {std::cos(azimuth / 2), 0, 0, std::sin(azimuth / 2)}, x, y);
    double* ball = simulation.data.qpos + kRoot + kHinges;
    for (int i = 0; i < 2; ++i) ball[i] = sampler.Uniform(-radius, radius);
    ball[2] = 2;
    for (int i = 0; i < 2; ++i) {
      simulation.data.qvel[kRootDofs + kHinges + i] = 5 * sampler.Normal();
    }
  }

  double Reward(const mjModel&, const mjData& d, std::span<double>) const override {
    const double* ball = d.xpos + 3 * ball_;
    const double reach = Within(reach_, Distance<2>(d.site_xpos + 3 * workspace_, ball));
    const double fetch = Within(target_radius_, Distance<2>(d.site_xpos + 3 * target_, ball));
    return UprightReward(d) * (reach * (0.5 + 0.5 * fetch));
  }

 private:
  void ObserveMore(const mjData& d, Output& output) const override {
    const double* ball_velocity = d.qvel + kRootDofs + kHinges;
    PutDifference(d, d.xpos + 3 * ball_, place(d), output);
    PutDifference(d, ball_velocity, d.qvel, output);
    Put(d, ball_velocity + 3, output);
    PutDifference(d, d.site_xpos + 3 * target_, place(d), output);
  }

  // 1 up to a distance of `radius`, 0 at the far corner of the arena.
  double Within(double radius, double distance) const {
    const Tolerance near{.lower = 0,
                         .upper = radius,
                         .margin = floor_size_ * std::numbers::sqrt2,
                         .sigmoid = Sigmoid::kLinear,
                         .value_at_margin = 0};
    return near(distance);
  }

  int ball_;
  int workspace_;
  int target_;
  double floor_size_;  // half its side, in metres
  double reach_;
  double target_radius_;
};

void RemoveTerrainAndRangefinders(mjSpec& spec) {
  RemoveElement(spec, mjOBJ_GEOM, "terrain");
  for (mjsElement* next = mjs_firstElement(&spec, mjOBJ_SENSOR); next != nullptr;) {
    mjsElement* const element = next;
    next = mjs_nextElement(&spec, element);
    if (mjs_asSensor(element)->type == mjSENS_RANGEFINDER) {
      SACCADE_CHECK(mjs_delete(&spec, element) == 0);
    }
  }
}

// A flat floor without walls and ball, `size` metres from its middle to its sides.
ModelEdit Floor(double size) {
  return [size](mjSpec& spec) {
    mjsGeom& floor = *mjs_asGeom(RequireElement(spec, mjOBJ_GEOM, "floor"));
    floor.size[0] = floor.size[1] = size;
    for (const char* wall : {"wall_px", "wall_py", "wall_nx", "wall_ny"}) {
      RemoveElement(spec, mjOBJ_GEOM, wall);
    }
    RemoveElement(spec, mjOBJ_BODY, "ball");
    RemoveElement(spec, mjOBJ_SITE, "target");
    RemoveTerrainAndRangefinders(spec);
  };
}

}  // namespace

void RegisterQuadruped(Registry& registry) {
  const std::string file = "quadruped.xml";
  const SuiteModel alone{file,
                         {.nq = 23, .nv = 22, .nu = 12, .na = 12, .nbody = 18, .nsensordata = 36}};
  const SuiteModel with_ball{
      file, {.nq = 30, .nv = 28, .nu = 12, .na = 12, .nbody = 19, .nsensordata = 36}};
  constexpr TaskTiming kTiming{.control_step = 0.02, .time_limit = 20};
  constexpr double kWalk = 0.5;  // metres per second
  constexpr double kRun = 5;
  Register(registry, {"quadruped-walk", "walk at 0.5 m/s", alone, kTiming, MakeTask<Move>(kWalk),
                      Floor(kTiming.time_limit * kWalk)});
  Register(registry, {"quadruped-run", "run at 5 m/s", alone, kTiming, MakeTask<Move>(kRun),
                      Floor(kTiming.time_limit * kRun)});
  Register(registry, {"quadruped-fetch", "bring a ball to a target", with_ball, kTiming,
                      MakeTask<Fetch>(), RemoveTerrainAndRangefinders});
}

}  // namespace saccade::control

#include "envs/control/domain.h"

#include <array>
#include <cmath>
#include <filesystem>
#include <functional>
#include <numbers>

#include "envs/mujoco/vector.h"

namespace saccade::control {
namespace {

void Normalize(std::span<double> x) {
  const double norm = Norm(x);
  for (double& value : x) value /= norm;
}

void RandomizeBall(Sampler& sampler, const mjModel& m, int joint, double* qpos) {
  if (m.jnt_limited[joint] == 0) {
    for (int i = 0; i < 4; ++i) qpos[i] = sampler.Normal();
    Normalize({qpos, 4});
    return;
  }
  std::array<double, 3> axis;
  for (double& value : axis) value = sampler.Normal();
  Normalize(axis);
  mju_axisAngle2Quat(qpos, axis.data(), sampler.Uniform(0, 1) * m.jnt_range[2 * joint + 1]);
}

std::string Describe(const ModelSize& size) {
  return fmt::format("nq {}, nv {}, nu {}, na {}, nbody {}, nsensordata {}", size.nq, size.nv,
                     size.nu, size.na, size.nbody, size.nsensordata);
}

// Tasks observe joints, bodies and sensors by number.
void RequireSize(const mjModel& m, const ModelSize& wanted, const std::filesystem::path& file,
                 const std::string& task) {
  const auto number = [](auto n) { return static_cast<int>(n); };
  const ModelSize size = {number(m.nq), number(m.nv),    number(m.nu),
                          number(m.na), number(m.nbody), number(m.nsensordata)};
  if (size == wanted) return;
  throw InputError(fmt::format("{}: cannot be the model of {}: it has {}, which needs {}; {}",
                               file.string(), task, Describe(size), Describe(wanted),
                               kOtherModels));
}

}  // namespace

void RandomizeJoints(Sampler& sampler, Simulation& simulation) {
  const mjModel& m = simulation.model;
  for (int joint = 0; joint < m.njnt; ++joint) {
    double* qpos = simulation.data.qpos + m.jnt_qposadr[joint];
    const bool limited = m.jnt_limited[joint] != 0;
    switch (m.jnt_type[joint]) {
      case mjJNT_HINGE:
        *qpos = limited ? sampler.Uniform(m.jnt_range[2 * joint], m.jnt_range[2 * joint + 1])
                        : sampler.Uniform(-std::numbers::pi, std::numbers::pi);
        break;
      case mjJNT_SLIDE:
        if (limited) *qpos = sampler.Uniform(m.jnt_range[2 * joint], m.jnt_range[2 * joint + 1]);
        break;
      case mjJNT_BALL:
        RandomizeBall(sampler, m, joint, qpos);
        break;
      case mjJNT_FREE:
        for (int i = 3; i < 7; ++i) qpos[i] = sampler.Uniform(0, 1);
        Normalize({qpos + 3, 4});
        break;
      default:
        break;
    }
  }
}

int SensorAddress(const mjModel& model, const std::string& sensor) {
  return model.sensor_adr[RequireId(model, mjOBJ_SENSOR, sensor)];
}

int PositionAddress(const mjModel& model, const std::string& joint) {
  return model.jnt_qposadr[RequireId(model, mjOBJ_JOINT, joint)];
}

void Register(Registry& registry, const TaskEntry& entry) {
  registry.envs().Add<MujocoEnvOptions>(
      entry.name, entry.summary,
      [entry](const MujocoEnvOptions& options, const EnvContext& context) {
        const std::filesystem::path file = ModelFolder() / entry.model.file;
        ModelPtr model = LoadModel(file, entry.edit);
        RequireSize(*model, entry.model.size, file, entry.name);
        auto task = entry.make_task(*model);
        return MakeMujocoBlueprint(entry.name, std::move(model), std::move(task), entry.timing,
                                   options, context);
      });
}

}  // namespace saccade::control

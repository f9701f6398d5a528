// What the files of the Control Suite's domains share.

#ifndef SACCADE_ENVS_CONTROL_DOMAIN_H_
#define SACCADE_ENVS_CONTROL_DOMAIN_H_

#include <functional>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "core/api/registry.h"
#include "core/base/error.h"
#include "envs/mujoco/model.h"
#include "envs/mujoco/mujoco_env.h"
#include "envs/mujoco/task.h"

namespace saccade::control {

// How much of what a task reads and observes by number a model has.
struct ModelSize {
  int nq, nv, nu;
  int na = 0;
  int nbody;
  int nsensordata = 0;
  bool operator==(const ModelSize&) const = default;
};

// A model of the suite as tasks need it. $SACCADE_MODELS may name other files of the same names.
struct SuiteModel {
  std::string file;  // "cartpole.xml"
  ModelSize size;    // after the task's edit
};

// One task as it is registered; make_task sees the compiled model.
struct TaskEntry {
  std::string name;  // "cartpole-swingup"
  std::string summary;
  SuiteModel model;
  TaskTiming timing;
  std::function<std::unique_ptr<const Task>(const mjModel& model)> make_task;
  ModelEdit edit = {};  // of the file, before it is compiled
};

// The make_task of a class whose constructor takes the model and `arguments`.
template <class T, class... Arguments>
auto MakeTask(Arguments... arguments) {
  return [arguments...](const mjModel& model) -> std::unique_ptr<const Task> {
    return std::make_unique<T>(model, arguments...);
  };
}

void Register(Registry& registry, const TaskEntry& entry);

// What to do about a model that is not the suite's.
inline constexpr const char* kOtherModels =
    "are these the models of dm_control's Control Suite? $SACCADE_MODELS names their folder; "
    "without it, those that scripts/setup has fetched are used";

// Draws every joint uniformly, in the order of their ids:
//   limited hinge, slide   uniform over the range        unlimited hinge   uniform over (-π, π)
//   limited ball           a rotation by rand()·range about a random axis
//   unlimited ball         a uniform rotation            free              a rotation from four
//   unlimited slide        stays                                           uniforms, normalised
void RandomizeJoints(Sampler& sampler, Simulation& simulation);

// Calls draw() until nothing touches anything. Ends with a forward.
template <class Draw>
void DrawUntilNoContact(Simulation& simulation, Draw draw) {
  // The suite's models touch in fewer than nine draws of ten, or are raised by a centimetre each time,
  // so this many always suffice.
  constexpr int kMost = 10'000;
  for (int attempt = 0; attempt < kMost; ++attempt) {
    draw();
    simulation.Forward();
    if (simulation.data.ncon == 0) return;
  }
  throw InputError(
      fmt::format("no state without contacts was found in {} draws; {}", kMost, kOtherModels));
}

// The address of a sensor's first number in mjData::sensordata, of a joint's in mjData::qpos.
int SensorAddress(const mjModel& model, const std::string& sensor);
int PositionAddress(const mjModel& model, const std::string& joint);

}  // namespace saccade::control

#endif  // SACCADE_ENVS_CONTROL_DOMAIN_H_

// A task on a MuJoCo model: how an episode starts, what is observed, what is rewarded.
//
// Const and shared by every thread; ids are looked up once, in the constructor. Whatever an episode
// changes lives in the simulation: in mjData, or, for the few tasks that move a target in the model
// itself, in the Env's own copy of mjModel (changes_model).

#ifndef SACCADE_ENVS_MUJOCO_TASK_H_
#define SACCADE_ENVS_MUJOCO_TASK_H_

#include <span>
#include <string>
#include <vector>

#include <mujoco/mujoco.h>

#include "core/api/env.h"
#include "envs/mujoco/sampler.h"

namespace saccade {

// Numbers in an array of a model that a task writes at a reset: part of the state of an episode. In
// an array, for steps go by copies of what the model itself holds, such as its options.
struct ModelField {
  std::string name;  // "task/target_pos"
  int size = 0;
  double* (*address)(mjModel* model, int id);
  int id = 0;
};

// A running simulation, as a task's reset sees it.
struct Simulation {
  const mjModel& model;
  // The same arrays under other headers, for several threads share the model: what is stepped
  // (WithoutViews), and that with actuation disabled.
  const mjModel& physics;
  const mjModel& passive;
  mjModel* writable;  // the model once more, for tasks with model_fields(); else nullptr
  mjData& data;

  // mj_forward with actuation disabled, as dm_control does it during resets.
  void Forward() { mj_forward(&passive, &data); }
  // StepLegacy.
  void Step(int substeps);
};

// Derived quantities are current wherever a task sees mjData, but for cameras and lights, which are
// placed when somebody looks (Env::scene), or where a sensor senses one (WithoutViews).
class Task {
 public:
  virtual ~Task() = default;

  virtual std::vector<ObservationEntry> observation() const = 0;
  virtual std::vector<std::string> reward_terms() const { return {}; }
  virtual std::vector<ModelField> model_fields() const { return {}; }
  bool changes_model() const { return !model_fields().empty(); }

  // Once, on the blueprint's model before anybody shares it.
  virtual void ConfigureModel(mjModel&) const {}

  // Draws the start of an episode; derived quantities are those of the default pose with actuation
  // disabled. May write the fields it declared, and run the simulation.
  virtual void Initialize(Sampler& sampler, Simulation& simulation) const = 0;

  // Writes the state vector.
  virtual void Observe(const mjModel& m, const mjData& d, std::span<double> out) const = 0;

  virtual double Reward(const mjModel& m, const mjData& d, std::span<double> terms) const = 0;

  // The task's own end, beside the time limit.
  virtual bool Terminates(const mjModel&, const mjData&) const { return false; }
};

// The Control Suite's legacy order of n sub-steps, after which positions, velocities and what
// depends on them are current, as they must be before:
//
//   the rest of mj_step after mj_step1;  mj_step (n - 1 times);  mj_step1
//
// This is the work of n mj_steps, cut elsewhere. For RK4 the reference makes n whole mj_steps and
// an mj_step1, and so computes every position twice; the numbers are the same.
void StepLegacy(const mjModel& m, mjData& d, int substeps);

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_TASK_H_

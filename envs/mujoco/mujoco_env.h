// Environments that simulate a MuJoCo model: the loop that all tasks share.
//
// Reset: mj_resetData; forward without actuation; the task's draws; forward without actuation.
// Step:  ctrl ← action (not clipped: MuJoCo clamps where the actuator is limited); n sub-steps in
//        the Control Suite's legacy order; reward; observation.
// A simulation diverges when MuJoCo counts a warning about bad numbers.
//
// Reference: dm_control 1.0.50, rl/control.py and mujoco/engine.py.

#ifndef SACCADE_ENVS_MUJOCO_MUJOCO_ENV_H_
#define SACCADE_ENVS_MUJOCO_MUJOCO_ENV_H_

#include <memory>
#include <vector>

#include "core/api/env.h"
#include "core/api/registry.h"
#include "core/config/visitor.h"
#include "envs/mujoco/model.h"
#include "envs/mujoco/task.h"

namespace saccade {

// What a policy sees and how often it acts; common to every family with MuJoCo inside.
struct MujocoEnvOptions {
  struct Pixels {
    int height = 84;
    int width = 84;
    std::string camera = "0";
    std::string channels = "grey";
    int frame_stack = 1;
    bool flatten = false;
    config::Node renderer = config::Node::Scalar("raycast");  // a name, or a map with its options
    config::Place place = {};

    void Visit(config::Visitor& v);
  };

  std::string observation = "state";
  int action_repeat = 1;
  Pixels pixels;

  void Visit(config::Visitor& v);
};

// The physical side of a task's definition.
struct TaskTiming {
  double control_step = 0;  // seconds; a multiple of the model's physics step
  double time_limit = 0;    // seconds
};

// How many physics steps make a control step, both in seconds; 0 when they do not divide.
int PhysicsSteps(double control_step, double physics_step);

// Throws kInput when the steps do not divide, or a camera or renderer does not exist.
std::shared_ptr<const EnvBlueprint> MakeMujocoBlueprint(const std::string& name, ModelPtr model,
                                                        std::unique_ptr<const Task> task,
                                                        const TaskTiming& timing,
                                                        const MujocoEnvOptions& options,
                                                        const EnvContext& context);

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_MUJOCO_ENV_H_

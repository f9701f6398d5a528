// `mjcf`: an environment from a model file and a few lines of YAML, without code.
//
//   env:
//     name: mjcf
//     model: robots/crab.xml
//     state:       [{quantity: qvel}, {quantity: z_axis, of: [torso]}]
//     reward:      [{name: forward, quantity: velocity, of: [torso], components: [x]}]
//     termination: [{quantity: position, of: [torso], components: [z], lower: 0.1}]
//     reset:       {noise: [{qpos: 0.1}]}
//
// Everything is made of quantities (envs/mjcf/quantity.h): the state vector is a list of them, the
// reward is the sum of its terms (envs/mjcf/reward.h), an episode ends when a quantity leaves its
// bounds, and it starts as envs/mjcf/reset.h says. Pixels, action repeat and the simulation loop
// are those of every MuJoCo environment (envs/mujoco/mujoco_env.h); actions go to the actuators in
// the order of the model, within their control ranges.
//
// The blueprint is const and thread-safe, a step allocates nothing, and an episode is a function of
// its key. docs/environments.md is the page for users.

#ifndef SACCADE_ENVS_MJCF_MJCF_H_
#define SACCADE_ENVS_MJCF_MJCF_H_

#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/api/registry.h"
#include "envs/mjcf/quantity.h"
#include "envs/mjcf/reset.h"
#include "envs/mjcf/reward.h"
#include "envs/mujoco/mujoco_env.h"

namespace saccade {

namespace mjcf {

struct StateOptions {
  std::string name = {};
  QuantityOptions quantity = {};

  void Visit(config::Visitor& v);
};

struct TerminationOptions {
  QuantityOptions quantity = {};
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();

  void Visit(config::Visitor& v);
};

}  // namespace mjcf

struct MjcfOptions {
  std::filesystem::path model = {};
  double control_step = 0.02;
  double time_limit = 20;
  std::vector<mjcf::StateOptions> state = {{.quantity = {.quantity = "qpos"}},
                                           {.quantity = {.quantity = "qvel"}}};
  std::vector<mjcf::TermOptions> reward = {};
  std::vector<mjcf::TerminationOptions> termination = {};
  mjcf::ResetOptions reset = {};
  MujocoEnvOptions common = {};
  config::Place place = {};

  void Visit(config::Visitor& v);
};

// Throws kInput with everything that the model lacks, each at its place in the configuration.
std::shared_ptr<const EnvBlueprint> MakeMjcf(const MjcfOptions& options, const EnvContext& context);

void RegisterMjcf(Registry& registry);

}  // namespace saccade

#endif  // SACCADE_ENVS_MJCF_MJCF_H_

// How an episode starts: a keyframe of the model (or its default pose), and noise upon it.
//
//   uniform   ε ~ U(-a, a)      normal   ε ~ N(0, a²)      for every degree of freedom
//   qpos ← qpos ⊕ ε    qvel ← qvel + ε
//
// where ⊕ moves along a velocity for one second (mj_integratePos), so that quaternions stay unit:
// `qpos` is in metres and radians per degree of freedom, also for free and ball joints. Limits of
// joints are not respected; the simulation pushes back. Several rules act one after the other.
//
// Const and thread-safe; allocates nothing. The draws are those of the given sampler, in the order
// of the rules, positions before velocities.

#ifndef SACCADE_ENVS_MJCF_RESET_H_
#define SACCADE_ENVS_MJCF_RESET_H_

#include <string>
#include <vector>

#include "core/config/visitor.h"
#include "envs/mujoco/task.h"

namespace saccade::mjcf {

struct NoiseOptions {
  std::vector<std::string> joints = {};
  std::string distribution = "uniform";
  double qpos = 0;
  double qvel = 0;
  config::Place place = {};

  void Visit(config::Visitor& v);
};

struct ResetOptions {
  std::string keyframe = {};
  std::vector<NoiseOptions> noise = {};
  config::Place place = {};

  void Visit(config::Visitor& v);
};

class Start {
 public:
  Start(const mjModel& model, const ResetOptions& options, config::Diagnostics& diagnostics);

  void Draw(Sampler& sampler, Simulation& simulation) const;

 private:
  struct Noise {
    std::vector<int> dofs;
    bool normal;
    double qpos;
    double qvel;

    double Draw(Sampler& sampler, double scale) const {
      return normal ? scale * sampler.Normal() : sampler.Uniform(-scale, scale);
    }
  };

  int keyframe_ = -1;  // none
  std::vector<Noise> noise_;
};

}  // namespace saccade::mjcf

#endif  // SACCADE_ENVS_MJCF_RESET_H_

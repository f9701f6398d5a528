#include "envs/mjcf/reset.h"

#include <algorithm>

#include "envs/mujoco/model.h"

namespace saccade::mjcf {
namespace {

// The degrees of freedom of the named joints; all when there is no name.
std::vector<int> Dofs(const mjModel& m, const NoiseOptions& options,
                      config::Diagnostics& diagnostics) {
  std::vector<bool> wanted(static_cast<std::size_t>(m.njnt), options.joints.empty());
  for (const std::string& name : options.joints) {
    const int joint = mj_name2id(&m, mjOBJ_JOINT, name.c_str());
    if (joint >= 0) {
      wanted[static_cast<std::size_t>(joint)] = true;
    } else {
      options.place.Report(diagnostics, "joints", UnknownMessage(m, mjOBJ_JOINT, name));
    }
  }
  std::vector<int> dofs;
  for (int dof = 0; dof < m.nv; ++dof) {
    if (wanted[static_cast<std::size_t>(m.dof_jntid[dof])]) dofs.push_back(dof);
  }
  return dofs;
}

}  // namespace

void NoiseOptions::Visit(config::Visitor& v) {
  using config::Rule;
  v.Remember(place);
  v.Field("joints", joints, "names of the joints that are disturbed; none for all", {});
  v.Field("distribution", distribution, "uniform in ± the size, or normal with it as deviation",
          Rule::OneOf({"uniform", "normal"}));
  v.Field("qpos", qpos, "size for positions, in metres or radians", Rule::AtLeast(0));
  v.Field("qvel", qvel, "size for velocities, in metres or radians per second", Rule::AtLeast(0));
}

void ResetOptions::Visit(config::Visitor& v) {
  v.Remember(place);
  v.Field("keyframe", keyframe, "where an episode starts; empty for the model's default pose", {});
  v.List("noise", noise, "what is added, one rule after the other");
}

Start::Start(const mjModel& model, const ResetOptions& options, config::Diagnostics& diagnostics) {
  if (!options.keyframe.empty()) {
    keyframe_ = mj_name2id(&model, mjOBJ_KEY, options.keyframe.c_str());
    if (keyframe_ < 0) {
      options.place.Report(diagnostics, "keyframe",
                           UnknownMessage(model, mjOBJ_KEY, options.keyframe));
    }
  }
  for (const NoiseOptions& noise : options.noise) {
    noise_.push_back(
        {Dofs(model, noise, diagnostics), noise.distribution == "normal", noise.qpos, noise.qvel});
  }
}

void Start::Draw(Sampler& sampler, Simulation& simulation) const {
  const mjModel& m = simulation.model;
  mjData& d = simulation.data;
  if (keyframe_ >= 0) mj_resetDataKeyframe(&m, &d, keyframe_);
  for (const Noise& noise : noise_) {
    std::fill_n(d.qacc, m.nv, 0.0);  // the displacement; the forward that follows overwrites it
    for (const int dof : noise.dofs) d.qacc[dof] = noise.Draw(sampler, noise.qpos);
    mj_integratePos(&m, d.qpos, d.qacc, 1);
    for (const int dof : noise.dofs) d.qvel[dof] += noise.Draw(sampler, noise.qvel);
  }
}

}  // namespace saccade::mjcf

// The Control Suite's benchmark tasks, with the models, steps, observations, rewards and limits of
// dm_control 1.0.50. Resets have its distributions, drawn from Saccade's own random streams.
//
// Reference: Tassa et al., "DeepMind Control Suite", 2018.

#ifndef SACCADE_ENVS_CONTROL_REGISTER_H_
#define SACCADE_ENVS_CONTROL_REGISTER_H_

#include "core/api/registry.h"

namespace saccade {

void RegisterControl(Registry& registry);

namespace control {

void RegisterAcrobot(Registry& registry);
void RegisterBallInCup(Registry& registry);
void RegisterCartpole(Registry& registry);
void RegisterCheetah(Registry& registry);
void RegisterFinger(Registry& registry);
void RegisterHopper(Registry& registry);
void RegisterHumanoid(Registry& registry);
void RegisterPendulum(Registry& registry);
void RegisterPointMass(Registry& registry);
void RegisterQuadruped(Registry& registry);
void RegisterReacher(Registry& registry);
void RegisterWalker(Registry& registry);

}  // namespace control
}  // namespace saccade

#endif  // SACCADE_ENVS_CONTROL_REGISTER_H_

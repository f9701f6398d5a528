#include "envs/control/register.h"

namespace saccade {

void RegisterControl(Registry& registry) {
  control::RegisterAcrobot(registry);
  control::RegisterBallInCup(registry);
  control::RegisterCartpole(registry);
  control::RegisterCheetah(registry);
  control::RegisterFinger(registry);
  control::RegisterHopper(registry);
  control::RegisterHumanoid(registry);
  control::RegisterPendulum(registry);
  control::RegisterPointMass(registry);
  control::RegisterQuadruped(registry);
  control::RegisterReacher(registry);
  control::RegisterWalker(registry);
}

}  // namespace saccade

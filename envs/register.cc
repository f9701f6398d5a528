#include "envs/register.h"

#include "envs/control/register.h"
#include "envs/mjcf/mjcf.h"
#include "envs/mujoco/gl_register.h"
#include "envs/raycast/register.h"
#include "envs/toy/register.h"

namespace saccade {

void RegisterEnvs(Registry& registry) {
  RegisterGlRenderer(registry);
  raycast::RegisterRenderer(registry);
  RegisterControl(registry);
  RegisterMjcf(registry);
  RegisterToy(registry);
}

}  // namespace saccade

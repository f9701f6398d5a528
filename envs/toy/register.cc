#include "envs/toy/register.h"

#include "envs/toy/lqr.h"

namespace saccade {

void RegisterToy(Registry& registry) {
  registry.envs().Add("lqr-toy", "push a mass to the origin; the best return is known", MakeLqrToy);
}

}  // namespace saccade

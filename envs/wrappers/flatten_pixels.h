// Shows a policy the pixels as part of the state.
//
// The state gets one more entry, "pixels" (height × width × channels, row by row, in [0, 1]), and
// there is no image any more. So what is done to a state is done to every pixel: above all the
// normalisation of observations, which makes a background that stands still disappear.
//
// Cost: 8 bytes a number where a pixel had one, and 16 in the statistics of each episode of a
// generation: meant for small images (24 × 32 × 2: 24 kB an episode).

#ifndef SACCADE_ENVS_WRAPPERS_FLATTEN_PIXELS_H_
#define SACCADE_ENVS_WRAPPERS_FLATTEN_PIXELS_H_

#include <memory>

#include "core/api/env.h"

namespace saccade {

// Throws kInput when the state has an entry of that name, or cannot hold so many numbers.
std::shared_ptr<const EnvBlueprint> FlattenPixels(std::shared_ptr<const EnvBlueprint> inner);

}  // namespace saccade

#endif  // SACCADE_ENVS_WRAPPERS_FLATTEN_PIXELS_H_

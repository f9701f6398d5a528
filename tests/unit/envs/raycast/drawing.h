// Pictures of a world, drawn once.

#ifndef SACCADE_TESTS_UNIT_ENVS_RAYCAST_DRAWING_H_
#define SACCADE_TESTS_UNIT_ENVS_RAYCAST_DRAWING_H_

#include "core/base/image.h"
#include "envs/raycast/options.h"
#include "tests/unit/envs/world.h"

namespace saccade::raycast {

struct Format {
  int height = 84;
  int width = 84;
  int channels = 3;
};

template <class AnyRenderer>
Image Draw(testing_envs::World& world, const RaycastOptions& options, int camera,
           const Format& format = {}) {
  AnyRenderer renderer(options, {world.model(), format.height, format.width});
  Image image(format.height, format.width, format.channels);
  renderer.Render(world.scene(), camera, image.view());
  return image;
}

}  // namespace saccade::raycast

#endif  // SACCADE_TESTS_UNIT_ENVS_RAYCAST_DRAWING_H_

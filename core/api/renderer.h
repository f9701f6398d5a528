// Draws the state of a MuJoCo simulation into an image.
//
// One Renderer belongs to one worker slot; it may move between threads from call to call, but is
// never used by two at once. The model must be the one that the renderer was made for, or a copy.

#ifndef SACCADE_CORE_API_RENDERER_H_
#define SACCADE_CORE_API_RENDERER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/api/env.h"
#include "core/base/image.h"

namespace saccade {

struct RendererContext {
  const mjModel_* model = nullptr;
  int height = 0;  // of the largest image that will be asked for
  int width = 0;
};

// What lies behind the pixels of an image, at their centres; row 0 on top. Both arrays are lent.
struct GeometryView {
  int height = 0;
  int width = 0;
  // height × width: metres from the camera along its axis; of nothing, those of the far plane.
  float* depth = nullptr;
  // height × width × 2: the id and the type (mjtObj) of the object there; of nothing, -1 and -1.
  std::int32_t* segmentation = nullptr;
};

class Renderer {
 public:
  virtual ~Renderer() = default;

  // Draws `scene` from camera `camera` (an id of the model; -1 is the free camera) into `out`,
  // which has 3 channels (RGB) or 1 (luma, ITU-R BT.601). Throws kEnvironment when the device is
  // lost.
  virtual void Render(const Scene& scene, int camera, ImageView out) = 0;

  // Fills `out` with what is nearest, be it ever so transparent: geoms, sites, tendons and skins, but
  // neither sky nor haze, as mujoco.Renderer has it. Throws kEnvironment when the device is lost.
  virtual void RenderGeometry(const Scene& scene, int camera, const GeometryView& out) = 0;

  // What draws, in words: "EGL surfaceless, llvmpipe (software)".
  virtual std::string description() const = 0;
};

// What the renderers of one model share, made once. Const, for every thread to use.
class RendererBlueprint {
 public:
  virtual ~RendererBlueprint() = default;
  // One for a worker slot; may be called by several threads at once. Throws kEnvironment when there
  // is no device, kInput when the model or the size cannot be drawn.
  virtual std::unique_ptr<Renderer> MakeRenderer() const = 0;
};

// Of renderers that share nothing, each of which is what `make` returns.
std::shared_ptr<const RendererBlueprint> BlueprintOf(
    std::function<std::unique_ptr<Renderer>()> make);

}  // namespace saccade

#endif  // SACCADE_CORE_API_RENDERER_H_

// Draws the state of a MuJoCo simulation into an image.
//
// One Renderer belongs to one worker slot; it may move between threads from call to call, but is
// never used by two at once. The model must be the one that the renderer was made for, or a copy.

#ifndef SACCADE_CORE_API_RENDERER_H_
#define SACCADE_CORE_API_RENDERER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/api/env.h"
#include "core/base/image.h"

namespace saccade {

struct RendererContext {
  const mjModel_* model = nullptr;  // outlives the blueprint and its renderers
  int height = 0;                   // of the largest image that will be asked for
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

// MuJoCo's free camera: where its viewer starts, looking at the centre of the model.
inline constexpr int kFreeCamera = -1;

// An eye on a sphere around a point, upright, with the free camera's angle of view.
struct Orbit {
  std::array<double, 3> lookat = {};  // metres, in the world
  double distance = 1;                // metres
  double azimuth = 0;                 // degrees; at 0 it looks along +x, at 90 along +y
  double elevation = 0;               // degrees; at -90 it looks down
};

// Where a picture is taken from.
struct Viewpoint {
  // A camera of the model by its id, or kFreeCamera.
  Viewpoint(int id) : camera(id) {}  // NOLINT(google-explicit-constructor): ids are viewpoints
  explicit Viewpoint(const Orbit& its_orbit) : orbit(its_orbit) {}

  int camera = kFreeCamera;
  std::optional<Orbit> orbit = {};  // where the free camera is
};

// A picture that takes the place of a texture: RendererBlueprint::MakeTexture.
class TexturePicture {
 public:
  virtual ~TexturePicture() = default;
};

class Renderer {
 public:
  virtual ~Renderer() = default;

  // Draws `scene` into `out`, which has 3 channels (RGB) or 1 (luma, ITU-R BT.601). Throws
  // kEnvironment when the device is lost.
  virtual void Render(const Scene& scene, const Viewpoint& viewpoint, ImageView out) = 0;

  // Fills `out` with what is nearest, be it ever so transparent: geoms, sites, tendons and skins, but
  // neither sky nor haze, as mujoco.Renderer has it. Throws kEnvironment when the device is lost.
  virtual void RenderGeometry(const Scene& scene, const Viewpoint& viewpoint,
                              const GeometryView& out) = 0;

  // From the next picture on, texture `id` of the model is `picture`, which this renderer's blueprint
  // made for it; nullptr: what the model has. Copies nothing where it can be read where it is
  // (raycast); gl uploads it. Throws kInput when the renderer knows the model's textures only.
  virtual void UseTexture(int id, std::shared_ptr<const TexturePicture> picture);

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
  // Prepares an RGB image, whose row 0 is the texture's first, to take the place of texture `id`. A
  // cube's is square, for all six faces, or six squares from the top down.
  // May be called by several threads at once. Throws kInput when it has another shape, and as
  // UseTexture.
  virtual std::shared_ptr<const TexturePicture> MakeTexture(int id, const ImageView& image) const;
};

// Throws kInput when an image of this shape cannot take the place of a cube.
void RequireCubeShape(const ImageView& image);

// Of renderers that share nothing, each of which is what `make` returns.
std::shared_ptr<const RendererBlueprint> BlueprintOf(
    std::function<std::unique_ptr<Renderer>()> make);

}  // namespace saccade

#endif  // SACCADE_CORE_API_RENDERER_H_

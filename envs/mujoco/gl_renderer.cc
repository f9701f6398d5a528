#include "envs/mujoco/gl_renderer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/log.h"

namespace saccade {
namespace {

// MuJoCo counts its drawing contexts in a plain global variable.
std::mutex& DrawingContextMutex() {
  static std::mutex& mutex = *new std::mutex;
  return mutex;
}

void SayWhatDraws(bool software, const std::string& description) {
  if (!software) {
    LogNoteOnce("gl-hardware", fmt::format("MuJoCo draws with {}", description));
    return;
  }
  LogWarningOnce(
      "gl-software",
      fmt::format(
          "MuJoCo draws in software ({}): about 50 images of 84x84 a second on each processor. "
          "Where there is a GPU, look at its driver and at who may open /dev/dri; elsewhere the "
          "renderer raycast draws the same, about 30 to 100 times as fast",
          description));
}

// Turns the rows around, because OpenGL's first row is the lowest.
void CopyUpright(const std::uint8_t* frame, ImageView out) {
  const std::size_t row_size = std::size_t{3} * out.width;
  for (int y = 0; y < out.height; ++y) {
    const std::uint8_t* rgb = frame + row_size * (out.height - 1 - y);
    std::uint8_t* row = out.row(y);
    if (out.channels == 3) {
      std::memcpy(row, rgb, row_size);
    } else {
      for (int x = 0; x < out.width; ++x) {
        row[x] = Luma(rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2]);
      }
    }
  }
}

// Bytes that wait for their upload.
struct GlTexture final : TexturePicture {
  GlTexture(int its_id, const ImageView& image)
      : id(its_id),
        height(image.height),
        width(image.width),
        rgb(image.data, image.data + image.size()) {}
  int id;  // whose place it can take
  int height;
  int width;
  std::vector<mjtByte> rgb;
};

// A model of which one texture is another, for as long as it is uploaded.
class ModelWithTexture {
 public:
  ModelWithTexture(const mjModel& model, int id, const GlTexture& texture) : model_(model) {
    model_.tex_data = const_cast<mjtByte*>(texture.rgb.data());  // which is only read
    Change(addresses_, model_.tex_adr, id, 0);
    Change(heights_, model_.tex_height, id, texture.height);
    Change(widths_, model_.tex_width, id, texture.width);
    Change(channels_, model_.tex_nchannel, id, 3);
  }
  const mjModel* get() const { return &model_; }

 private:
  template <class T>
  void Change(std::vector<T>& storage, T*& array, int id, std::type_identity_t<T> value) {
    storage.assign(array, array + model_.ntex);
    storage[static_cast<std::size_t>(id)] = value;
    array = storage.data();
  }

  mjModel model_;  // shares all other arrays
  std::vector<std::remove_pointer_t<decltype(mjModel::tex_adr)>> addresses_;
  std::vector<int> heights_;
  std::vector<int> widths_;
  std::vector<int> channels_;
};

}  // namespace

void GlRendererOptions::Visit(config::Visitor& v) {
  using config::Rule;
  v.Field("backend", backend,
          "where OpenGL comes from; auto takes the first that works, in this order",
          Rule::OneOf({"auto", "egl-device", "egl-surfaceless", "osmesa"}));
  v.Field("shadows", shadows, "draw shadows");
  v.Field("reflections", reflections, "draw reflections");
  v.Field("skybox", skybox, "draw the sky; without, the background is black");
  v.Field("samples", samples, "samples per pixel against jagged edges; -1 as the model says, 0 off",
          Rule::AtLeast(-1));
  v.Field("supersampling", supersampling,
          "draw this many times as high and wide, and average: smooth edges in small images",
          Rule::Between(1, 16));
}

GlRenderer::GlRenderer(const GlRendererOptions& options, const RendererContext& context)
    : model_(*context.model),
      gl_(MakeGlContext(options.backend)),
      supersampling_(options.supersampling),
      scene_(context.model) {
  SACCADE_CHECK(context.height > 0 && context.width > 0);
  const int height = context.height * supersampling_;
  const int width = context.width * supersampling_;
  if (std::max(height, width) > gl_->info().max_size) {
    throw InputError(fmt::format(
        "an image of {} x {} pixels{} is too large for {}: at most {} a side", context.height,
        context.width,
        supersampling_ > 1 ? fmt::format(", supersampled {} times,", supersampling_) : "",
        description(), gl_->info().max_size));
  }
  frame_.resize(std::size_t{3} * height * width);
  MakeDrawingContext(options, *context.model, height, width);
  if (!options.shadows) scene_.get().flags[mjRND_SHADOW] = 0;
  if (!options.reflections) scene_.get().flags[mjRND_REFLECTION] = 0;
  if (!options.skybox) scene_.get().flags[mjRND_SKYBOX] = 0;
  SayWhatDraws(software(), description());
}

void GlRenderer::MakeDrawingContext(const GlRendererOptions& options, const mjModel& shared,
                                    int height, int width) {
  // A copy of the struct, which shares the arrays with the model: MuJoCo reads the buffer's size
  // from there, and the model belongs to others.
  mjModel model = shared;
  model.vis.global.offwidth = width;
  model.vis.global.offheight = height;
  if (options.samples >= 0) model.vis.quality.offsamples = options.samples;

  const std::lock_guard lock(DrawingContextMutex());
  const CurrentGlContext current(*gl_);
  mjr_defaultContext(&drawing_);
  try {
    mjr_makeContext(&model, &drawing_, mjFONTSCALE_100);
  } catch (const Error& error) {  // what the device cannot do is no fault of the input
    throw EnvironmentError(fmt::format("{}: {}", description(), error.what()));
  }
  mjr_setBuffer(mjFB_OFFSCREEN, &drawing_);
  SACCADE_CHECK(drawing_.currentBuffer == mjFB_OFFSCREEN);
  drawing_.readDepthMap = mjDEPTH_ZEROFAR;  // the other way round has few digits left far out
}

GlRenderer::~GlRenderer() {
  const std::lock_guard lock(DrawingContextMutex());
  try {
    const CurrentGlContext current(*gl_);
    mjr_freeContext(&drawing_);
  } catch (const Error&) {
    // The device is lost, and what was on it with it.
  }
}

void GlRenderer::Render(const Scene& scene, const Viewpoint& viewpoint, ImageView out) {
  const mjrRect frame = {0, 0, out.width * supersampling_, out.height * supersampling_};
  SACCADE_CHECK(frame.height <= drawing_.offHeight && frame.width <= drawing_.offWidth);
  SACCADE_CHECK(out.channels == 1 || out.channels == 3);
  Draw(scene, viewpoint, frame, nullptr);
  if (supersampling_ > 1) {
    Shrink({frame_.data(), frame.height, frame.width, 3}, supersampling_,
           {frame_.data(), out.height, out.width, 3});
  }
  CopyUpright(frame_.data(), out);
}

void GlRenderer::RenderGeometry(const Scene& scene, const Viewpoint& viewpoint,
                                const GeometryView& out) {
  const mjrRect frame = {0, 0, out.width, out.height};
  SACCADE_CHECK(frame.height <= drawing_.offHeight && frame.width <= drawing_.offWidth);
  depth_.resize(std::size_t{1} * out.height * out.width);
  Draw(scene, viewpoint, frame, depth_.data());
  scene_.WriteGeometry(out, [&](int x, int y) -> VisualScene::Front {
    const std::size_t i = static_cast<std::size_t>(y) * out.width + x;
    const std::uint8_t* rgb = frame_.data() + 3 * i;
    return {rgb[0] + 256 * rgb[1] + 65536 * rgb[2] - 1, depth_[i]};
  });
}

void GlRenderer::Draw(const Scene& scene, const Viewpoint& viewpoint, mjrRect frame,
                      float* geometry) {
  scene_.Update(scene, viewpoint);
  mjtByte* flags = scene_.get().flags;
  // Numbers instead of colours, without samples, all geoms opaque.
  flags[mjRND_SEGMENT] = flags[mjRND_IDCOLOR] = geometry != nullptr ? 1 : 0;
  const CurrentGlContext current(*gl_);
  mjr_render(frame, &scene_.get(), &drawing_);
  mjr_readPixels(frame_.data(), geometry, frame, &drawing_);
  constexpr int kOutOfMemory = 0x0505;  // GL_OUT_OF_MEMORY
  constexpr int kContextLost = 0x0507;  // GL_CONTEXT_LOST
  const int error = mjr_getError();
  if (error == kOutOfMemory || error == kContextLost) {
    throw EnvironmentError(
        fmt::format("{} is {}", description(), error == kOutOfMemory ? "out of memory" : "lost"));
  }
}

void GlRenderer::UseTexture(int id, std::shared_ptr<const TexturePicture> picture) {
  SACCADE_CHECK(0 <= id && id < model_.ntex);
  const CurrentGlContext current(*gl_);
  if (picture == nullptr) return mjr_uploadTexture(&model_, &drawing_, id);
  const auto texture = std::dynamic_pointer_cast<const GlTexture>(picture);
  SACCADE_CHECK(texture != nullptr && texture->id == id);
  if (texture->width > gl_->info().max_size || texture->height > 6 * gl_->info().max_size) {
    throw InputError(
        fmt::format("a texture of {} × {} pixels is too large for {}: at most {} a side",
                    texture->height, texture->width, description(), gl_->info().max_size));
  }
  mjr_uploadTexture(ModelWithTexture(model_, id, *texture).get(), &drawing_, id);
}

std::shared_ptr<const TexturePicture> GlBlueprint::MakeTexture(int id,
                                                               const ImageView& image) const {
  const mjModel& model = *context_.model;
  SACCADE_CHECK(0 <= id && id < model.ntex && image.channels == 3 && image.size() > 0);
  if (model.tex_type[id] != mjTEXTURE_2D) RequireCubeShape(image);
  return std::make_shared<GlTexture>(id, image);
}

std::string GlRenderer::description() const {
  return fmt::format("{} ({}): {}", gl_->platform(), software() ? "software" : "hardware",
                     gl_->info().renderer);
}

}  // namespace saccade

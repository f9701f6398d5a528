#include "core/api/renderer.h"

#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {
namespace {

Error KnowsNoOtherTextures() {
  return InputError("this renderer draws the textures of the model and no others");
}

class PlainBlueprint : public RendererBlueprint {
 public:
  explicit PlainBlueprint(std::function<std::unique_ptr<Renderer>()> make)
      : make_(std::move(make)) {}
  std::unique_ptr<Renderer> MakeRenderer() const override { return make_(); }

 private:
  std::function<std::unique_ptr<Renderer>()> make_;
};

}  // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): those that override it keep it
void Renderer::UseTexture(int, std::shared_ptr<const TexturePicture>) {
  throw KnowsNoOtherTextures();
}

std::shared_ptr<const TexturePicture> RendererBlueprint::MakeTexture(int, const ImageView&) const {
  throw KnowsNoOtherTextures();
}

void RequireCubeShape(const ImageView& image) {
  if (image.height == image.width || image.height == 6 * image.width) return;
  throw InputError(fmt::format(
      "an image of {} × {} pixels cannot be a cube's texture: it needs to be as high as "
      "wide, or six times as high",
      image.height, image.width));
}

std::shared_ptr<const RendererBlueprint> BlueprintOf(
    std::function<std::unique_ptr<Renderer>()> make) {
  return std::make_shared<PlainBlueprint>(std::move(make));
}

}  // namespace saccade

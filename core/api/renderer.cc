#include "core/api/renderer.h"

#include <utility>

namespace saccade {
namespace {

class PlainBlueprint : public RendererBlueprint {
 public:
  explicit PlainBlueprint(std::function<std::unique_ptr<Renderer>()> make)
      : make_(std::move(make)) {}
  std::unique_ptr<Renderer> MakeRenderer() const override { return make_(); }

 private:
  std::function<std::unique_ptr<Renderer>()> make_;
};

}  // namespace

std::shared_ptr<const RendererBlueprint> BlueprintOf(
    std::function<std::unique_ptr<Renderer>()> make) {
  return std::make_shared<PlainBlueprint>(std::move(make));
}

}  // namespace saccade

#include "core/cli/frames.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "envs/mujoco/camera.h"

namespace saccade::cli {

void AddFrameOptions(CLI::App& command, FrameOptions& options) {
  command
      .add_option("--camera", options.camera, "camera of the frames, by name or number; -1 is free")
      ->capture_default_str()
      ->type_name("NAME|ID");
  command
      .add_option("--renderer", options.renderer,
                  "renderer of the frames (saccade list renderers): its name, or its name and "
                  "options, as in '{name: gl, shadows: false}'")
      ->capture_default_str()
      ->type_name("NAME");
}

std::pair<int, int> ParseSize(const std::string& option, const std::string& text) {
  constexpr int kLargest = 4096;
  const char* end = text.data() + text.size();
  std::pair<int, int> size;
  const auto first = std::from_chars(text.data(), end, size.first);
  if (first.ec == std::errc() && first.ptr != end && *first.ptr == 'x') {
    const auto second = std::from_chars(first.ptr + 1, end, size.second);
    const bool in_range =
        std::min(size.first, size.second) > 0 && std::max(size.first, size.second) <= kLargest;
    if (second.ec == std::errc() && second.ptr == end && in_range) return size;
  }
  throw InputError(
      fmt::format("{} {}: expected two numbers from 1 to {} with an x between, such as "
                  "64x64",
                  option, text, kLargest));
}

FrameSource MakeFrameSource(const FrameOptions& options, const Registry& registry, Env& env) {
  if (options.height == 0) return {};
  const Scene scene = env.scene();
  if (scene.model == nullptr) {
    throw InputError(fmt::format("{}: this environment has nothing to draw", env.spec().name));
  }
  config::Node node = config::ParseYaml(options.renderer, "--renderer");
  config::Diagnostics diagnostics;
  const auto factory = registry.renderers().Read(node, "", diagnostics);
  diagnostics.ThrowIfAny();
  const int camera = CameraId(scene.model, options.camera);
  const std::shared_ptr<Renderer> renderer =
      factory->Make({scene.model, options.height, options.width});
  return {options.height, options.width, [renderer, camera](Env& drawn, ImageView out) {
            renderer->Render(drawn.scene(), camera, out);
          }};
}

}  // namespace saccade::cli

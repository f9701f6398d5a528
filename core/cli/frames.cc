#include "core/cli/frames.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <tuple>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "envs/mujoco/camera.h"

namespace saccade::cli {

void AddRendererOptions(CLI::App& command, FrameOptions& options) {
  command
      .add_option("--camera", options.camera, "camera of the frames, by name or number; -1 is free")
      ->capture_default_str()
      ->type_name("NAME|ID");
  command
      .add_option("--renderer", options.renderer,
                  "renderer of the frames (saccade list renderers): its name, or its name and "
                  "options, as in '{name: raycast, look: fast}'")
      ->capture_default_str()
      ->type_name("NAME");
  command
      .add_option("--look", options.look,
                  "how raycast draws: reference, all that MuJoCo draws, or fast, without shadows, "
                  "reflections and samples; short for --renderer '{name: raycast, look: fast}'")
      ->type_name("LOOK");
}

void AddFrameOptions(CLI::App& command, FrameOptions& options) {
  AddRendererOptions(command, options);
  command.add_flag("--depth", options.depth,
                   "how far away things are, in metres along the camera's axis");
  command.add_flag("--segmentation", options.segmentation,
                   "which object is where, as its id and type (mjtObj)");
}

void AddSize(CLI::App& command, FrameOptions& options, const std::string& help) {
  command
      .add_option_function<std::string>(
          "--size",
          [&options](const std::string& text) {
            std::tie(options.width, options.height) = ParseSize("--size", text);
          },
          help)
      ->type_name("WxH");
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

namespace {

config::Node RendererNode(const FrameOptions& options) {
  config::Node node = config::ParseYaml(options.renderer, "--renderer");
  if (options.look.empty()) return node;
  if (node.is_scalar()) {
    const config::Node name = node;
    node = config::ParseYaml("{}", "--renderer");
    node.At("name") = name;
  }
  const config::Node* name = node.Find("name");
  if (name == nullptr || name->text != "raycast") {
    throw InputError(fmt::format("--look {}: is for --renderer raycast, not {}", options.look,
                                 options.renderer));
  }
  if (node.Find("look") != nullptr) {
    throw InputError(fmt::format("--look {}: is said by --renderer {} too; leave one of them out",
                                 options.look, options.renderer));
  }
  node.At("look") = config::ParseYaml(options.look, "--look");
  return node;
}

}  // namespace

Scene SceneToDraw(Env& env) {
  const Scene scene =
      CallAs([&] { return "environment " + env.spec().name; }, [&] { return env.scene(); });
  if (scene.model != nullptr) return scene;
  throw InputError(fmt::format("{}: this environment has nothing to draw", env.spec().name));
}

std::unique_ptr<Renderer> MakeRenderer(const FrameOptions& options, const Registry& registry,
                                       const mjModel_* model) {
  config::Node node = RendererNode(options);
  config::Diagnostics diagnostics;
  const auto factory = registry.renderers().Read(node, "", diagnostics);
  diagnostics.ThrowIfAny();
  return factory->Make({model, options.height, options.width})->MakeRenderer();
}

FrameSource MakeFrameSource(const FrameOptions& options, const Registry& registry, Env& env) {
  if (options.height == 0) return {};
  const Scene scene = SceneToDraw(env);
  const int camera = CameraId(scene.model, options.camera);
  const std::shared_ptr<Renderer> renderer = MakeRenderer(options, registry, scene.model);
  FrameSource source{options.height, options.width, options.depth, options.segmentation};
  source.draw = [renderer, camera](Env& drawn, ImageView out) {
    renderer->Render(drawn.scene(), camera, out);
  };
  source.measure = [renderer, camera](Env& drawn, const GeometryView& out) {
    renderer->RenderGeometry(drawn.scene(), camera, out);
  };
  return source;
}

void RequireRoom(const FrameSource& source, int frames) {
  constexpr double kMost = 1024.0 * 1024 * 1024;  // what becomes a file is in memory three times
  const double bytes = static_cast<double>(source.bytes()) * frames;
  if (bytes <= kMost) return;
  throw InputError(fmt::format(
      "{} frames of {} × {} pixels with {} bytes each are {:.1f} GiB of arrays; at most 1 GiB can "
      "be kept: ask for smaller frames, fewer of them or fewer arrays",
      frames, source.height, source.width,
      source.bytes() / (std::size_t{1} * source.height * source.width), bytes / kMost));
}

}  // namespace saccade::cli

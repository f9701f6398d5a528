// Pictures of an environment that has MuJoCo inside: which size, which camera, which renderer.

#ifndef SACCADE_CORE_CLI_FRAMES_H_
#define SACCADE_CORE_CLI_FRAMES_H_

#include <memory>
#include <string>
#include <utility>

#include <CLI/App.hpp>

#include "core/api/registry.h"
#include "core/runtime/frames.h"

namespace saccade::cli {

struct FrameOptions {
  int height = 0;  // 0: no frames
  int width = 0;
  std::string camera = "0";
  std::string renderer = "raycast";  // as YAML: a name, or a map with its options
  std::string look = "";             // an option of the renderer, unless it is empty
  bool depth = false;
  bool segmentation = false;
};

// Adds --camera, --renderer and --look.
void AddRendererOptions(CLI::App& command, FrameOptions& options);

// The same, --depth and --segmentation.
void AddFrameOptions(CLI::App& command, FrameOptions& options);

// Adds --size, width and height; the options outlive the command's parsing.
void AddSize(CLI::App& command, FrameOptions& options, const std::string& help);

// The two numbers of "240x320", as given to `option`. Throws kInput with what is wrong.
std::pair<int, int> ParseSize(const std::string& option, const std::string& text);

// Throws kInput when `env` has nothing to draw.
Scene SceneToDraw(Env& env);

// What the options name, for pictures of at most their size.
std::unique_ptr<Renderer> MakeRenderer(const FrameOptions& options, const Registry& registry,
                                       const mjModel_* model);

// Throws kInput when frames are asked for and `env` has nothing to draw.
FrameSource MakeFrameSource(const FrameOptions& options, const Registry& registry, Env& env);

// Throws kInput, with the arithmetic, when so many frames would not fit into memory.
void RequireRoom(const FrameSource& source, int frames);

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_FRAMES_H_

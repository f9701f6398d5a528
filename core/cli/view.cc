#include <atomic>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/cli/actor.h"
#include "core/cli/commands.h"
#include "core/cli/frames.h"
#include "core/cli/interrupt.h"
#include "core/cli/subject.h"
#include "core/cli/viewer.h"
#include "core/media/image_io.h"
#include "envs/mujoco/camera.h"
#include "envs/mujoco/gl_context.h"

namespace saccade::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAuto = "auto";
constexpr const char* kNobody = "none";

struct ViewOptions {
  std::string subject;  // RUN or ENV
  std::string policy;   // RUN, for ENV
  std::vector<std::string> overrides;
  std::string actions = kNobody;
  int episode = 0;
  std::uint64_t seed = 0;
  bool paused = false;
  FrameOptions frames{.height = 600, .width = 960, .renderer = kAuto};
};

std::string Examples() {
  std::string text = R"(
Examples:
  saccade view runs/quickstart
  saccade view cheetah-run                       nothing acts: pull at the body
  saccade view cheetah-run --actions random
  saccade view walker-walk --policy runs/walker  a policy in another environment than its own

auto is gl where OpenGL is a graphics card's, and raycast elsewhere.

Keys and mouse:
)";
  for (const PanelRow& row : Viewer::Help()) {
    text += fmt::format("  {:<14}{}\n", row.name, row.text);
  }
  text.pop_back();
  return text;
}

// Of a policy in an environment that is named beside it.
std::vector<std::string> PolicyOverrides(const ViewOptions& options) {
  std::vector<std::string> overrides = {"env.name=" + options.subject};
  for (const std::string& assignment : options.overrides) overrides.push_back("env." + assignment);
  return overrides;
}

std::unique_ptr<Actor> MakeActor(const ViewOptions& options, const Registry& registry) {
  const bool is_run = IsRunOrConfig(registry, options.subject);
  const std::string unwanted = !options.policy.empty()      ? "--policy " + options.policy
                               : options.actions != kNobody ? "--actions " + options.actions
                                                            : "";
  if (is_run && !unwanted.empty()) {
    throw InputError(fmt::format(
        "{}: {} is a file or folder, whose policy acts; name an environment in its place, or leave "
        "the option out",
        unwanted, options.subject));
  }
  if (is_run) return MakePolicyActor(registry, options.subject, options.overrides);
  if (!options.policy.empty()) {
    return MakePolicyActor(registry, options.policy, PolicyOverrides(options));
  }
  return MakeUntrainedActor(registry, options.subject, options.overrides,
                            options.actions == "random" ? Untrained::kRandom : Untrained::kNone);
}

std::string WhatActs(const ViewOptions& options, const Actor& actor, const Registry& registry) {
  if (!options.policy.empty() || registry.envs().Find(options.subject) == nullptr) {
    // Of a run, its name and the checkpoint's: "quickstart/000380".
    const fs::path file = fs::absolute(actor.subject());
    const fs::path folder = file.parent_path();
    if (folder.filename() != "checkpoints") return file.filename().string();
    return (folder.parent_path().filename() / file.stem()).string();
  }
  return options.actions == "random" ? "random actions" : "nothing";
}

// "cheetah-run-2.png", the first that is not there yet.
fs::path ScreenshotName(const std::string& env) {
  std::error_code ignored;
  for (int i = 1;; ++i) {
    fs::path path = fmt::format("{}-{}.png", env, i);
    if (!fs::exists(path, ignored)) return path;
  }
}

// Says what came of it, in a line.
std::string SaveScreenshot(const std::string& env, const ImageView& picture) {
  const fs::path path = ScreenshotName(env);
  try {
    WritePng(path, picture);
  } catch (const Error& error) {
    LogWarning(error.what());  // no reason to leave
    return "not saved: see the terminal";
  }
  fmt::print("{}\n", path.string());
  std::fflush(stdout);
  return "saved " + path.string();
}

// Until its user leaves or `stop` is set. What stands still is drawn after events only.
void Show(Viewer& viewer, const std::string& env, Window& window, const std::atomic<bool>& stop) {
  constexpr double kFrame = 1.0 / 60;  // seconds
  constexpr double kLook = 0.1;        // at `stop`
  Image picture;
  auto last = Clock::now();
  bool is_stale = true;
  while (!stop && !window.closed()) {
    const double pause = viewer.moves() || is_stale ? kFrame - SecondsSince(last) : kLook;
    for (const WindowEvent& event : window.Wait(pause)) {
      if (!viewer.Handle(event)) return;
      is_stale = true;
    }
    const double seconds = SecondsSince(last);
    if (seconds < kFrame) continue;
    last = Clock::now();
    if (!viewer.moves() && !is_stale) continue;
    viewer.Advance(seconds);
    if (picture.height() != window.height() || picture.width() != window.width()) {
      picture = Image(window.height(), window.width(), 3);
    }
    viewer.Draw(picture.view());
    window.Show(picture.view());
    is_stale = false;
    if (viewer.TakeScreenshotWish()) {
      viewer.Say(SaveScreenshot(env, picture.view()));
      is_stale = true;
    }
  }
}

int View(ViewOptions options, const Registry& registry) {
  const auto actor = MakeActor(options, registry);
  Playback playback(*actor, options.seed, options.episode);
  playback.Pause(options.paused);
  const Scene scene = SceneToDraw(playback.env());
  const int camera = CameraId(scene.model, options.frames.camera);
  if (options.frames.renderer == kAuto) {
    options.frames.renderer = options.frames.look.empty() && HasHardwareGl() ? "gl" : "raycast";
  }
  const auto make_renderer = [&](int height, int width) {
    FrameOptions frames = options.frames;
    frames.height = height;
    frames.width = width;
    return MakeRenderer(frames, registry, scene.model);
  };
  // What is wrong with it is said before a window opens.
  make_renderer(options.frames.height, options.frames.width);
  const std::string& env = playback.env().spec().name;
  const std::atomic<bool>& stop = CatchInterrupts();
  const auto window = OpenWindow(fmt::format("{} - saccade view", options.subject),
                                 options.frames.width, options.frames.height);
  Viewer viewer(playback, WhatActs(options, *actor, registry), camera, make_renderer);
  Show(viewer, env, *window, stop);
  return stop ? kInterruptedExitCode : 0;
}

}  // namespace

void AddView(CLI::App& app, const Registry& registry, Outcome& outcome) {
  auto options = std::make_shared<ViewOptions>();
  CLI::App* command =
      app.add_subcommand("view", "Watch a policy or an environment live, and touch it");
  command->footer(Examples());
  command
      ->add_option(
          "RUN|ENV", options->subject,
          "the folder of a run, whose newest checkpoint is taken, a checkpoint, or an environment")
      ->required();
  CLI::Option* policy = AddPath(*command, "--policy", options->policy,
                                "the policy of this run acts in the environment", "RUN");
  command
      ->add_option("--actions", options->actions,
                   "what is done in an environment without a policy: none or random")
      ->check(CLI::IsMember({kNobody, "random"}))
      ->capture_default_str()
      ->type_name("KIND")
      ->excludes(policy);
  AddEpisode(*command, options->episode);
  AddSeed(*command, options->seed, "seed of the first episode");
  AddOverrides(*command, options->overrides,
               "change the environment: env.key=value for a run, key=value for an environment");
  command->add_flag("--paused", options->paused, "begin paused");
  AddSize(*command, options->frames, "width and height of the window (default: 960x600)");
  AddRendererOptions(*command, options->frames);
  command->callback([=, &registry, &outcome] { outcome.exit_code = View(*options, registry); });
}

}  // namespace saccade::cli

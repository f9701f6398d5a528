#include <atomic>
#include <cmath>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/build_info.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/shell.h"
#include "core/cli/actor.h"
#include "core/cli/commands.h"
#include "core/cli/film.h"
#include "core/cli/frames.h"
#include "core/cli/interrupt.h"
#include "core/cli/output.h"
#include "core/cli/subject.h"
#include "core/runtime/json_fields.h"
#include "core/runtime/run_folder.h"
#include "core/runtime/saved_policy.h"

namespace saccade::cli {
namespace {

namespace fs = std::filesystem;

struct RenderOptions {
  std::string subject;  // RUN or ENV
  std::vector<std::string> overrides;
  std::string out;
  int episode = 0;
  std::uint64_t seed = 0;
  FrameOptions frames{.height = 480, .width = 640};
};

constexpr const char* kExamples = R"(
Examples:
  saccade render runs/quickstart                          runs/quickstart/videos/episode-0.mp4
  saccade render runs/quickstart --episode 3 -o walk.gif
  saccade render cheetah-run -o cheetah.png               the first frame, random actions
  saccade render runs/quickstart -o frames/               one PNG per frame
  saccade render walker-walk --size 84x84 --depth --segmentation -o walk.npz
                                                          arrays of every frame
  saccade render walker-walk --segmentation -o parts.png  objects, a colour each

Arrays of T frames are frames (T x H x W x 3), depth (T x H x W, metres along the camera's axis) and
segmentation (T x H x W x 2, id and type of an object, or -1 and -1). A picture shows depth as a
grey: what is as near as the nearest thing of the first frame is white, what is twice as far half
as bright.

Episode K of seed S is the same one that eval counts. Beside the video lies a .json file with the
command that makes it again, and the policy that it plays.)";

fs::path OutputOf(const RenderOptions& options, bool is_run) {
  if (!options.out.empty()) return options.out;
  const std::string of_seed = options.seed == 0 ? "" : fmt::format("seed-{}-", options.seed);
  const std::string file = fmt::format("{}episode-{}.mp4", of_seed, options.episode);
  std::error_code ignored;
  if (is_run && fs::is_directory(options.subject, ignored)) {
    return run_files::Videos(options.subject) / file;
  }
  return fs::path(options.subject).stem().string() + "-" + file;
}

// Of a run, `subject` is the policy that was played: the run may get newer ones.
std::string Command(const Registry& registry, const RenderOptions& options,
                    const std::string& subject, const fs::path& out) {
  std::string command = SaccadeCommand(registry.Plugins());
  command +=
      fmt::format(" render {} --episode {} --seed {} --size {}x{} --camera {} --renderer {} -o {}",
                  ShellPath(subject), options.episode, options.seed, options.frames.width,
                  options.frames.height, ShellWord(options.frames.camera),
                  ShellWord(options.frames.renderer), ShellPath(out.string()));
  if (!options.frames.look.empty()) command += " --look " + ShellWord(options.frames.look);
  if (options.frames.depth) command += " --depth";
  if (options.frames.segmentation) command += " --segmentation";
  for (const std::string& assignment : options.overrides)
    command += " --set " + ShellWord(assignment);
  return command;
}

// "walk.mp4.json"; beside the folder "frames/", "frames.film.json", which nothing else is called.
fs::path Beside(const fs::path& out, const char* ending) {
  fs::path file = out;
  if (!out.has_filename()) (file = out.parent_path()) += ".film";
  return file += ending;
}
fs::path SidecarOf(const fs::path& out) { return Beside(out, ".json"); }

// The policy that a film of a run plays: the run removes its checkpoints when it has newer ones.
fs::path PolicyOf(const fs::path& out) { return Beside(out, ".policy.safetensors"); }

void WriteSidecar(const std::string& command, const fs::path& out, const EpisodeResult& episode) {
  const nlohmann::ordered_json json = {
      {"command", command},
      {"saccade", BuildSummary()},
      {"return", episode.total_reward},
      {"steps", episode.length},
      {"terminated", episode.terminated},
      {"truncated", episode.truncated},
      {"diverged", episode.diverged},
  };
  WriteFileAtomically(SidecarOf(out), DumpJson(json, 2) + "\n");
}

std::unique_ptr<Actor> MakeActor(const RenderOptions& options, bool is_run,
                                 const Registry& registry) {
  if (is_run) return MakePolicyActor(registry, options.subject, options.overrides);
  return MakeUntrainedActor(registry, options.subject, options.overrides, Untrained::kRandom);
}

void PrepareOutputs(const RenderOptions& options, const Actor& actor, const fs::path& out) {
  PrepareOutput(SidecarOf(out), ".json", {options.subject});
  if (!actor.stays()) PrepareOutput(PolicyOf(out), ".safetensors", {options.subject});
  if (out.has_filename()) PrepareOutput(out, out.extension().string(), {options.subject});
}

// Plays the episode into `film` until it ends, the film is full, or `stop` is set.
EpisodeResult Play(Actor& actor, Env& env, Film& film, const std::atomic<bool>& stop) {
  EpisodeResult episode;
  film.Add(env);
  for (StepResult step; !step.done() && !film.full() && !stop;) {
    step = actor.Step();
    episode.total_reward += step.reward;
    ++episode.length;
    episode.terminated = step.terminated;
    episode.truncated = step.truncated;
    episode.diverged = step.diverged;
    if (!step.diverged) film.Add(env);
  }
  episode.diverged = episode.diverged || !std::isfinite(episode.total_reward);  // as eval counts
  return episode;
}

int Render(const RenderOptions& options, const Registry& registry) {
  const bool is_run = IsRunOrConfig(registry, options.subject);
  const fs::path out = OutputOf(options, is_run);
  RequireFilmName(out, options.frames.depth, options.frames.segmentation);
  const auto actor = MakeActor(options, is_run, registry);
  Env& env = actor->Start(SavedPolicy::Episode(options.seed, options.episode));
  const FrameSource frames = MakeFrameSource(options.frames, registry, env);
  PrepareOutputs(options, *actor, out);
  // Asked politely to stop, the writer removes what it has begun.
  const std::atomic<bool>& stop = CatchInterrupts();
  const auto film = OpenFilm(out, frames, 1 / SecondsPerStep(env.spec()), env.spec().max_steps + 1);
  const EpisodeResult episode = Play(*actor, env, *film, stop);
  if (stop) {
    fmt::print("Interrupted after {} steps; nothing was written.\n", episode.length);
    return kInterruptedExitCode;
  }
  film->Close();
  if (!actor->stays()) actor->Keep(PolicyOf(out));
  const std::string subject = actor->stays() ? actor->subject() : PolicyOf(out).string();
  WriteSidecar(Command(registry, options, subject, out), out, episode);
  fmt::print("{}", out.string());
  if (episode.length > 0) {
    fmt::print(": {} steps, return {:.2f}{}", episode.length, episode.total_reward,
               episode.diverged ? ", diverged in the last one" : "");
  }
  fmt::print("\n");
  return 0;
}

}  // namespace

void AddRender(CLI::App& app, const Registry& registry, Outcome& outcome) {
  auto options = std::make_shared<RenderOptions>();
  CLI::App* command =
      app.add_subcommand("render", "Make a video of a trained policy or an environment");
  command->footer(kExamples);
  command
      ->add_option(
          "RUN|ENV", options->subject,
          "the folder of a run, whose newest checkpoint is taken, a checkpoint, or an environment")
      ->required();
  AddPath(*command, "-o,--out", options->out,
          "FILE.mp4, FILE.gif, FILE.png, FILE.npz or a folder with a / at the end", "FILE");
  AddEpisode(*command, options->episode);
  AddSeed(*command, options->seed, "seed of the episodes");
  AddOverrides(*command, options->overrides,
               "change the environment: env.key=value for a run, key=value for an environment");
  AddSize(*command, options->frames,
          "width and height of the pictures (default: 640x480); an MP4 is padded to even ones");
  AddFrameOptions(*command, options->frames);
  command->callback([=, &registry, &outcome] { outcome.exit_code = Render(*options, registry); });
}

}  // namespace saccade::cli

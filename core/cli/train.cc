#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/shell.h"
#include "core/cli/commands.h"
#include "core/cli/interrupt.h"
#include "core/cli/progress.h"
#include "core/cli/resume.h"
#include "core/cli/watched_evaluator.h"
#include "core/runtime/event_observer.h"
#include "core/runtime/metrics.h"
#include "core/runtime/run_folder.h"

namespace saccade::cli {
namespace {

namespace fs = std::filesystem;

struct TrainOptions {
  std::string config;
  std::vector<std::string> overrides;
  std::string out;
  std::string resume;
  int threads = 0;
  bool dry_run = false;
};

constexpr const char* kExamples = R"(
Examples:
  saccade train configs/quickstart.yaml
  saccade train configs/quickstart.yaml --set seed=2 --set strategy.population=64 --out runs/second
  saccade train --resume runs/second --set training.generations=500
  saccade train my.yaml --dry-run          check the file and print every option

Ctrl-C finishes the generation, writes a checkpoint and says how to resume; a second one stops at
once, and nothing that was saved is lost.)";

// Where a run goes when the user does not say: runs/<name of the file>, then -2, -3, …
fs::path DefaultFolder(const fs::path& config) {
  const fs::path base = fs::path("runs") / config.stem();
  fs::path folder = base;
  std::error_code ignored;
  for (int i = 2; fs::exists(folder, ignored); ++i) folder = base.string() + fmt::format("-{}", i);
  return folder;
}

std::string Summary(const Experiment& experiment, int threads) {
  const EnvSpec& env = experiment.env().spec();
  std::string inputs;
  if (env.state_size() > 0) inputs = fmt::format("{} numbers", env.state_size());
  if (env.pixels) {
    inputs += fmt::format("{}{}×{}×{} pixels", inputs.empty() ? "" : " and ", env.pixels->height,
                          env.pixels->width, env.pixels->channels);
  }
  return fmt::format(
      "{}: {} in, {} actions out, up to {} steps an episode\n"
      "policy {} with {} weights, strategy {}, seed {}, {} thread{}",
      env.name, inputs, env.action_size(), env.max_steps,
      experiment.config().policy.Find("name")->text, experiment.policy().layout().size(),
      experiment.config().strategy.Find("name")->text, experiment.config().seed, threads,
      threads == 1 ? "" : "s");
}

// A command that goes on with the run in `folder`.
std::string ResumeCommand(const Registry& registry, const fs::path& folder) {
  return fmt::format("  {} train --resume {}", SaccadeCommand(registry.Plugins()),
                     ShellPath(folder.string()));
}

// Why a run that has ended does not go on, and what makes it.
std::string NothingLeft(TrainingEnd end, const Trainer& trainer) {
  const TrainingOptions& options = trainer.experiment().config().training;
  const auto line = [](const char* key, auto limit, const std::string& reached) {
    return fmt::format(
        "Nothing is left to train: training.{0} is {1}, and {2}; a larger one goes on:\n"
        "  --set training.{0}=…\n",
        key, limit, reached);
  };
  switch (end) {
    case TrainingEnd::kSolved:
      return line("stop_at_return", options.stop_at_return, "the last evaluation is there");
    case TrainingEnd::kEnvSteps:
      return line("env_steps", options.env_steps, fmt::format("{} are done", trainer.env_steps()));
    default:
      return line("generations", options.generations,
                  fmt::format("{} are done", trainer.generation()));
  }
}

void Announce(TrainingEnd end, const Registry& registry, const Trainer& trainer,
              const fs::path& folder) {
  if (end == TrainingEnd::kInterrupted) {
    const std::string message = fmt::format("Interrupted after generation {}. Go on with:\n{}\n",
                                            trainer.generation(), ResumeCommand(registry, folder));
    // A pipe that nobody reads any more is what interrupts, too.
    if (std::fputs(message.c_str(), stdout) < 0 || std::fflush(stdout) != 0) {
      std::fputs(message.c_str(), stderr);
    }
    return;
  }
  fmt::print("{} after {} generations and {} environment steps.\n",
             end == TrainingEnd::kSolved ? "Solved" : "Done", trainer.generation(),
             trainer.env_steps());
  fmt::print("Policy: {}\nNext:   {} eval {}\n", FindCheckpoint(folder).string(),
             SaccadeCommand(registry.Plugins()), ShellPath(folder.string()));
}

// Trains and saves where that ended.
TrainingEnd RunToTheEnd(const Registry& registry, const RunFolder& folder, Trainer& trainer,
                        MetricsWriter& metrics, CheckpointWriter& checkpoints) {
  try {
    const TrainingEnd end = trainer.Run(CatchInterrupts());
    metrics.Sync();  // a record is on disk before the checkpoint of its generation
    checkpoints.Write(trainer);
    return end;
  } catch (const Error& error) {
    if (folder.Checkpoints().empty()) throw;
    throw Error(error.kind(), fmt::format("{}\nWhat was saved until then is whole. To go on:\n{}",
                                          error.what(), ResumeCommand(registry, folder.path())));
  }
}

// From where `trainer` is, with everything that a run writes and shows.
TrainingEnd TrainIn(const Registry& registry, const RunFolder& folder, double seconds_before,
                    WatchedEvaluator& evaluator, Trainer& trainer, CheckpointWriter& checkpoints) {
  fmt::print("writing to {}\n\n", folder.path().string());
  std::fflush(stdout);  // the first generation may take long, and a second Ctrl-C flushes nothing
  MetricsWriter metrics(folder.metrics(), seconds_before);
  EventObserver events(folder.path());
  Progress progress(trainer);
  evaluator.Watch([&progress](int done, int total) { progress.OnEpisode(done, total); });
  trainer.AddObserver(metrics);
  trainer.AddObserver(events);
  trainer.AddObserver(checkpoints);
  trainer.AddObserver(progress);
  return RunToTheEnd(registry, folder, trainer, metrics, checkpoints);
}

int Train(const TrainOptions& options, const Registry& registry) {
  const bool resuming = !options.resume.empty();
  std::optional<RunFolder> folder;
  if (resuming) folder.emplace(RunFolder::OpenForTraining(options.resume));
  const fs::path config_path = resuming ? folder->config() : fs::path(options.config);
  const config::Node config = config::LoadYaml(config_path);
  if (resuming) CheckResumeOverrides(registry, config, options.overrides);
  const Experiment experiment(registry, LoadRunConfig(config_path, options.overrides));
  experiment.RequireStrategyFits();  // before anything is shown or written
  const int threads = options.threads > 0 ? options.threads : DefaultThreads();
  fmt::print("{}\n", Summary(experiment, threads));
  if (options.dry_run) fmt::print("\n{}", experiment.ResolvedYaml());
  if (options.dry_run && !resuming) return 0;

  WatchedEvaluator evaluator(threads);
  Trainer trainer(experiment, evaluator);
  if (resuming) {
    LoadNewest(registry, *folder, config, trainer);
    if (options.dry_run) return 0;
    if (const auto end = trainer.End()) {
      fmt::print("{}", NothingLeft(*end, trainer));
      Announce(*end, registry, trainer, folder->path());
      return 0;
    }
  } else {
    folder.emplace(RunFolder::Create(options.out.empty() ? DefaultFolder(config_path)
                                                         : fs::path(options.out)));
  }
  CheckpointWriter checkpoints(folder->path());
  // Everything is read; from here on files change.
  double seconds_before = 0;
  if (resuming) {
    folder->RemoveUnfinished();
    seconds_before = TruncateMetrics(folder->metrics(), trainer.generation());
  }
  WriteFileAtomically(folder->config(), experiment.ResolvedYaml());
  CatchInterrupts();  // who sees the session can interrupt it
  folder->RecordSession(trainer.generation(), threads, registry.Plugins());
  const TrainingEnd end =
      TrainIn(registry, *folder, seconds_before, evaluator, trainer, checkpoints);
  Announce(end, registry, trainer, folder->path());
  return end == TrainingEnd::kInterrupted ? kInterruptedExitCode : 0;
}

}  // namespace

void AddTrain(CLI::App& app, const Registry& registry, Outcome& outcome) {
  auto options = std::make_shared<TrainOptions>();
  CLI::App* command = app.add_subcommand("train", "Train a policy from a YAML file");
  command->footer(kExamples);
  auto* config = command->add_option("CONFIG", options->config, "the YAML file of the run");
  AddOverrides(*command, options->overrides,
               "set an option: key=value, as in seed=2; of a group, all of it");
  CLI::Option* out =
      AddPath(*command, "--out", options->out, "folder of the run (default: runs/<name>)", "DIR");
  CLI::Option* resume =
      AddPath(*command, "--resume", options->resume, "go on with the run in this folder", "DIR");
  AddThreads(*command, options->threads);
  command->add_flag("--dry-run", options->dry_run,
                    "check everything, print every option, do not train");
  resume->excludes(config)->excludes(out);
  command->callback([=, &registry, &outcome] {
    if (options->config.empty() && options->resume.empty()) {
      throw InputError("train: give a CONFIG file, or --resume DIR; see saccade train --help");
    }
    outcome.exit_code = Train(*options, registry);
  });
}

}  // namespace saccade::cli

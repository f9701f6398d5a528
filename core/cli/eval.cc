#include <atomic>
#include <cmath>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/file.h"
#include "core/cli/commands.h"
#include "core/cli/interrupt.h"
#include "core/cli/output.h"
#include "core/cli/status_line.h"
#include "core/cli/watched_evaluator.h"
#include "core/runtime/evaluation_file.h"
#include "core/runtime/saved_policy.h"

namespace saccade::cli {
namespace {

struct EvalOptions {
  std::string run;
  int episodes = 100;
  std::uint64_t seed = 0;
  std::vector<std::string> overrides;
  std::string json;
  std::string csv;
  int threads = 0;
};

constexpr const char* kExamples = R"(
Examples:
  saccade eval runs/quickstart
  saccade eval runs/quickstart --episodes 1000 --seed 7 --json result.json
  saccade eval runs/quickstart/checkpoints/best.safetensors --set env.action_repeat=2

The policy is the mean of the search distribution, its observation statistics are frozen, and the
episodes are others than those of training. The same seed gives the same episodes. Ctrl-C ends
the evaluation without a result.)";

std::string ToCsv(std::span<const EpisodeResult> episodes) {
  std::string csv = "episode,return,length,terminated,truncated,diverged\n";
  for (std::size_t i = 0; i < episodes.size(); ++i) {
    const EpisodeResult& e = episodes[i];
    // As in the JSON: an episode that diverged has no return.
    const std::string total = e.diverged ? "" : fmt::format("{}", e.total_reward);
    csv += fmt::format("{},{},{},{:d},{:d},{:d}\n", i, total, e.length, e.terminated, e.truncated,
                       e.diverged);
  }
  return csv;
}

// A number of the table; "–" where there is none, such as the standard error of one episode.
std::string Cell(double value, int decimals = 2) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "–";
}

void PrintTable(std::FILE* to, const SavedEvaluation& evaluation) {
  const EpisodeSummary& s = evaluation.summary;
  fmt::print(to, "{} on {}, {} episodes of seed {}\n\n", evaluation.policy, evaluation.env,
             evaluation.returns.size(), evaluation.seed);
  fmt::print(to, "{:>10} {:>10} {:>10} {:>10} {:>10} {:>9}\n", "mean", "std error", "min", "max",
             "length", "diverged");
  fmt::print(to, "{:>10} {:>10} {:>10} {:>10} {:>10} {:>9}\n", Cell(s.mean), Cell(s.standard_error),
             Cell(s.min), Cell(s.max), Cell(s.mean_length, 1), s.diverged);
}

struct Interrupted {};

int Eval(const EvalOptions& options, const Registry& registry) {
  const SavedPolicy policy(registry, options.run, options.overrides);
  const std::atomic<bool>& stop = CatchInterrupts();
  PrepareOutput(options.json, ".json", {options.run, options.csv});
  PrepareOutput(options.csv, ".csv", {options.run, options.json});
  WatchedEvaluator evaluator(options.threads > 0 ? options.threads : DefaultThreads());
  std::vector<EpisodeResult> episodes;
  try {
    StatusLine line;
    evaluator.Watch([&](int done, int total) {
      line.Draw(fmt::format("episode {}/{}", done, total), /*is_last=*/false);
      if (stop && done < total) throw Interrupted();
    });
    episodes = policy.Evaluate(evaluator, options.episodes, options.seed);
    line.Clear();
  } catch (const Interrupted&) {
    fmt::print("Interrupted after {} of {} episodes; there is no result.\n", evaluator.done(),
               options.episodes);
    return kInterruptedExitCode;
  }
  const SavedEvaluation evaluation =
      MakeEvaluation(policy.file(), policy.experiment().env().spec().name, options.overrides,
                     options.seed, episodes);
  // Whoever reads the result from there reads nothing else.
  const bool is_read = IsStandardOutput(options.json) || IsStandardOutput(options.csv);
  PrintTable(is_read ? stderr : stdout, evaluation);
  if (!options.json.empty()) WriteFileAtomically(options.json, ToJson(evaluation));
  if (!options.csv.empty()) WriteFileAtomically(options.csv, ToCsv(episodes));
  return 0;
}

}  // namespace

void AddEval(CLI::App& app, const Registry& registry, Outcome& outcome) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App* command = app.add_subcommand("eval", "Evaluate a trained policy on fresh episodes");
  command->footer(kExamples);
  command
      ->add_option("RUN", options->run,
                   "the folder of a run, whose newest checkpoint is taken, or a checkpoint file")
      ->required();
  command->add_option("--episodes", options->episodes, "episodes to run")
      ->capture_default_str()
      ->check(WholeNumber(1, kMaxEpisodes))
      ->type_name("N");
  AddSeed(*command, options->seed, "seed of the episodes");
  AddOverrides(*command, options->overrides, "change the environment: env.key=value");
  AddPath(*command, "--json", options->json, "write the table and every episode as JSON", "FILE");
  AddPath(*command, "--csv", options->csv, "write every episode as CSV", "FILE");
  AddThreads(*command, options->threads);
  command->callback([=, &registry, &outcome] { outcome.exit_code = Eval(*options, registry); });
}

}  // namespace saccade::cli

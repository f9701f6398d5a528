#include <cstdio>
#include <memory>
#include <tuple>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/cli/commands.h"
#include "core/cli/frames.h"
#include "core/cli/measurement.h"
#include "core/cli/output.h"
#include "core/cli/subject.h"

namespace saccade::cli {
namespace {

struct BenchOptions {
  std::string what = "states";
  std::vector<std::string> envs = {"cheetah-run", "walker-walk", "cartpole-swingup",
                                   "humanoid-stand"};
  std::vector<std::string> overrides;
  int threads = 1;
  int repeats = 20;
  std::string json;
  // Of frames.
  std::vector<std::string> sizes = {"84x84"};
  std::vector<std::string> looks = {"reference"};
};

constexpr const char* kExamples = R"(
Measures:
  states    whole rollouts with a linear policy against a bare loop of mj_step on the same episodes
  envs      the environment alone, with random actions, against the same
  overhead  what a generation of 200 rollouts costs beside environment and policy, and how long
            slots wait
  render    frames of the renderer raycast, from the first camera, against MuJoCo's own with the
            same effects, and against as many rays of mj_multiRay
  video     frames of raycast with another picture for a sky each time, against one that stays

Examples:
  saccade bench states
  saccade bench states --env cheetah-run --threads 2 --repeats 100
  saccade bench states --env mjcf --set model=robot.xml --set control_step=0.05
  saccade bench overhead --env cheetah-run --json out.json
  saccade bench render --env cheetah-run --size 64x64 84x84 --look reference fast

mj_step places cameras and lights, which a rollout does only when somebody looks.
A figure is the median over the rounds, and a ratio the median of the rounds' ratios.
--json writes a list of {"name", "value", "unit", "compared_with", "ratio"}.)";

void Print(std::FILE* to, const Row& row) {
  fmt::print(to, "{:<56} {:>12.4g} {:<14} {:>7.4f} of {}\n", row.name, row.value, row.unit,
             row.ratio, row.compared_with);
}

std::string ToJson(const std::vector<Row>& rows) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    json.push_back({{"name", row.name},
                    {"value", row.value},
                    {"unit", row.unit},
                    {"compared_with", row.compared_with},
                    {"ratio", row.ratio}});
  }
  return json.dump(2) + "\n";
}

bool IsOfFrames(const std::string& what) { return what == "render" || what == "video"; }

// One for each size and look, where frames are measured.
std::vector<MeasuredEnv> VariantsOf(const MeasuredEnv& env, const BenchOptions& options) {
  if (!IsOfFrames(options.what)) return {env};
  std::vector<MeasuredEnv> variants;
  for (const std::string& size : options.sizes) {
    for (const std::string& look : options.looks) {
      variants.push_back(env);
      std::tie(variants.back().height, variants.back().width) = ParseSize("--size", size);
      variants.back().look = look;
    }
  }
  return variants;
}

void Bench(const BenchOptions& options, const Registry& registry) {
  PrepareOutput(options.json, ".json");
  // A mistake in the last environment is better said before the first is measured.
  for (const std::string& env : options.envs) MakeEnvironment(registry, env, options.overrides);
  std::vector<Row> rows;
  std::FILE* table = IsStandardOutput(options.json) ? stderr : stdout;
  for (const std::string& env : options.envs) {
    MeasuredEnv measured{env, EnvironmentNode("--env", env, options.overrides)};
    for (const std::string& assignment : options.overrides) measured.label += " " + assignment;
    for (const MeasuredEnv& variant : VariantsOf(measured, options)) {
      const auto measurement = MakeMeasurement(options.what, registry, variant, options.threads);
      for (int i = 0; i < options.repeats; ++i) measurement->Round();
      for (const Row& row : measurement->Rows()) {
        Print(table, row);
        rows.push_back(row);
      }
      std::fflush(table);
    }
    // What was measured is there, whatever becomes of the rest.
    if (!options.json.empty() && !IsStream(options.json)) {
      WriteFileAtomically(options.json, ToJson(rows));
    }
  }
  if (IsStream(options.json)) WriteFileAtomically(options.json, ToJson(rows));
}

}  // namespace

void AddBench(CLI::App& app, const Registry& registry) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command = app.add_subcommand("bench", "Measure speed against a yardstick, in one run");
  command->footer(kExamples);
  command->add_option("WHAT", options->what, "states, envs, overhead, render or video")
      ->capture_default_str()
      ->check(CLI::IsMember(MeasurementNames()));
  command->add_option("--env", options->envs, "environments to measure")
      ->type_name("E")
      ->capture_default_str();
  AddOverrides(*command, options->overrides, "with this option of the environments: key=value");
  AddThreads(*command, options->threads);
  command->add_option("--repeats", options->repeats, "rounds to take the median of")
      ->capture_default_str()
      ->check(WholeNumber(1, 100000))
      ->type_name("N");
  command
      ->add_option("--size", options->sizes, "height and width of frames (render and video only)")
      ->capture_default_str()
      ->type_name("HxW");
  command
      ->add_option("--look", options->looks,
                   "what of MuJoCo's look is drawn (render and video only)")
      ->capture_default_str()
      ->check(CLI::IsMember({"reference", "fast"}))
      ->type_name("L");
  AddPath(*command, "--json", options->json, "also write the rows as JSON", "FILE");
  command->callback([=, &registry] {
    for (const char* option : {"--size", "--look"}) {
      if (command->count(option) == 0 || IsOfFrames(options->what)) continue;
      throw InputError(fmt::format(
          "{}: is for frames only; write the measure first, as in saccade bench render {} …",
          option, option));
    }
    Bench(*options, registry);
  });
}

}  // namespace saccade::cli

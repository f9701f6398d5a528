#include <chrono>
#include <cmath>
#include <memory>
#include <numeric>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/cli/commands.h"
#include "core/runtime/trainer.h"
#include "envs/mujoco/bare_loop.h"

namespace saccade::cli {
namespace {

using Clock = std::chrono::steady_clock;

struct BenchOptions {
  std::string what = "states";
  std::vector<std::string> envs = {"cheetah-run", "walker-walk", "cartpole-swingup",
                                   "humanoid-stand"};
  int threads = 1;
  int repeats = 10;
  std::string json;
};

constexpr const char* kExamples = R"(
Examples:
  saccade bench states                    whole rollouts against a bare loop of the same mj_step calls
  saccade bench states --env cheetah-run --threads 2
  saccade bench overhead --json out.json  what a generation costs beside its episodes

Both sides of a ratio are measured in turns in the same run.)";

struct Row {
  std::string name;
  double value = 0;
  std::string unit;
  std::string compared_with;
  double ratio = 0;
};

// A linear policy on `env` with a strategy and 200 candidates, which none of the figures depend on.
Experiment LinearExperiment(const Registry& registry, const std::string& env) {
  const std::string text = fmt::format(
      "env: {{name: {}}}\npolicy: {{name: linear}}\nstrategy: {{name: openai-es, population: "
      "200}}\n"
      "training: {{generations: 5}}\nevaluation: {{every: 0, episodes: 1}}\n",
      env);
  return Experiment(registry, config::ParseYaml(text, "bench"), ".");
}

template <class Function>
double Seconds(Function function) {
  const auto begin = Clock::now();
  function();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// One slot of the comparison: a worker, and a second simulation that repeats the worker's episode.
class Lane {
 public:
  Lane(const Experiment& experiment, int index)
      : worker_(experiment),
        bare_(experiment.env().MakeEnv()),
        observation_(experiment.env().spec()),
        filter_(experiment.env().spec().state_size(), 10),
        moments_(experiment.env().spec().state_size()),
        key_{1, Stream::kBenchmark, 0, static_cast<std::uint32_t>(index)} {
    const EnvSpec& spec = experiment.env().spec();
    substeps_ = static_cast<int>(std::lround(spec.control_step / spec.physics_step));
    std::vector<double> weights(static_cast<std::size_t>(experiment.policy().layout().size()));
    RandomStream(1, Stream::kBenchmark, 1, static_cast<std::uint32_t>(index)).FillNormal(weights);
    worker_.Bind(weights);
    RecordEpisode();
  }

  int steps() const { return steps_; }
  void RunWhole() { worker_.Run(key_, filter_, &moments_); }
  void RunBare() {
    bare_->Reset(key_, observation_.buffer());  // some tasks simulate during their reset
    RunBareLoop(bare_->scene(), controls_, substeps_);
  }

 private:
  void RecordEpisode() {
    worker_.Start(key_);
    for (StepResult step; !step.done(); ++steps_) {
      worker_.Act(filter_);
      controls_.insert(controls_.end(), worker_.action().begin(), worker_.action().end());
      step = worker_.StepEnv();
    }
  }

  Worker worker_;
  std::unique_ptr<Env> bare_;
  ObservationStorage observation_;
  ObservationFilter filter_;
  Moments moments_;
  EpisodeKey key_;
  int substeps_ = 1;
  int steps_ = 0;
  std::vector<double> controls_;
};

Row BenchStates(const Registry& registry, const std::string& env, const BenchOptions& options) {
  const Experiment experiment = LinearExperiment(registry, env);
  if (experiment.env().model() == nullptr) {
    throw InputError(
        fmt::format("--env {}: bench states needs an environment with MuJoCo inside", env));
  }
  const auto evaluator = MakeEvaluator(options.threads);
  std::vector<std::unique_ptr<Lane>> lanes;
  std::vector<int> order(static_cast<std::size_t>(options.threads));
  std::iota(order.begin(), order.end(), 0);
  for (const int i : order) lanes.push_back(std::make_unique<Lane>(experiment, i));
  double whole = 0;
  double bare = 0;
  double steps = 0;
  // The first round only warms up.
  for (int round = 0; round <= options.repeats; ++round) {
    const double whole_now = Seconds([&] {
      evaluator->Run(order, [&](int, int i) { lanes[static_cast<std::size_t>(i)]->RunWhole(); });
    });
    const double bare_now = Seconds([&] {
      evaluator->Run(order, [&](int, int i) { lanes[static_cast<std::size_t>(i)]->RunBare(); });
    });
    if (round == 0) continue;
    whole += whole_now;
    bare += bare_now;
    for (const auto& lane : lanes) steps += lane->steps();
  }
  return {fmt::format("{} rollouts, {} thread{}", env, options.threads,
                      options.threads == 1 ? "" : "s"),
          steps / whole, "steps/s", "bare mj_step loop", bare / whole};
}

Row BenchOverhead(const Registry& registry, const std::string& env, const BenchOptions& options) {
  struct Shares : Observer {
    double strategy = 0;
    double seconds = 0;
    void OnGeneration(const Trainer&, const GenerationRecord& record) override {
      const double wall = static_cast<double>(record.env_steps - steps) / record.steps_per_second;
      strategy += record.time.strategy * wall * threads;
      seconds += wall;
      steps = record.env_steps;
    }
    int threads = 1;
    std::int64_t steps = 0;
  };
  const Experiment experiment = LinearExperiment(registry, env);
  const auto evaluator = MakeEvaluator(options.threads);
  Trainer trainer(experiment, *evaluator);
  Shares shares;
  shares.threads = options.threads;
  trainer.AddObserver(shares);
  trainer.Run(std::atomic<bool>(false));
  const double generations = static_cast<double>(trainer.generation());
  return {fmt::format("{}, beside 200 rollouts, {} thread{}", env, options.threads,
                      options.threads == 1 ? "" : "s"),
          1e3 * shares.strategy / generations, "ms/generation", "whole generation",
          shares.strategy / shares.seconds};
}

void Bench(const BenchOptions& options, const Registry& registry) {
  std::vector<Row> rows;
  for (const std::string& env : options.envs) {
    rows.push_back(options.what == "states" ? BenchStates(registry, env, options)
                                            : BenchOverhead(registry, env, options));
    const Row& row = rows.back();
    fmt::print("{:<46} {:>12.1f} {:<14} {:>7.4f} of {}\n", row.name, row.value, row.unit, row.ratio,
               row.compared_with);
  }
  if (options.json.empty()) return;
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    json.push_back({{"name", row.name},
                    {"value", row.value},
                    {"unit", row.unit},
                    {"compared_with", row.compared_with},
                    {"ratio", row.ratio}});
  }
  WriteFileAtomically(options.json, json.dump(2) + "\n");
}

}  // namespace

void AddBench(CLI::App& app, const Registry& registry) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command =
      app.add_subcommand("bench", "Measure speed against what bounds it, in one run");
  command->footer(kExamples);
  command->add_option("WHAT", options->what, "states or overhead")
      ->capture_default_str()
      ->check(CLI::IsMember({"states", "overhead"}));
  command->add_option("--env", options->envs, "environments to measure")
      ->type_name("E")
      ->capture_default_str();
  command->add_option("--threads", options->threads, "worker threads")
      ->capture_default_str()
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  command->add_option("--repeats", options->repeats, "episodes per thread and side")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000))
      ->type_name("N");
  command->add_option("--json", options->json, "also write the rows as JSON")->type_name("FILE");
  command->callback([=, &registry] { Bench(*options, registry); });
}

}  // namespace saccade::cli

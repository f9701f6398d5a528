// What `saccade bench` measures, for those who compare Google Benchmark's files.
//
// One iteration is one round of both sides; the figures are the counters, as the command prints
// them: "value" (steps/s or ms/generation) and "ratio", after the row's name where there are
// several. Run it by hand; ctest only sees that it works.

#include <benchmark/benchmark.h>

#include "core/cli/measurement.h"
#include "envs/register.h"
#include "es/register.h"
#include "policies/register.h"

namespace saccade::cli {
namespace {

Registry MakeRegistry() {
  Registry registry;
  RegisterEnvs(registry);
  RegisterPolicies(registry);
  RegisterStrategies(registry);
  return registry;
}

void RunRounds(benchmark::State& state, const std::string& what, const Registry& registry,
               const std::string& env, int threads) {
  const auto measurement = MakeMeasurement(
      what, registry, {env, config::ParseYaml("name: " + env, "benchmarks")}, threads);
  for (auto _ : state) measurement->Round();
  const std::vector<Row> rows = measurement->Rows();
  state.SetLabel(rows.front().unit + ", ratio to " + rows.front().compared_with);
  for (const Row& row : rows) {
    const std::string which = rows.size() > 1 ? row.name + ": " : "";
    state.counters[which + "value"] = row.value;
    state.counters[which + "ratio"] = row.ratio;
  }
}

void RegisterBenchmarks(const Registry& registry) {
  for (const std::string& what : MeasurementNames()) {
    for (const char* env : {"cheetah-run", "walker-walk", "cartpole-swingup", "humanoid-stand"}) {
      for (const int threads : {1, 2}) {
        const std::string name = what + "/" + env + "/" + std::to_string(threads);
        benchmark::RegisterBenchmark(name.c_str(),
                                     [=, &registry](benchmark::State& state) {
                                       RunRounds(state, what, registry, env, threads);
                                     })
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
      }
    }
  }
}

}  // namespace
}  // namespace saccade::cli

int main(int argc, char** argv) {
  const saccade::Registry registry = saccade::cli::MakeRegistry();
  saccade::cli::RegisterBenchmarks(registry);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}

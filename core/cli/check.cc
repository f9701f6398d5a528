#include <cstdio>
#include <functional>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/cli/commands.h"
#include "core/cli/subject.h"
#include "core/runtime/contract/env_contract.h"
#include "core/runtime/contract/experiment_contract.h"

namespace saccade::cli {
namespace {

using contract::Finding;
using contract::Section;
using contract::Verdict;

struct CheckOptions {
  std::string subject;  // ENV or CONFIG
  std::vector<std::string> overrides;
  contract::Options contract;
};

constexpr int kBrokenExitCode = 2;

constexpr const char* kExamples = R"(
Examples:
  saccade check cheetah-run
  saccade --plugin ./my_env.so check my-env --set wind=0.3
  saccade check walker-walk --set observation=pixels --steps 20
  saccade check configs/quickstart.yaml    its environment, policy and strategy, and how they fit

One line per rule of core/api/env.h, policy.h and strategy.h; where a rule is broken, the first
place, what is there, and what to do. Exit code 0 when no rule is broken, else 2.)";

const char* Word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHolds:
      return "ok";
    case Verdict::kBroken:
      return "FAILED";
    case Verdict::kNotChecked:
      return "-";
  }
  return "";
}

void Print(const Section& section) {
  fmt::print("{}\n", section.title);
  for (const Finding& finding : section.findings) {
    fmt::print("  {:<7} {}", Word(finding.verdict), finding.rule);
    if (finding.verdict == Verdict::kNotChecked) fmt::print(" (not checked: {})", finding.detail);
    if (finding.verdict == Verdict::kBroken) fmt::print("\n          {}", finding.detail);
    fmt::print("\n");
  }
  std::fflush(stdout);  // the next section may take long
}

void Check(const CheckOptions& options, const Registry& registry,
           const std::function<void(const Section&)>& report) {
  if (IsRunOrConfig(registry, options.subject)) {
    const Experiment experiment(registry, LoadRunConfig(options.subject, options.overrides));
    contract::CheckExperiment(experiment, options.contract, report);
    return;
  }
  const auto env = MakeEnvironment(registry, options.subject, options.overrides);
  report({"environment " + options.subject, contract::CheckEnv(*env, options.contract)});
}

int CheckAndPrint(const CheckOptions& options, const Registry& registry) {
  int rules = 0;
  int broken = 0;
  Check(options, registry, [&](const Section& section) {
    Print(section);
    rules += static_cast<int>(section.findings.size());
    broken += contract::CountBroken(section.findings);
  });
  if (broken > 0) {
    fmt::print("\n{} of {} rules {} broken.\n", broken, rules, broken == 1 ? "is" : "are");
    return kBrokenExitCode;
  }
  fmt::print("\nNo rule is broken.\n");
  return 0;
}

}  // namespace

void AddCheck(CLI::App& app, const Registry& registry, Outcome& outcome) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand(
      "check", "Check that an environment, or all of a config, keeps its promises");
  command->footer(kExamples);
  command->add_option("ENV|CONFIG", options->subject, "a name (saccade list envs) or a YAML file")
      ->required();
  AddOverrides(*command, options->overrides,
               "an option of the environment, or of the file: key=value");
  AddSeed(*command, options->contract.seed, "seed of the episodes, actions and weights");
  command
      ->add_option("--episodes", options->contract.episodes, "episodes that are run to their end")
      ->check(WholeNumber(1, 10'000))
      ->capture_default_str()
      ->type_name("N");
  command->add_option("--steps", options->contract.longest, "steps after which an episode is cut")
      ->check(WholeNumber(1, 100'000'000))
      ->capture_default_str()
      ->type_name("N");
  command->callback(
      [=, &registry, &outcome] { outcome.exit_code = CheckAndPrint(*options, registry); });
}

}  // namespace saccade::cli

#include "core/runtime/contract/experiment_contract.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include <fmt/format.h>

#include "core/runtime/allocation_counter.h"
#include "core/runtime/contract/checklist.h"
#include "core/runtime/contract/env_contract.h"
#include "core/runtime/contract/policy_contract.h"
#include "core/runtime/contract/strategy_contract.h"
#include "core/runtime/rollouts.h"

namespace saccade::contract {
namespace {

constexpr int kThreads = 2;

std::string Title(const char* kind, const config::Node& node) {
  return fmt::format("{} {}", kind, node.Find("name")->text);
}

PolicyContext ContextOf(const EnvSpec& spec) {
  return {spec.state_size(), spec.pixels, spec.action_size()};
}

// The first candidates of the strategy, as many as there are episodes to run.
class Together {
 public:
  Together(const Experiment& experiment, const Options& options)
      : experiment_(experiment),
        strategy_(experiment.MakeStrategy()),
        asked_(strategy_->Ask()),
        candidates_(std::min(options.episodes, asked_)),
        filter_(experiment.env().spec().state_size(), experiment.config().observation.clip) {
    for (int i = 0; i < candidates_; ++i) {
      tasks_.push_back({i,
                        {options.seed, Stream::kUserEpisode, 0, static_cast<std::uint32_t>(i)},
                        /*expected_length=*/0,
                        options.longest});
    }
  }

  void GenerationFits() const { experiment_.EpisodesOf(asked_); }

  std::vector<EpisodeResult> Run(int threads) const {
    std::vector<EpisodeResult> results(tasks_.size());
    const auto evaluator = MakeEvaluator(threads);
    Rollouts(experiment_, *evaluator)
        .Run(
            tasks_, [&](int i, std::span<double> weights) { strategy_->Candidate(i, weights); },
            filter_, results);
    return results;
  }

  void EpisodesAllocateNothing() const {
    if (DrawsWithRenderer(experiment_.env())) {
      throw NotChecked("a renderer draws the pixels, and its driver allocates as it likes");
    }
    Worker worker(experiment_);
    Moments moments(experiment_.env().spec().state_size());
    std::vector<double> weights(static_cast<std::size_t>(strategy_->dimension()));
    strategy_->Candidate(0, weights);
    worker.Bind(weights);
    const EpisodeTask& task = tasks_.front();
    worker.Run(task.key, filter_, &moments, task.max_steps);
    const AllocationCounter counter;
    worker.Run(task.key, filter_, &moments, task.max_steps);
    const auto allocations = counter.count();  // before an exception makes one of its own
    if (allocations == 0) return;
    throw Broken(
        fmt::format("{} allocation{} in the second episode; the rules of the environment and the "
                    "policy say whose they are, unless Reset makes them",
                    allocations, allocations == 1 ? "" : "s"));
  }

  void ThreadsDoNotMatter() const {
    const auto one = Run(1);
    const auto two = Run(kThreads);
    for (std::size_t i = 0; i < one.size(); ++i) {
      if (one[i].length == two[i].length && std::bit_cast<std::uint64_t>(one[i].total_reward) ==
                                                std::bit_cast<std::uint64_t>(two[i].total_reward)) {
        continue;
      }
      throw Broken(
          fmt::format("candidate {}: return {} in {} steps on one thread and {} in {} on "
                      "two; environment and policy keep what they change in the Env and "
                      "the runner",
                      i, one[i].total_reward, one[i].length, two[i].total_reward, two[i].length));
    }
  }

 private:
  const Experiment& experiment_;
  std::unique_ptr<Strategy> strategy_;
  int asked_;
  int candidates_;
  ObservationFilter filter_;
  std::vector<EpisodeTask> tasks_;
};

}  // namespace

std::vector<Finding> CheckTogether(const Experiment& experiment, const Options& options) {
  const Together together(experiment, options);
  Checklist list;
  list.Require("a generation is not too large", [&] { together.GenerationFits(); });
  list.Require("candidates run", [&] { together.Run(1); });
  list.Check("episodes allocate nothing", [&] { together.EpisodesAllocateNothing(); });
  list.Check("threads do not matter", [&] { together.ThreadsDoNotMatter(); });
  return list.findings();
}

void CheckExperiment(const Experiment& experiment, const Options& options,
                     const std::function<void(const Section&)>& report) {
  experiment.MakeStrategy();  // one that refuses the policy's size breaks no rule
  int broken = 0;
  const auto add = [&](const Section& section) {
    broken += CountBroken(section.findings);
    report(section);
  };
  const RunConfig& config = experiment.config();
  add({Title("environment", config.env), CheckEnv(experiment.env(), options)});
  add({Title("policy", config.policy),
       CheckPolicy(experiment.policy(), ContextOf(experiment.env().spec()), options)});
  add({Title("strategy", config.strategy),
       CheckStrategy([&] { return experiment.MakeStrategy(); })});
  if (broken == 0) add({"together", CheckTogether(experiment, options)});
}

}  // namespace saccade::contract

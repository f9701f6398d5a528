#include "core/runtime/rollouts.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/error.h"

namespace saccade {
namespace {

std::string PlaceOf(const EpisodeTask& task) {
  return fmt::format("candidate {}, episode (seed {}, generation {}, index {})", task.candidate,
                     task.key.seed, task.key.generation, task.key.index);
}

}  // namespace

double EpisodeSummary::score() const {
  return diverged == 0 ? mean : std::numeric_limits<double>::quiet_NaN();
}

EpisodeSummary Summarize(std::span<const EpisodeResult> episodes) {
  EpisodeSummary summary;
  summary.min = std::numeric_limits<double>::infinity();
  summary.max = -summary.min;
  double m2 = 0;
  for (const EpisodeResult& episode : episodes) {
    if (episode.diverged) {
      ++summary.diverged;
      continue;
    }
    ++summary.episodes;
    const double delta = episode.total_reward - summary.mean;
    summary.mean += delta / summary.episodes;
    m2 += delta * (episode.total_reward - summary.mean);
    summary.mean_length += (episode.length - summary.mean_length) / summary.episodes;
    summary.min = std::min(summary.min, episode.total_reward);
    summary.max = std::max(summary.max, episode.total_reward);
  }
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (summary.episodes == 0) {
    summary.mean = summary.min = summary.max = summary.mean_length = kNone;
  }
  // One episode says nothing of the spread.
  summary.std = summary.episodes > 1 ? std::sqrt(m2 / (summary.episodes - 1)) : kNone;
  summary.standard_error = summary.std / std::sqrt(summary.episodes);
  return summary;
}

Rollouts::Slot::Slot(const Experiment& experiment)
    : worker(experiment), weights(static_cast<std::size_t>(experiment.policy().layout().size())) {}

Rollouts::Rollouts(const Experiment& experiment, Evaluator& evaluator) : evaluator_(evaluator) {
  for (int i = 0; i < evaluator.slots(); ++i) slots_.push_back(std::make_unique<Slot>(experiment));
}

double Rollouts::Run(std::span<const EpisodeTask> tasks, const Candidates& candidates,
                     const ObservationFilter& filter, std::span<EpisodeResult> results) {
  return RunAll(tasks, candidates, filter, results, {});
}

double Rollouts::RunAndObserve(std::span<const EpisodeTask> tasks, const Candidates& candidates,
                               const ObservationFilter& filter, std::span<EpisodeResult> results,
                               Moments& moments) {
  moments_.resize(std::max(moments_.size(), tasks.size()), Moments(moments.size()));
  const double seconds =
      RunAll(tasks, candidates, filter, results, std::span(moments_).first(tasks.size()));
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    // What a simulation shows before it is seen to diverge may be finite and absurd.
    if (!results[i].diverged) moments.Merge(moments_[i]);
  }
  return seconds;
}

double Rollouts::RunAll(std::span<const EpisodeTask> tasks, const Candidates& candidates,
                        const ObservationFilter& filter, std::span<EpisodeResult> results,
                        std::span<Moments> moments) {
  SACCADE_CHECK(results.size() == tasks.size());
  const auto begin = Clock::now();
  std::vector<double> lengths(tasks.size());
  std::transform(tasks.begin(), tasks.end(), lengths.begin(),
                 [](const EpisodeTask& task) { return task.expected_length; });
  for (auto& slot : slots_) slot->bound = -1;  // candidate numbers mean something else in each run
  evaluator_.Run(LongestFirst(lengths), [&](int slot, int index) {
    const auto i = static_cast<std::size_t>(index);
    RunTask(*slots_[static_cast<std::size_t>(slot)], tasks[i], candidates, filter, results[i],
            moments.empty() ? nullptr : &moments[i]);
  });
  return SecondsSince(begin);
}

void Rollouts::TakeOver(Slot& slot, int candidate, const Candidates& candidates) {
  slot.bound = -1;  // while the candidate's weights are incomplete
  candidates(candidate, slot.weights);
  slot.worker.Bind(slot.weights);
  slot.bound = candidate;
}

void Rollouts::RunTask(Slot& slot, const EpisodeTask& task, const Candidates& candidates,
                       const ObservationFilter& filter, EpisodeResult& result, Moments* moments) {
  try {
    const auto begin = Clock::now();
    if (slot.bound != task.candidate) TakeOver(slot, task.candidate, candidates);
    const double taking_over = SecondsSince(begin);
    if (moments != nullptr) moments->Clear();
    result = slot.worker.Run(task.key, filter, moments, task.max_steps);
    result.time.strategy = taking_over;
  } catch (...) {
    RethrowAsError("the environment or the policy", PlaceOf(task));
  }
}

}  // namespace saccade

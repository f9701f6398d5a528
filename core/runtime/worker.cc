#include "core/runtime/worker.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/error.h"

namespace saccade {
namespace {

// Reading the clock costs as much as a small policy, so only one step in kSampling is timed and
// stands for all of them.
constexpr int kSampling = 16;

// Numbers of the states that wait for the statistics: up to 16 states, unless they are so large that
// they would drive the simulation out of the cache.
std::size_t WaitingNumbers(int state_size) {
  return static_cast<std::size_t>(state_size * std::clamp(2048 / std::max(state_size, 1), 1, 16));
}

template <class Function>
auto OfThePolicy(const Function& function) {
  return CallAs([] { return std::string("the policy"); }, function);
}

std::unique_ptr<PolicyRunner> MakeRunner(const Policy& policy) {
  auto runner = OfThePolicy([&] { return policy.MakeRunner(); });
  if (runner == nullptr) throw InputError("the policy's MakeRunner returns nullptr");
  return runner;
}

}  // namespace

TimeSpent& TimeSpent::operator+=(const TimeSpent& other) {
  env += other.env;
  render += other.render;
  policy += other.policy;
  strategy += other.strategy;
  return *this;
}

Worker::Worker(const Experiment& experiment)
    : env_(MakeEnv(experiment.env())),
      runner_(MakeRunner(experiment.policy())),
      action_map_(experiment.action_map()),
      observation_(env_->spec()),
      buffer_(observation_.buffer()),
      observed_(WaitingNumbers(env_->spec().state_size())),
      normalized_(static_cast<std::size_t>(env_->spec().state_size())),
      raw_action_(static_cast<std::size_t>(env_->spec().action_size())),
      action_(raw_action_.size()),
      weights_(static_cast<std::size_t>(experiment.policy().layout().size())) {}

void Worker::Bind(std::span<const double> weights) {
  SACCADE_CHECK(weights.size() == weights_.size());
  std::copy(weights.begin(), weights.end(), weights_.begin());
  OfThePolicy([&] { runner_->Bind(weights_); });
}

void Worker::Start(const EpisodeKey& key) {
  env_->Reset(key, buffer_);
  NoAction(env_->spec(), action_);
  OfThePolicy([&] { runner_->Reset(); });
}

void Worker::Act(const ObservationFilter& filter) {
  filter.Apply(buffer_.state, normalized_);
  OfThePolicy([&] { runner_->Act({normalized_, buffer_.pixels}, raw_action_); });
  action_map_.Apply(raw_action_, action_);
}

StepResult Worker::StepEnv() { return env_->Step(action_, buffer_); }

EpisodeResult Worker::Run(const EpisodeKey& key, const ObservationFilter& filter, Moments* moments,
                          int max_steps) {
  EpisodeResult episode;
  const double rendered_before = env_->render_seconds();
  const auto begin = Clock::now();
  Start(key);
  std::optional<MomentsFeed> feed;
  if (moments != nullptr) feed.emplace(*moments, observed_);
  double sampled_policy = 0;
  int samples = 0;
  for (bool done = false; !done;) {
    if (feed) feed->Add(buffer_.state);
    if (episode.length % kSampling == 0) {
      const auto before = Clock::now();
      Act(filter);
      sampled_policy += SecondsSince(before);
      ++samples;
    } else {
      Act(filter);
    }
    const StepResult step = StepEnv();
    episode.total_reward += step.reward;
    ++episode.length;
    episode.terminated = step.terminated;
    episode.truncated = step.truncated || (!step.terminated && episode.length >= max_steps);
    episode.diverged = step.diverged;
    done = episode.terminated || episode.truncated;
  }
  if (feed) feed->Flush();
  episode.diverged = episode.diverged || !std::isfinite(episode.total_reward);
  episode.time.render = env_->render_seconds() - rendered_before;
  const double unrendered = SecondsSince(begin) - episode.time.render;
  episode.time.policy = std::min(sampled_policy / samples * episode.length, unrendered);
  episode.time.env = unrendered - episode.time.policy;
  return episode;
}

}  // namespace saccade

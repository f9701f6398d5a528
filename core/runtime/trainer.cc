#include "core/runtime/trainer.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/error.h"

namespace saccade {
namespace {

// `total` is slots × wall clock, `outside` the wall clock of the one thread that then works.
TimeShares SharesOf(std::span<const EpisodeResult> episodes, double total, double outside) {
  TimeSpent spent;
  for (const EpisodeResult& episode : episodes) spent += episode.time;
  TimeShares shares{spent.env / total, spent.render / total, spent.policy / total,
                    (spent.strategy + outside) / total, 0};
  shares.idle = 1 - shares.physics - shares.render - shares.policy - shares.strategy;
  return shares;
}

}  // namespace

Trainer::Trainer(const Experiment& experiment, Evaluator& evaluator)
    : experiment_(experiment),
      evaluator_(evaluator),
      strategy_(experiment.MakeStrategy()),
      rollouts_(experiment, evaluator),
      environment_(experiment.EnvironmentDigest()),
      moments_(experiment.env().spec().state_size()),
      filter_(experiment.env().spec().state_size(), experiment.config().observation.limit()) {}

TrainingEnd Trainer::Run(const std::atomic<bool>& stop) {
  while (true) {
    if (const auto end = End()) return *end;
    if (stop) return TrainingEnd::kInterrupted;
    const GenerationRecord record = RunGeneration();
    for (Observer* observer : observers_) observer->OnGeneration(*this, record);
  }
}

std::optional<TrainingEnd> Trainer::End() const {
  const TrainingOptions& options = experiment_.config().training;
  if (last_evaluation_ >= options.stop_at_return) return TrainingEnd::kSolved;
  if (options.generations > 0 && generation() >= options.generations) {
    return TrainingEnd::kGenerations;
  }
  if (options.env_steps > 0 && env_steps_ >= options.env_steps) return TrainingEnd::kEnvSteps;
  return std::nullopt;
}

bool Trainer::EvaluationIsDue() const {
  const int every = experiment_.config().evaluation.every;
  return every > 0 && generation() % every == 0;
}

GenerationRecord Trainer::RunGeneration() {
  const auto begin = Clock::now();
  GenerationRecord record;
  record.candidates = strategy_->Ask();
  const std::vector<EpisodeTask> tasks = MakeTasks(record.candidates);
  episodes_.resize(tasks.size());
  const auto candidate = [&](int index, std::span<double> weights) {
    strategy_->Candidate(index, weights);
  };
  const double episodes_seconds =
      experiment_.config().observation.normalize
          ? rollouts_.RunAndObserve(tasks, candidate, filter_, episodes_, moments_)
          : rollouts_.Run(tasks, candidate, filter_, episodes_);
  strategy_->Tell(Fitness(episodes_, record.candidates));
  if (experiment_.config().observation.normalize) filter_.Update(moments_);

  std::int64_t steps = 0;
  for (const EpisodeResult& episode : episodes_) steps += episode.length;
  env_steps_ += steps;
  episode_count_ += static_cast<std::int64_t>(episodes_.size());
  record.population = Summarize(episodes_);
  record.sigma = CallAs([&] { return fmt::format("strategy {}", strategy_->name()); },
                        [&] { return strategy_->sigma(); });
  const double wall = SecondsSince(begin);
  record.steps_per_second = static_cast<double>(steps) / wall;
  record.time = SharesOf(episodes_, wall * evaluator_.slots(), wall - episodes_seconds);

  // Where a budget ends, too; but such an evaluation decides nothing, so that a run which then goes on
  // does as one that had the larger budget from the beginning.
  const bool is_due = EvaluationIsDue();
  if (is_due || End()) {
    const RunConfig& config = experiment_.config();
    record.evaluation =
        Summarize(Evaluate(config.evaluation.episodes, static_cast<std::uint64_t>(config.seed),
                           Stream::kEvaluationEpisode));
    if (is_due) last_evaluation_ = record.evaluation->score();
  }
  seconds_ += SecondsSince(begin);
  record.generation = generation();
  record.env_steps = env_steps_;
  record.episodes = episode_count_;
  record.seconds = seconds_;
  return record;
}

// The same candidate of the last generation is the best guess. All episodes of a candidate have the
// same, so that they start one after the other, and a slot that runs several of them binds once.
double Trainer::ExpectedLength(int candidate) const {
  const int count = experiment_.config().training.episodes_per_candidate;
  const auto first = static_cast<std::size_t>(candidate) * static_cast<std::size_t>(count);
  if (first + static_cast<std::size_t>(count) > episodes_.size()) return 0;
  double sum = 0;
  for (const EpisodeResult& episode : std::span(episodes_).subspan(first, count)) {
    sum += episode.length;
  }
  return sum / count;
}

std::vector<EpisodeTask> Trainer::MakeTasks(int candidates) const {
  const RunConfig& config = experiment_.config();
  const int episodes = config.training.episodes_per_candidate;
  const int cut = config.training.episode_steps;
  const int max_steps = cut > 0 ? cut : kWholeEpisode;
  const auto group = [&](int candidate) {
    if (config.training.common_random_numbers == "generation") return 0;
    return config.training.common_random_numbers == "pair" ? candidate / 2 : candidate;
  };
  const int count = experiment_.EpisodesOf(candidates);
  std::vector<EpisodeTask> tasks;
  tasks.reserve(static_cast<std::size_t>(count));
  for (int candidate = 0; candidate < candidates; ++candidate) {
    const double expected_length = ExpectedLength(candidate);
    for (int episode = 0; episode < episodes; ++episode) {
      const EpisodeKey key{static_cast<std::uint64_t>(config.seed), Stream::kTrainingEpisode,
                           static_cast<std::uint32_t>(generation()),
                           static_cast<std::uint32_t>(group(candidate) * episodes + episode)};
      tasks.push_back({candidate, key, expected_length, max_steps});
    }
  }
  return tasks;
}

std::vector<double> Trainer::Fitness(std::span<const EpisodeResult> episodes,
                                     int candidates) const {
  const double shift = experiment_.config().training.reward_shift;
  const std::size_t per_candidate = episodes.size() / static_cast<std::size_t>(candidates);
  std::vector<double> fitness(static_cast<std::size_t>(candidates));
  for (std::size_t i = 0; i < fitness.size(); ++i) {
    double sum = 0;
    for (const EpisodeResult& episode : episodes.subspan(i * per_candidate, per_candidate)) {
      sum += episode.diverged ? std::numeric_limits<double>::quiet_NaN()
                              : episode.total_reward - shift * episode.length;
    }
    fitness[i] = sum / static_cast<double>(per_candidate);
  }
  return fitness;
}

std::vector<EpisodeResult> Trainer::Evaluate(int episodes, std::uint64_t seed, Stream stream) {
  std::vector<EpisodeTask> tasks;
  for (int i = 0; i < episodes; ++i) {
    tasks.push_back({.key = {seed, stream, 0, static_cast<std::uint32_t>(i)}});
  }
  std::vector<EpisodeResult> results(tasks.size());
  const auto mean = [&](int, std::span<double> weights) {
    std::copy_n(strategy_->mean().data(), weights.size(), weights.begin());
  };
  rollouts_.Run(tasks, mean, filter_, results);
  return results;
}

Checkpoint Trainer::Save() const {
  const ParamLayout& layout = experiment_.policy().layout();
  const Eigen::VectorXd& mean = strategy_->mean();
  Checkpoint checkpoint;
  checkpoint.config = experiment_.ResolvedYaml();
  checkpoint.layout = layout.ToString();
  checkpoint.environment = environment_;
  try {
    checkpoint.policy = PackWeights(layout, {mean.data(), static_cast<std::size_t>(mean.size())});
    checkpoint.observation = moments_.Save();
    checkpoint.strategy = strategy_->Save();
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("generation {}: {}", generation(), error.what()));
  }
  checkpoint.trainer = {{"env_steps", Tensor::Scalar(env_steps_)},
                        {"episodes", Tensor::Scalar(episode_count_)},
                        {"last_evaluation", Tensor::Scalar(last_evaluation_)}};
  return checkpoint;
}

void Trainer::Load(const Checkpoint& checkpoint, const std::string& source) {
  if (!checkpoint.can_resume()) {
    throw InputError(
        fmt::format("{}: is a policy without the state of its training, so it cannot be "
                    "resumed; give the folder of the run",
                    source));
  }
  UnpackWeights(experiment_.policy().layout(), checkpoint, source);  // refuses another architecture
  try {
    const TensorMap& trainer = checkpoint.trainer;
    const std::int64_t env_steps = Require<std::int64_t>(trainer, "env_steps", 1)[0];
    const std::int64_t episodes = Require<std::int64_t>(trainer, "episodes", 1)[0];
    const double last_evaluation = Require<double>(trainer, "last_evaluation", 1)[0];
    constexpr std::int64_t kMostSteps = std::int64_t{1} << 60;  // far from an overflow
    if (env_steps < 0 || env_steps > kMostSteps || episodes < 0 || episodes > kMostSteps) {
      throw InputError(fmt::format("{} steps in {} episodes cannot be; the file is damaged",
                                   env_steps, episodes));
    }
    Moments moments(moments_.size());
    moments.Load(checkpoint.observation);
    strategy_->Load(checkpoint.strategy);
    // Everything is read, so nothing changes when something of it is wrong.
    moments_ = std::move(moments);
    env_steps_ = env_steps;
    episode_count_ = episodes;
    last_evaluation_ = last_evaluation;
  } catch (const Error& error) {
    throw Error(error.kind(),
                fmt::format("{}: does not fit this configuration: {}", source, error.what()));
  }
  if (experiment_.config().observation.normalize) filter_.Update(moments_);
  WarnOfOtherEnvironment(checkpoint, experiment_.env().spec().name, environment_, source);
}

}  // namespace saccade

// One worker slot: an environment, a policy runner and all the memory that an episode needs.
//
// The loop of an episode lives here and nowhere else:
//
//   x ← env;  y = filter(x);  a = policy(y);  u = action_map(a);  env.Step(u)
//
// Thread safety: a worker belongs to one thread at a time. After its first episode it allocates
// nothing, as far as environment and policy keep the same promise.

#ifndef SACCADE_CORE_RUNTIME_WORKER_H_
#define SACCADE_CORE_RUNTIME_WORKER_H_

#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "core/runtime/experiment.h"
#include "core/runtime/observation_filter.h"

namespace saccade {

// Estimated seconds spent inside the parts of an episode.
struct TimeSpent {
  double env = 0;  // without rendering
  double render = 0;
  double policy = 0;    // with filter and action map
  double strategy = 0;  // taking over a candidate's weights before it

  TimeSpent& operator+=(const TimeSpent& other);
};

struct EpisodeResult {
  double total_reward = 0;
  int length = 0;  // steps
  bool terminated = false;
  bool truncated = false;
  bool diverged = false;  // a step did, or the rewards add up to no number
  TimeSpent time;
};

// No limit but the environment's.
inline constexpr int kWholeEpisode = std::numeric_limits<int>::max();

class Worker {
 public:
  explicit Worker(const Experiment& experiment);

  // Weights of the policy in double, as strategies produce them.
  void Bind(std::span<const double> weights);

  // An episode, cut after `max_steps` (> 0), which counts as truncation. Adds every observed state to
  // `moments` unless it is null.
  EpisodeResult Run(const EpisodeKey& key, const ObservationFilter& filter, Moments* moments,
                    int max_steps = kWholeEpisode);

  // The same, step by step, for whoever wants to look between the steps.
  void Start(const EpisodeKey& key);
  void Act(const ObservationFilter& filter);  // sets action() from the present observation
  StepResult StepEnv();                       // applies action()

  Env& env() { return *env_; }
  std::span<const double> state() const { return buffer_.state; }
  const ObservationBuffer& observation() const { return buffer_; }
  std::span<const double> action() const { return action_; }

 private:
  std::unique_ptr<Env> env_;
  std::unique_ptr<PolicyRunner> runner_;
  const ActionMap& action_map_;
  ObservationStorage observation_;
  ObservationBuffer buffer_;  // of observation_; made once, because making it shows in small tasks
  std::vector<double> observed_;  // states that wait for the statistics
  std::vector<float> normalized_;
  std::vector<float> raw_action_;
  std::vector<double> action_;
  std::vector<float> weights_;
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_WORKER_H_

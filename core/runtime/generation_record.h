// What is known about one generation once it is closed: one line of metrics.jsonl.

#ifndef SACCADE_CORE_RUNTIME_GENERATION_RECORD_H_
#define SACCADE_CORE_RUNTIME_GENERATION_RECORD_H_

#include <cstdint>
#include <optional>

#include "core/runtime/rollouts.h"

namespace saccade {

// Fractions of the time that all slots had together; they sum to 1.
struct TimeShares {
  double physics = 0;
  double render = 0;
  double policy = 0;
  double strategy = 0;  // Ask, Tell, candidates' weights, statistics and bookkeeping
  double idle = 0;      // the rest: slots that waited
};

struct GenerationRecord {
  std::int64_t generation = 0;  // completed generations, from 1
  std::int64_t env_steps = 0;   // of training, so far
  std::int64_t episodes = 0;    // of training, so far
  double seconds = 0;  // wall clock until here: of the session; in metrics.jsonl, of the run
  double steps_per_second = 0;  // of this generation, evaluation excluded
  int candidates = 0;
  double sigma = 0;
  EpisodeSummary population;                 // the episodes of this generation
  std::optional<EpisodeSummary> evaluation;  // of the mean, where there was one
  TimeShares time;
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_GENERATION_RECORD_H_

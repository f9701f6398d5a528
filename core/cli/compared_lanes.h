// Work on several threads, each in a lane of its own, against other work of the same lane: how
// measurements (core/cli/measurement.h) take their times.

#ifndef SACCADE_CORE_CLI_COMPARED_LANES_H_
#define SACCADE_CORE_CLI_COMPARED_LANES_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/cli/measurement.h"
#include "core/runtime/experiment.h"

namespace saccade::cli {

double Median(std::vector<double> values);

// "cheetah-run, linear policy, 2 threads".
std::string Label(const std::string& env, const std::string& what, int threads);

// Rollouts of a generation; nothing but the overhead depends on it.
inline constexpr int kRollouts = 200;

// The environment with a linear policy and OpenAI-ES.
std::unique_ptr<const Experiment> LinearExperiment(const Registry& registry,
                                                   const MeasuredEnv& env);

// The episode of lane `lane`.
EpisodeKey KeyOf(int lane);

// What a side of a lane took, in seconds.
struct Time {
  double processor = 0;
  double wall = 0;
};

// What is compared, on a thread of its own: side 0 is ours.
class Lane {
 public:
  virtual ~Lane() = default;
  virtual void Run(std::size_t side) = 0;
};
using Lanes = std::vector<std::unique_ptr<Lane>>;

// What lanes do, against a yardstick.
class ComparedLanes : public Measurement {
 public:
  struct Names {
    std::string name;  // of rows
    std::string unit;
    std::vector<std::string> others;  // sides 1, 2, …, a row each
    bool wall_ratios = false;         // or of the threads' processor time
  };

  // The lanes belong to the experiment; `work` is what all of them together do in a round.
  ComparedLanes(std::unique_ptr<const Experiment> experiment, Names names, Lanes lanes,
                double work);

  void Round() override;
  std::vector<Row> Rows() const override;

 private:
  std::vector<std::vector<Time>> Measure();

  std::unique_ptr<const Experiment> experiment_;
  Names names_;
  Lanes lanes_;
  double work_;
  std::size_t rounds_ = 0;
  std::vector<double> rates_;                // one per round
  std::vector<std::vector<double>> ratios_;  // one per round and lane, of every other side
};

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_COMPARED_LANES_H_

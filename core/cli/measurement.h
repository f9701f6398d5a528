// What `saccade bench` and tests/bench measure: something of ours against a yardstick.
//
//   states    whole rollouts with a linear policy   | bare loop of mj_step on the same episode
//   envs      the environment with random actions   | bare loop of mj_step on the same episode
//   overhead  what a generation of 200 rollouts costs beside env and policy | the whole generation
//   render    frames of the renderer raycast | frames of gl, MuJoCo's own, with the same effects;
//                                              as many rays of mj_multiRay, which gives no colours
//   video     frames of raycast with the next of eight pictures for a sky each time | with one that
//                                                                                     stays
//
// A round measures each side once, one right after the other and in changing order; a figure is the
// median over the rounds, and a ratio is the median of the rounds' ratios, so that whatever
// disturbs the machine for longer than a round meets both sides, and a shorter disturbance is an
// outlier. With several threads, each has a lane of its own (an episode, a simulation) and all
// lanes start each side together: two threads are compared with two bare loops side by side.
//
// The bare loop is envs/mujoco/bare_loop.h, after the environment's own reset: some tasks simulate
// during their reset, and both sides pay for it.
//
// Frames are of states along an episode with random actions, from the first camera, each thread with
// its own renderers.
//
// Rates are of wall clock, all threads' steps from the common start to the last one's end. Ratios
// to the bare loop are of the processor time of the thread: both sides are one loop that never
// waits, so on an idle machine this is the same, and on a busy one the time of others does not
// enter. Ratios of frames are of wall clock, because a graphics card may draw.
//
// Thread safety: none; a measurement starts its own threads.

#ifndef SACCADE_CORE_CLI_MEASUREMENT_H_
#define SACCADE_CORE_CLI_MEASUREMENT_H_

#include <memory>
#include <string>
#include <vector>

#include "core/api/registry.h"

namespace saccade::cli {

struct Row {
  std::string name;           // "cheetah-run, linear policy, 2 threads"
  double value = 0;           // median over the rounds
  std::string unit;           // "steps/s", control steps of all threads together
  std::string compared_with;  // "bare mj_step loop"
  double ratio = 0;           // median over the rounds; of rates, or of times for "ms/generation"
};

class Measurement {
 public:
  virtual ~Measurement() = default;

  virtual void Round() = 0;
  virtual std::vector<Row> Rows() const = 0;  // over the rounds so far, at least one
};

struct MeasuredEnv {
  std::string label;  // in the names of rows
  config::Node node;  // as `env:` of a configuration
  // Of frames.
  int height = 84;
  int width = 84;
  std::string look = "reference";  // or "fast"
};

// The kinds above, in this order.
std::vector<std::string> MeasurementNames();

// Makes the measurement `name` and runs all sides once to warm up. Throws kInput when there is no
// environment `env`, its options are wrong, or it has no MuJoCo inside that a bare loop could step or
// that could be drawn, or no sky, and kEnvironment when frames are measured and there is no OpenGL.
std::unique_ptr<Measurement> MakeMeasurement(const std::string& name, const Registry& registry,
                                             const MeasuredEnv& env, int threads);

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_MEASUREMENT_H_

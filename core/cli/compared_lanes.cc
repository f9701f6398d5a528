#include "core/cli/compared_lanes.h"

#include <algorithm>
#include <barrier>
#include <ctime>
#include <exception>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/error.h"

namespace saccade::cli {
namespace {

// Of this thread: what it worked, not what it waited for a processor.
double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// All sides of every lane, in turn from side `first` on; each lane on a thread of its own, of which
// this one is the first, and all begin a side together. Throws what a lane throws, when the others
// are done.
std::vector<std::vector<Time>> TimeSides(const Lanes& lanes, std::size_t sides, std::size_t first) {
  std::vector<std::vector<Time>> times(lanes.size(), std::vector<Time>(sides));
  std::vector<std::exception_ptr> errors(lanes.size());
  std::barrier together(static_cast<std::ptrdiff_t>(lanes.size()));
  const auto time = [&](std::size_t i) {
    try {
      for (std::size_t k = 0; k < sides; ++k) {
        const std::size_t side = (first + k) % sides;
        together.arrive_and_wait();
        const auto begin = Clock::now();
        const double begin_processor = CpuSeconds();
        lanes[i]->Run(side);
        times[i][side] = {CpuSeconds() - begin_processor, SecondsSince(begin)};
      }
    } catch (...) {
      errors[i] = std::current_exception();
      together.arrive_and_drop();  // the others shall not wait
    }
  };
  {
    std::vector<std::jthread> threads;
    try {
      for (std::size_t i = 1; i < lanes.size(); ++i) threads.emplace_back(time, i);
    } catch (...) {
      // The system gives no more threads: those that are there shall not wait for the others.
      for (std::size_t i = threads.size(); i < lanes.size(); ++i) together.arrive_and_drop();
      throw;
    }
    time(0);
  }
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  return times;
}

}  // namespace

double Median(std::vector<double> values) {
  SACCADE_CHECK(!values.empty());
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

std::string Label(const std::string& env, const std::string& what, int threads) {
  return fmt::format("{}, {}, {} thread{}", env, what, threads, threads == 1 ? "" : "s");
}

std::unique_ptr<const Experiment> LinearExperiment(const Registry& registry,
                                                   const MeasuredEnv& env) {
  config::Node root =
      config::ParseYaml(fmt::format("policy: {{name: linear}}\n"
                                    "strategy: {{name: openai-es, population: {}}}\n"
                                    "training: {{generations: 1000000000}}\n"
                                    "evaluation: {{every: 0}}\n",
                                    kRollouts),
                        "bench");
  root.At("env") = env.node;
  return std::make_unique<Experiment>(registry, root);
}

EpisodeKey KeyOf(int lane) { return {1, Stream::kBenchmark, 0, static_cast<std::uint32_t>(lane)}; }

ComparedLanes::ComparedLanes(std::unique_ptr<const Experiment> experiment, Names names, Lanes lanes,
                             double work)
    : experiment_(std::move(experiment)),
      names_(std::move(names)),
      lanes_(std::move(lanes)),
      work_(work),
      ratios_(names_.others.size()) {
  Measure();  // to warm up
}

void ComparedLanes::Round() {
  double wall = 0;  // from the common start to the last end
  for (const std::vector<Time>& times : Measure()) {
    wall = std::max(wall, times[0].wall);
    for (std::size_t k = 0; k < ratios_.size(); ++k) {
      const Time& theirs = times[1 + k];
      ratios_[k].push_back(names_.wall_ratios ? theirs.wall / times[0].wall
                                              : theirs.processor / times[0].processor);
    }
  }
  rates_.push_back(work_ / wall);
}

std::vector<Row> ComparedLanes::Rows() const {
  std::vector<Row> rows;
  for (std::size_t k = 0; k < ratios_.size(); ++k) {
    rows.push_back(
        {names_.name, Median(rates_), names_.unit, names_.others[k], Median(ratios_[k])});
  }
  return rows;
}

std::vector<std::vector<Time>> ComparedLanes::Measure() {
  return TimeSides(lanes_, 1 + ratios_.size(), rounds_++);
}

}  // namespace saccade::cli

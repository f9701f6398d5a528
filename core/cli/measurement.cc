#include "core/cli/measurement.h"

#include <atomic>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/cli/compared_lanes.h"
#include "core/cli/frame_measurement.h"
#include "core/runtime/trainer.h"
#include "envs/mujoco/bare_loop.h"

namespace saccade::cli {
namespace {

// Actions of a whole episode (steps × nu), to repeat it with.
struct Actions {
  std::vector<double> values;
  int steps = 0;

  void Add(std::span<const double> action) {
    values.insert(values.end(), action.begin(), action.end());
    ++steps;
  }
};

// One episode, simulated in two ways. Both use the same simulation, because where its arrays happen
// to lie in memory makes a difference of a percent.
class EpisodeLane : public Lane {
 public:
  EpisodeLane(const EnvSpec& spec, int index)
      : key_(KeyOf(index)),
        observation_(spec),
        physics_step_(spec.physics_step),
        substeps_(static_cast<int>(std::lround(spec.control_step / spec.physics_step))) {}

  int steps() const { return actions_.steps; }
  bool diverged() const { return diverged_; }

  void Run(std::size_t side) override {
    if (side == 0) return RunOurs();
    env().Reset(key_, observation_.buffer());
    RunBareLoop(env().scene(), actions_.values, substeps_, physics_steps_);
  }

 protected:
  virtual void RunOurs() = 0;
  virtual Env& env() = 0;

  // Plays the episode that both sides will repeat: `step` does one control step and adds its
  // action.
  template <class Step>
  void Record(const Step& step) {
    const double begin = TimeOf(env().scene());
    StepResult result;
    while (!result.done()) result = step();
    diverged_ = result.diverged;
    physics_steps_ = static_cast<int>(std::lround((TimeOf(env().scene()) - begin) / physics_step_));
  }

  EpisodeKey key_;
  ObservationStorage observation_;
  Actions actions_;

 private:
  double physics_step_;
  int substeps_;  // of an action, unless the episode ends within it
  int physics_steps_ = 0;
  bool diverged_ = false;
};

// The whole loop of training: filter, linear policy, action map, environment, moments.
class RolloutLane : public EpisodeLane {
 public:
  RolloutLane(const Experiment& experiment, int index)
      : EpisodeLane(experiment.env().spec(), index),
        worker_(experiment),
        filter_(experiment.env().spec().state_size(), experiment.config().observation.limit()),
        moments_(experiment.env().spec().state_size()) {
    std::vector<double> weights(static_cast<std::size_t>(experiment.policy().layout().size()));
    RandomStream(1, Stream::kBenchmark, 1, static_cast<std::uint32_t>(index)).FillNormal(weights);
    worker_.Bind(weights);
    worker_.Start(key_);
    Record([&] {
      worker_.Act(filter_);
      actions_.Add(worker_.action());
      return worker_.StepEnv();
    });
  }

 private:
  void RunOurs() override { worker_.Run(key_, filter_, &moments_); }
  Env& env() override { return worker_.env(); }

  Worker worker_;
  ObservationFilter filter_;
  Moments moments_;
};

// The environment alone, with uniformly random actions that were drawn before.
class EnvLane : public EpisodeLane {
 public:
  EnvLane(const Experiment& experiment, int index)
      : EpisodeLane(experiment.env().spec(), index),
        env_(MakeEnv(experiment.env())),
        nu_(static_cast<std::size_t>(experiment.env().spec().action_size())) {
    RandomStream random(1, Stream::kBenchmark, 1, static_cast<std::uint32_t>(index));
    std::vector<double> action(nu_);
    env_->Reset(key_, observation_.buffer());
    Record([&] {
      SampleAction(env_->spec(), random, action);
      actions_.Add(action);
      return env_->Step(action, observation_.buffer());
    });
  }

 private:
  void RunOurs() override {
    env_->Reset(key_, observation_.buffer());
    for (std::span<const double> rest = actions_.values; !rest.empty(); rest = rest.subspan(nu_)) {
      env_->Step(rest.first(nu_), observation_.buffer());
    }
  }
  Env& env() override { return *env_; }

  std::unique_ptr<Env> env_;
  std::size_t nu_;
};

// Episodes against their bare loops.
template <class LaneType>
std::unique_ptr<Measurement> CompareEpisodes(const std::string& what, const Registry& registry,
                                             const MeasuredEnv& env, int threads) {
  auto experiment = LinearExperiment(registry, env);
  if (experiment->env().model() == nullptr) {
    throw InputError(fmt::format(
        "--env {}: has no MuJoCo inside, so there is no bare loop to compare it with", env.label));
  }
  const EnvSpec& spec = experiment->env().spec();
  if (!(spec.physics_step > 0 && spec.control_step >= spec.physics_step)) {
    throw InputError(fmt::format(
        "--env {}: says that a control step takes {} s and a physics step {} s, so there is no "
        "bare loop to compare it with; give EnvSpec both",
        env.label, spec.control_step, spec.physics_step));
  }
  const int controls = ControlsOf(MakeEnv(experiment->env())->scene());
  if (controls == 0 || controls != spec.action_size()) {
    throw InputError(
        fmt::format("--env {}: its actions are not the {} controls of its model, so there is no "
                    "bare loop to compare it with",
                    env.label, controls));
  }
  Lanes lanes;
  double steps = 0;
  for (int i = 0; i < threads; ++i) {
    auto lane = std::make_unique<LaneType>(*experiment, i);
    if (lane->diverged()) {
      throw InputError(
          fmt::format("--env {}: diverges after {} steps, so there is no episode to measure; see "
                      "saccade check",
                      env.label, lane->steps()));
    }
    steps += lane->steps();
    lanes.push_back(std::move(lane));
  }
  return std::make_unique<ComparedLanes>(
      std::move(experiment),
      ComparedLanes::Names{Label(env.label, what, threads), "steps/s", {"bare mj_step loop"}},
      std::move(lanes), steps);
}

// What a generation takes beside environment and policy, and how long slots wait.
class OverheadMeasurement : public Measurement, private Observer {
 public:
  static std::unique_ptr<Measurement> Make(const Registry& registry, const MeasuredEnv& env,
                                           int threads) {
    auto measurement = std::make_unique<OverheadMeasurement>(registry, env, threads);
    measurement->Round();
    measurement->strategy_ = {};
    measurement->idle_ = {};
    return measurement;
  }

  OverheadMeasurement(const Registry& registry, const MeasuredEnv& env, int threads)
      : env_(env.label),
        threads_(threads),
        experiment_(LinearExperiment(registry, env)),
        evaluator_(MakeEvaluator(threads)),
        trainer_(*experiment_, *evaluator_) {
    trainer_.AddObserver(*this);
  }

  void Round() override {
    generation_done_ = false;
    trainer_.Run(generation_done_);
  }

  std::vector<Row> Rows() const override {
    return {RowOf("strategy and bookkeeping", strategy_), RowOf("slots that waited", idle_)};
  }

 private:
  // A part of the generations: fraction of the slots' time and what that is in milliseconds of wall
  // clock, one per round.
  struct Part {
    std::vector<double> milliseconds;
    std::vector<double> shares;

    void Add(double share, double seconds) {
      milliseconds.push_back(1e3 * share * seconds);
      shares.push_back(share);
    }
  };

  void OnGeneration(const Trainer&, const GenerationRecord& record) override {
    const double steps = static_cast<double>(record.env_steps - env_steps_);
    const double seconds = steps / record.steps_per_second;
    env_steps_ = record.env_steps;
    strategy_.Add(record.time.strategy, seconds);
    idle_.Add(record.time.idle, seconds);
    generation_done_ = true;
  }

  Row RowOf(const std::string& what, const Part& part) const {
    return {Label(env_, what, threads_), Median(part.milliseconds), "ms/generation",
            fmt::format("generation of {} rollouts", kRollouts), Median(part.shares)};
  }

  std::string env_;
  int threads_;
  std::unique_ptr<const Experiment> experiment_;
  std::unique_ptr<Evaluator> evaluator_;
  Trainer trainer_;
  std::atomic<bool> generation_done_ = false;
  std::int64_t env_steps_ = 0;
  Part strategy_;
  Part idle_;
};

}  // namespace

std::vector<std::string> MeasurementNames() {
  return {"states", "envs", "overhead", "render", "video"};
}

std::unique_ptr<Measurement> MakeMeasurement(const std::string& name, const Registry& registry,
                                             const MeasuredEnv& env, int threads) {
  if (name == "states") {
    return CompareEpisodes<RolloutLane>("linear policy", registry, env, threads);
  }
  if (name == "envs") {
    return CompareEpisodes<EnvLane>("random actions", registry, env, threads);
  }
  if (name == "render") return CompareFrames(registry, env, threads);
  if (name == "video") return CompareVideo(registry, env, threads);
  SACCADE_CHECK(name == "overhead");
  return OverheadMeasurement::Make(registry, env, threads);
}

}  // namespace saccade::cli

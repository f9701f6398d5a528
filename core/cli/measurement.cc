#include "core/cli/measurement.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cmath>
#include <ctime>
#include <exception>
#include <functional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/runtime/trainer.h"
#include "envs/mujoco/bare_loop.h"

namespace saccade::cli {
namespace {

constexpr int kRollouts = 200;  // of a generation; nothing but the overhead depends on it

// Of this thread: what it worked, not what it waited for a processor.
double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

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

Experiment LinearExperiment(const Registry& registry, const MeasuredEnv& env) {
  config::Node root =
      config::ParseYaml(fmt::format("policy: {{name: linear}}\n"
                                    "strategy: {{name: openai-es, population: {}}}\n"
                                    "training: {{generations: 1000000000}}\n"
                                    "evaluation: {{every: 0}}\n",
                                    kRollouts),
                        "bench");
  root.At("env") = env.node;
  return Experiment(registry, root);
}

// Actions of a whole episode (steps × nu), to repeat it with.
struct Actions {
  std::vector<double> values;
  int steps = 0;

  void Add(std::span<const double> action) {
    values.insert(values.end(), action.begin(), action.end());
    ++steps;
  }
};

// What one lane's two sides took.
struct SideTimes {
  double ours = 0;  // seconds of processor
  double theirs = 0;
  double ours_wall = 0;  // seconds
};

// Both sides of every lane, run(lane, ours), each lane on a thread of its own, of which this one is
// the first; all begin a side together. Throws what a lane throws, when the others are done.
template <class Run>
std::vector<SideTimes> TimeSides(std::size_t lanes, bool ours_first, const Run& run) {
  std::vector<SideTimes> times(lanes);
  std::vector<std::exception_ptr> errors(lanes);
  std::barrier together(static_cast<std::ptrdiff_t>(lanes));
  const auto time = [&](std::size_t i) {
    try {
      for (const bool ours : {ours_first, !ours_first}) {
        together.arrive_and_wait();
        const auto begin = Clock::now();
        const double begin_cpu = CpuSeconds();
        run(i, ours);
        (ours ? times[i].ours : times[i].theirs) = CpuSeconds() - begin_cpu;
        if (ours) times[i].ours_wall = SecondsSince(begin);
      }
    } catch (...) {
      errors[i] = std::current_exception();
      together.arrive_and_drop();  // the others shall not wait
    }
  };
  {
    std::vector<std::jthread> threads;
    try {
      for (std::size_t i = 1; i < lanes; ++i) threads.emplace_back(time, i);
    } catch (...) {
      // The system gives no more threads: those that are there shall not wait for the others.
      for (std::size_t i = threads.size(); i < lanes; ++i) together.arrive_and_drop();
      throw;
    }
    time(0);
  }
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  return times;
}

EpisodeKey KeyOf(int lane) { return {1, Stream::kBenchmark, 0, static_cast<std::uint32_t>(lane)}; }

// One thread's share of a comparison: one episode, simulated in two ways. Both use the same
// simulation, because where its arrays happen to lie in memory makes a difference of a percent.
class Lane {
 public:
  Lane(const EnvSpec& spec, int index)
      : key_(KeyOf(index)),
        observation_(spec),
        physics_step_(spec.physics_step),
        substeps_(static_cast<int>(std::lround(spec.control_step / spec.physics_step))) {}
  virtual ~Lane() = default;

  int steps() const { return actions_.steps; }
  bool diverged() const { return diverged_; }

  virtual void RunOurs() = 0;

  void RunBare() {
    env().Reset(key_, observation_.buffer());
    RunBareLoop(env().scene(), actions_.values, substeps_, physics_steps_);
  }

 protected:
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
class RolloutLane : public Lane {
 public:
  RolloutLane(const Experiment& experiment, int index)
      : Lane(experiment.env().spec(), index),
        worker_(experiment),
        filter_(experiment.env().spec().state_size(), experiment.config().observation.clip),
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

  void RunOurs() override { worker_.Run(key_, filter_, &moments_); }

 private:
  Env& env() override { return worker_.env(); }

  Worker worker_;
  ObservationFilter filter_;
  Moments moments_;
};

// The environment alone, with uniformly random actions that were drawn before.
class EnvLane : public Lane {
 public:
  EnvLane(const Experiment& experiment, int index)
      : Lane(experiment.env().spec(), index),
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

  void RunOurs() override {
    env_->Reset(key_, observation_.buffer());
    for (std::span<const double> rest = actions_.values; !rest.empty(); rest = rest.subspan(nu_)) {
      env_->Step(rest.first(nu_), observation_.buffer());
    }
  }

 private:
  Env& env() override { return *env_; }

  std::unique_ptr<Env> env_;
  std::size_t nu_;
};

// Lanes against their bare loops.
class BareLoopMeasurement : public Measurement {
 public:
  template <class LaneType>
  static std::unique_ptr<Measurement> Make(const std::string& what, const Registry& registry,
                                           const MeasuredEnv& env, int threads) {
    auto measurement = std::make_unique<BareLoopMeasurement>(LinearExperiment(registry, env));
    const Experiment& experiment = measurement->experiment_;
    if (experiment.env().model() == nullptr) {
      throw InputError(
          fmt::format("--env {}: has no MuJoCo inside, so there is no bare loop to compare it with",
                      env.label));
    }
    const int controls = ControlsOf(MakeEnv(experiment.env())->scene());
    if (controls == 0 || controls != experiment.env().spec().action_size()) {
      throw InputError(
          fmt::format("--env {}: its actions are not the {} controls of its model, so there is no "
                      "bare loop to compare it with",
                      env.label, controls));
    }
    measurement->name_ = Label(env.label, what, threads);
    for (int i = 0; i < threads; ++i) {
      measurement->lanes_.push_back(std::make_unique<LaneType>(experiment, i));
      if (measurement->lanes_.back()->diverged()) {
        throw InputError(
            fmt::format("--env {}: diverges after {} steps, so there is no episode to measure; see "
                        "saccade check",
                        env.label, measurement->lanes_.back()->steps()));
      }
    }
    measurement->Measure();
    return measurement;
  }

  explicit BareLoopMeasurement(Experiment experiment) : experiment_(std::move(experiment)) {}

  void Round() override {
    double steps = 0;
    double wall = 0;  // from the common start to the last end
    for (const SideTimes& times : Measure()) {
      wall = std::max(wall, times.ours_wall);
      ratios_.push_back(times.theirs / times.ours);
    }
    for (const auto& lane : lanes_) steps += lane->steps();
    rates_.push_back(steps / wall);
    ours_first_ = !ours_first_;
  }

  std::vector<Row> Rows() const override {
    return {{name_, Median(rates_), "steps/s", "bare mj_step loop", Median(ratios_)}};
  }

 private:
  // The lanes repeat an episode that has already gone well once.
  std::vector<SideTimes> Measure() {
    return TimeSides(lanes_.size(), ours_first_, [this](std::size_t i, bool ours) {
      ours ? lanes_[i]->RunOurs() : lanes_[i]->RunBare();
    });
  }

  Experiment experiment_;
  std::string name_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  bool ours_first_ = true;
  std::vector<double> rates_;   // one per round
  std::vector<double> ratios_;  // one per round and lane
};

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
        trainer_(experiment_, *evaluator_) {
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
  Experiment experiment_;
  std::unique_ptr<Evaluator> evaluator_;
  Trainer trainer_;
  std::atomic<bool> generation_done_ = false;
  std::int64_t env_steps_ = 0;
  Part strategy_;
  Part idle_;
};

// Frames of two renderers.
class RenderMeasurement : public Measurement {
 public:
  static std::unique_ptr<Measurement> Make(const Registry& registry, const MeasuredEnv& env,
                                           int threads) {
    auto measurement = std::make_unique<RenderMeasurement>(registry, env, threads);
    measurement->Measure();
    return measurement;
  }

  RenderMeasurement(const Registry& registry, const MeasuredEnv& env, int threads)
      : experiment_(LinearExperiment(registry, env)),
        name_(
            Label(env.label, fmt::format("{}x{}, {}", env.height, env.width, env.look), threads)) {
    if (experiment_.env().model() == nullptr) {
      throw InputError(fmt::format("--env {}: has nothing to draw", env.label));
    }
    const bool is_fast = env.look == "fast";
    for (int i = 0; i < threads; ++i) {
      lanes_.push_back(std::make_unique<FrameLane>(
          experiment_, i, env.height, env.width,
          MakerOf(registry, fmt::format("{{name: raycast, look: {}}}", env.look)),
          MakerOf(registry, is_fast ? "{name: gl, shadows: false, reflections: false, samples: 0}"
                                    : "{name: gl}")));
    }
  }

  void Round() override {
    double wall = 0;
    for (const SideTimes& times : Measure()) {
      wall = std::max(wall, times.ours_wall);
      ratios_.push_back(times.theirs / times.ours);
    }
    rates_.push_back(FrameLane::kFrames * static_cast<double>(lanes_.size()) / wall);
    ours_first_ = !ours_first_;
  }

  std::vector<Row> Rows() const override {
    return {{name_, Median(rates_), "frames/s", "gl", Median(ratios_)}};
  }

 private:
  using MadeRenderer = std::function<std::unique_ptr<Renderer>(const RendererContext&)>;

  // One thread's states and renderers.
  class FrameLane {
   public:
    static constexpr int kFrames = 16;

    FrameLane(const Experiment& experiment, int index, int height, int width,
              const MadeRenderer& ours, const MadeRenderer& theirs)
        : env_(MakeEnv(experiment.env())),
          model_(env_->scene().model),
          image_(height, width, 3),
          ours_(ours({model_, height, width})),
          theirs_(theirs({model_, height, width})) {
      ObservationStorage observation(env_->spec());
      RandomStream random(1, Stream::kBenchmark, 1, static_cast<std::uint32_t>(index));
      std::vector<double> action(static_cast<std::size_t>(env_->spec().action_size()));
      env_->Reset(KeyOf(index), observation.buffer());
      for (int frame = 0; frame < kFrames; ++frame) {
        states_.push_back(CopyState(env_->scene()));
        for (int step = 0; step < 10; ++step) {
          SampleAction(env_->spec(), random, action);
          if (!env_->Step(action, observation.buffer()).done()) continue;
          env_->Reset(KeyOf(index + 1000 * (1 + frame)), observation.buffer());
        }
      }
    }

    void Draw(bool ours) {
      Renderer& renderer = ours ? *ours_ : *theirs_;
      for (const auto& state : states_) renderer.Render({model_, state.get()}, 0, image_.view());
    }

   private:
    std::unique_ptr<Env> env_;
    const mjModel_* model_;
    Image image_;
    std::unique_ptr<Renderer> ours_;
    std::unique_ptr<Renderer> theirs_;
    std::vector<StateCopy> states_;
  };

  static MadeRenderer MakerOf(const Registry& registry, const std::string& yaml) {
    config::Node node = config::ParseYaml(yaml, "bench");
    config::Diagnostics diagnostics;
    std::shared_ptr factory = registry.renderers().Read(node, "", diagnostics);
    diagnostics.ThrowIfAny();
    return [factory](const RendererContext& context) { return factory->Make(context); };
  }

  std::vector<SideTimes> Measure() {
    return TimeSides(lanes_.size(), ours_first_,
                     [this](std::size_t i, bool ours) { lanes_[i]->Draw(ours); });
  }

  Experiment experiment_;
  std::string name_;
  std::vector<std::unique_ptr<FrameLane>> lanes_;
  bool ours_first_ = true;
  std::vector<double> rates_;
  std::vector<double> ratios_;
};

}  // namespace

std::vector<std::string> MeasurementNames() { return {"states", "envs", "overhead", "render"}; }

std::unique_ptr<Measurement> MakeMeasurement(const std::string& name, const Registry& registry,
                                             const MeasuredEnv& env, int threads) {
  if (name == "states") {
    return BareLoopMeasurement::Make<RolloutLane>("linear policy", registry, env, threads);
  }
  if (name == "envs") {
    return BareLoopMeasurement::Make<EnvLane>("random actions", registry, env, threads);
  }
  if (name == "render") return RenderMeasurement::Make(registry, env, threads);
  SACCADE_CHECK(name == "overhead");
  return OverheadMeasurement::Make(registry, env, threads);
}

}  // namespace saccade::cli

#include "core/cli/measurement.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cmath>
#include <ctime>
#include <exception>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/runtime/trainer.h"
#include "envs/mujoco/bare_loop.h"
#include "envs/mujoco/bare_rays.h"
#include "envs/mujoco/camera.h"
#include "envs/mujoco/visual_scene.h"

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

// Actions of a whole episode (steps × nu), to repeat it with.
struct Actions {
  std::vector<double> values;
  int steps = 0;

  void Add(std::span<const double> action) {
    values.insert(values.end(), action.begin(), action.end());
    ++steps;
  }
};

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

// What lanes do, against what bounds it.
class ComparedLanes : public Measurement {
 public:
  struct Names {
    std::string name;  // of rows
    std::string unit;
    std::vector<std::string> others;  // sides 1, 2, …, a row each
    bool wall_ratios = false;         // or of the threads' processor time
  };

  // The lanes belong to the experiment; `work` is what all of them together do in a round.
  ComparedLanes(std::unique_ptr<const Experiment> experiment, Names names, Lanes lanes, double work)
      : experiment_(std::move(experiment)),
        names_(std::move(names)),
        lanes_(std::move(lanes)),
        work_(work),
        ratios_(names_.others.size()) {
    Measure();  // to warm up
  }

  void Round() override {
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

  std::vector<Row> Rows() const override {
    std::vector<Row> rows;
    for (std::size_t k = 0; k < ratios_.size(); ++k) {
      rows.push_back(
          {names_.name, Median(rates_), names_.unit, names_.others[k], Median(ratios_[k])});
    }
    return rows;
  }

 private:
  std::vector<std::vector<Time>> Measure() {
    return TimeSides(lanes_, 1 + ratios_.size(), rounds_++);
  }

  std::unique_ptr<const Experiment> experiment_;
  Names names_;
  Lanes lanes_;
  double work_;
  std::size_t rounds_ = 0;
  std::vector<double> rates_;                // one per round
  std::vector<std::vector<double>> ratios_;  // one per round and lane, of every other side
};

EpisodeKey KeyOf(int lane) { return {1, Stream::kBenchmark, 0, static_cast<std::uint32_t>(lane)}; }

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
  const int controls = ControlsOf(MakeEnv(experiment->env())->scene());
  if (controls == 0 || controls != experiment->env().spec().action_size()) {
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

// Frames of states along an episode with random actions.
class StatesLane : public Lane {
 public:
  static constexpr int kFrames = 16;

  StatesLane(const Experiment& experiment, int index, int height, int width)
      : env_(MakeEnv(experiment.env())),
        model_(env_->scene().model),
        camera_(CameraId(model_, "0")),
        image_(height, width, 3) {
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

  void Run(std::size_t side) override {
    for (std::size_t frame = 0; frame < states_.size(); ++frame) {
      RunFrame(side, frame, {model_, states_[frame].get()});
    }
  }

 protected:
  virtual void RunFrame(std::size_t side, std::size_t frame, const Scene& scene) = 0;
  void Draw(Renderer& renderer, const Scene& scene) {
    renderer.Render(scene, camera_, image_.view());
  }
  const mjModel_* model() const { return model_; }
  int camera() const { return camera_; }

 private:
  std::unique_ptr<Env> env_;
  const mjModel_* model_;
  int camera_;
  Image image_;
  std::vector<StateCopy> states_;
};

// Frames of raycast, of gl, and of as many rays.
class FrameLane : public StatesLane {
 public:
  FrameLane(const Experiment& experiment, int index, int height, int width,
            const RendererBlueprint& ours, const RendererBlueprint& gl)
      : StatesLane(experiment, index, height, width),
        ours_(ours.MakeRenderer()),
        gl_(gl.MakeRenderer()),
        rays_({model(), height, width}) {}

 private:
  void RunFrame(std::size_t side, std::size_t, const Scene& scene) override {
    if (side == 0) Draw(*ours_, scene);
    if (side == 1) Draw(*gl_, scene);
    if (side == 2) rays_.Cast(scene, camera());
  }

  std::unique_ptr<Renderer> ours_;
  std::unique_ptr<Renderer> gl_;
  BareRays rays_;
};

// The pictures of a video, in the place of a model's sky.
using Video = std::vector<std::shared_ptr<const TexturePicture>>;

// Frames of raycast with the next picture of a video each time, and with one that stays.
class VideoLane : public StatesLane {
 public:
  VideoLane(const Experiment& experiment, int index, int height, int width,
            const RendererBlueprint& raycast, std::shared_ptr<const Video> video)
      : StatesLane(experiment, index, height, width),
        video_(std::move(video)),
        sky_(SkyTextureOf(model())),
        changing_(raycast.MakeRenderer()),
        staying_(raycast.MakeRenderer()) {
    staying_->UseTexture(sky_, video_->front());
  }

 private:
  void RunFrame(std::size_t side, std::size_t frame, const Scene& scene) override {
    if (side == 1) return Draw(*staying_, scene);
    changing_->UseTexture(sky_, (*video_)[frame % video_->size()]);
    Draw(*changing_, scene);
  }

  std::shared_ptr<const Video> video_;
  int sky_;
  std::unique_ptr<Renderer> changing_;
  std::unique_ptr<Renderer> staying_;
};

std::shared_ptr<const RendererBlueprint> ReadRenderer(const Registry& registry,
                                                      const std::string& yaml,
                                                      const RendererContext& context) {
  config::Node node = config::ParseYaml(yaml, "bench");
  config::Diagnostics diagnostics;
  auto factory = registry.renderers().Read(node, "", diagnostics);
  diagnostics.ThrowIfAny();
  return factory->Make(context);
}

// With something to draw in it.
std::unique_ptr<const Experiment> ExperimentToDraw(const Registry& registry,
                                                   const MeasuredEnv& env) {
  auto experiment = LinearExperiment(registry, env);
  if (experiment->env().model() != nullptr) return experiment;
  throw InputError(fmt::format("--env {}: has nothing to draw", env.label));
}

std::shared_ptr<const RendererBlueprint> Raycast(const Registry& registry, const MeasuredEnv& env,
                                                 const RendererContext& context) {
  return ReadRenderer(registry, fmt::format("{{name: raycast, look: {}}}", env.look), context);
}

std::string FrameLabel(const MeasuredEnv& env, int threads) {
  return Label(env.label, fmt::format("{}x{}, {}", env.height, env.width, env.look), threads);
}

std::unique_ptr<Measurement> CompareFrames(const Registry& registry, const MeasuredEnv& env,
                                           int threads) {
  auto experiment = ExperimentToDraw(registry, env);
  const RendererContext context = {experiment->env().model(), env.height, env.width};
  const auto ours = Raycast(registry, env, context);
  const auto gl = ReadRenderer(
      registry,
      env.look == "fast" ? "{name: gl, shadows: false, reflections: false, samples: 0}" : "gl",
      context);
  Lanes lanes;
  for (int i = 0; i < threads; ++i) {
    lanes.push_back(std::make_unique<FrameLane>(*experiment, i, env.height, env.width, *ours, *gl));
  }
  return std::make_unique<ComparedLanes>(
      std::move(experiment),
      ComparedLanes::Names{FrameLabel(env, threads), "frames/s", {"gl", "mj_multiRay"}, true},
      std::move(lanes), threads * StatesLane::kFrames);
}

// Pictures as large as the Distracting Control Suite's, each of another colour.
std::shared_ptr<const Video> MakeVideo(const RendererBlueprint& raycast, int sky) {
  constexpr int kSide = 800;
  constexpr int kPictures = 8;
  Video video;
  Image image(kSide, kSide, 3);
  for (int i = 0; i < kPictures; ++i) {
    std::fill_n(image.view().data, image.view().size(), static_cast<std::uint8_t>(30 * i));
    video.push_back(raycast.MakeTexture(sky, image.view()));
  }
  return std::make_shared<Video>(std::move(video));
}

std::unique_ptr<Measurement> CompareVideo(const Registry& registry, const MeasuredEnv& env,
                                          int threads) {
  auto experiment = ExperimentToDraw(registry, env);
  const int sky = SkyTextureOf(experiment->env().model());
  if (sky < 0) throw InputError(fmt::format("--env {}: has no sky", env.label));
  const auto raycast = Raycast(registry, env, {experiment->env().model(), env.height, env.width});
  const auto video = MakeVideo(*raycast, sky);
  Lanes lanes;
  for (int i = 0; i < threads; ++i) {
    lanes.push_back(
        std::make_unique<VideoLane>(*experiment, i, env.height, env.width, *raycast, video));
  }
  return std::make_unique<ComparedLanes>(
      std::move(experiment),
      ComparedLanes::Names{FrameLabel(env, threads), "frames/s", {"raycast without video"}},
      std::move(lanes), threads * StatesLane::kFrames);
}

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

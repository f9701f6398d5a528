#include "core/cli/frame_measurement.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/cli/compared_lanes.h"
#include "envs/mujoco/bare_loop.h"
#include "envs/mujoco/bare_rays.h"
#include "envs/mujoco/camera.h"
#include "envs/mujoco/visual_scene.h"

namespace saccade::cli {
namespace {

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

}  // namespace

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

}  // namespace saccade::cli

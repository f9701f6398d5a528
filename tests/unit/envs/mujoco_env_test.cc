// What all environments with MuJoCo inside share.

#include "envs/mujoco/mujoco_env.h"

#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/registry.h"
#include "core/base/error.h"
#include "envs/control/register.h"
#include "envs/mujoco/model.h"
#include "envs/register.h"
#include "tests/testing/captured_log.h"

namespace saccade {
namespace {

// Paints all of an image with the camera's number.
class CameraNumber : public Renderer {
 public:
  void Render(const Scene&, const Viewpoint& viewpoint, ImageView out) override {
    std::fill_n(out.data, out.size(), static_cast<std::uint8_t>(viewpoint.camera));
  }
  void RenderGeometry(const Scene&, const Viewpoint&, const GeometryView&) override {}
  std::string description() const override { return "the number of the camera"; }
};

struct NoOptions {
  void Visit(config::Visitor&) {}
};

class MujocoEnvTest : public testing::Test {
 protected:
  MujocoEnvTest() {
    RegisterEnvs(registry_);
    registry_.renderers().Add<NoOptions>(
        "camera-number", "for tests", [](const NoOptions&, const RendererContext&) {
          return BlueprintOf([] { return std::make_unique<CameraNumber>(); });
        });
  }

  std::shared_ptr<const EnvBlueprint> Make(const std::string& yaml) {
    config::Node node = config::ParseYaml(yaml, "test.yaml");
    config::Diagnostics diagnostics;
    const auto factory = registry_.ReadEnv(node, "env", diagnostics);
    diagnostics.ThrowIfAny();
    return factory->Make({&registry_.renderers()});
  }

  Registry registry_;
};

// "absent names keep the model's defaults": the target of an episode before is none of them.
TEST_F(MujocoEnvTest, AStateThatIsSetHasNothingOfTheEpisodeBefore) {
  const auto blueprint = Make("{name: reacher-easy}");
  ObservationStorage observation(blueprint->spec());
  const auto fresh = MakeEnv(*blueprint);
  const auto used = MakeEnv(*blueprint);
  used->Reset({1, Stream::kTest, 0, 0}, observation.buffer());
  TensorMap state = used->GetState();
  state.erase("task/target_pos");
  for (Env* env : {fresh.get(), used.get()}) env->SetState(state, observation.buffer());
  EXPECT_EQ(used->GetState().at("task/target_pos").Values<double>(),
            fresh->GetState().at("task/target_pos").Values<double>());
}

TEST_F(MujocoEnvTest, AStateOfAnotherEnvironmentIsRefused) {
  const auto cartpole = Make("{name: cartpole-balance}");
  const auto humanoid = Make("{name: humanoid-stand}");
  ObservationStorage small(cartpole->spec());
  ObservationStorage large(humanoid->spec());
  const auto from = MakeEnv(*cartpole);
  from->Reset({1, Stream::kTest, 0, 0}, small.buffer());
  std::vector<double> state;
  from->SaveState(state);
  EXPECT_THROW(MakeEnv(*humanoid)->LoadState(state, large.buffer()), Error);
}

// MuJoCo itself counts the warning and resets the simulation; the next episode must not inherit it.
TEST_F(MujocoEnvTest, ASimulationThatMujocoGivesUpDiverges) {
  const auto blueprint = Make("{name: cheetah-run}");
  const auto env = blueprint->MakeEnv();
  ObservationStorage observation(blueprint->spec());
  const std::vector<double> action(6, 0.0);
  env->Reset({1, Stream::kTrainingEpisode, 0, 0}, observation.buffer());
  EXPECT_FALSE(env->Step(action, observation.buffer()).diverged);

  std::vector<double> qvel(9, 0.0);
  qvel[3] = 1e9;  // more than can be integrated
  env->SetState({{"qvel", Tensor::From(std::span<const double>(qvel))}}, observation.buffer());
  StepResult result;
  for (int step = 0; step < 10 && !result.done(); ++step) {
    result = env->Step(action, observation.buffer());
  }
  EXPECT_TRUE(result.diverged);
  EXPECT_TRUE(result.terminated);
  EXPECT_FALSE(result.truncated);

  env->Reset({1, Stream::kTrainingEpisode, 0, 0}, observation.buffer());
  EXPECT_FALSE(env->Step(action, observation.buffer()).diverged);
}

// They are not the user's, and some say what a future MuJoCo will refuse.
TEST_F(MujocoEnvTest, TheSuitesModelsAreLoadedAndSteppedWithoutAWarning) {
  const testing_tools::CapturedLog log;
  for (const auto& [name, entry] : registry_.envs().entries()) {
    if (name == "mjcf") continue;  // needs a model
    const auto blueprint = Make("{name: " + name + "}");
    const auto env = blueprint->MakeEnv();
    ObservationStorage observation(blueprint->spec());
    env->Reset({1, Stream::kTrainingEpisode, 0, 0}, observation.buffer());
    env->Step(blueprint->spec().action_high, observation.buffer());
  }
  EXPECT_THAT(log.lines(), testing::IsEmpty());
}

// A program that has renderers of its own and not the default one trains from states all the same.
TEST_F(MujocoEnvTest, StatesNeedNoDefaultRenderer) {
  registry_ = Registry();
  control::RegisterCartpole(registry_);
  registry_.renderers().Add<NoOptions>(
      "camera-number", "for tests", [](const NoOptions&, const RendererContext&) {
        return BlueprintOf([] { return std::make_unique<CameraNumber>(); });
      });
  EXPECT_NO_THROW(Make("{name: cartpole-balance}"));
  EXPECT_NO_THROW(Make("{name: cartpole-balance, pixels: {height: 8}}"));
  EXPECT_THROW(Make("{name: cartpole-balance, pixels: {renderer: gl}}"), Error);
}

// Nothing in an environment knows OpenGL: any renderer of the catalogue draws what is observed.
TEST_F(MujocoEnvTest, AnotherRendererTakesThePlaceOfOpenGl) {
  const auto blueprint = Make(
      "{name: cartpole-balance, observation: pixels,"
      " pixels: {height: 2, width: 3, camera: lookatcart, renderer: camera-number}}");
  const auto env = blueprint->MakeEnv();
  ObservationStorage observation(blueprint->spec());
  env->Reset({1, Stream::kTrainingEpisode, 0, 0}, observation.buffer());
  const ImageView pixels = observation.buffer().pixels;
  EXPECT_THAT(std::vector<int>(pixels.data, pixels.data + pixels.size()),
              testing::ElementsAre(1, 1, 1, 1, 1, 1));
}

// The cheetah's cameras and its light follow it; no step places them.
TEST_F(MujocoEnvTest, CamerasAndLightsAreInTheirPlacesWhereSomebodyLooks) {
  const auto blueprint = Make("{name: cheetah-run}");
  const auto env = blueprint->MakeEnv();
  ObservationStorage observation(blueprint->spec());
  env->Reset({1, Stream::kTest, 0, 0}, observation.buffer());
  for (int step = 0; step < 20; ++step) {
    env->Step(blueprint->spec().action_high, observation.buffer());
  }
  const Scene scene = env->scene();
  const DataPtr forward(mj_copyData(nullptr, scene.model, scene.data));
  mj_forward(scene.model, forward.get());
  const auto values = [](const double* data, int n) { return std::vector<double>(data, data + n); };
  EXPECT_EQ(values(scene.data->cam_xpos, 6), values(forward->cam_xpos, 6));
  EXPECT_EQ(values(scene.data->cam_xmat, 18), values(forward->cam_xmat, 18));
  EXPECT_EQ(values(scene.data->light_xpos, 3), values(forward->light_xpos, 3));
  EXPECT_EQ(values(scene.data->light_xdir, 3), values(forward->light_xdir, 3));
}

// Steps go by a copy of the model's options, so a task that wrote into them would write in vain.
TEST_F(MujocoEnvTest, ATaskWritesIntoArraysOfTheModelOnly) {
  class Gravity : public Task {
   public:
    std::vector<ObservationEntry> observation() const override { return {{"height", 1}}; }
    std::vector<ModelField> model_fields() const override {
      return {{"task/gravity", 3, [](mjModel* m, int) { return m->opt.gravity; }}};
    }
    void Initialize(Sampler&, Simulation&) const override {}
    void Observe(const mjModel&, const mjData& d, std::span<double> out) const override {
      out[0] = d.qpos[2];
    }
    double Reward(const mjModel&, const mjData&, std::span<double>) const override { return 0; }
  };
  const auto blueprint = MakeMujocoBlueprint(
      "falling", LoadModel(std::filesystem::path(SACCADE_SUITE_MODELS) / "pendulum.xml"),
      std::make_unique<Gravity>(), {.control_step = 0.02, .time_limit = 1}, MujocoEnvOptions(), {});
  EXPECT_DEATH(blueprint->MakeEnv(), "IsInAnArray");
}

}  // namespace
}  // namespace saccade

// An environment of your own, in one file: copy this folder, rename, and change what it simulates.
//
// A cart on a rail is pushed by a motor and should come to rest in the middle. MuJoCo simulates it:
//
//   reward = 1 / (1 + x² + v²) per step      x: metres from the middle, v: metres per second
//
// `saccade check skeleton-cart` checks what core/api/env.h promises on the environment's behalf;
// docs/plugins.md tells how to build and load it.

#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <mujoco/mujoco.h>

#include "core/api/env.h"
#include "core/base/error.h"
#include "core/config/visitor.h"
#include "core/plugin/plugin.h"

// A namespace of your own keeps your names apart from everybody else's.
namespace skeleton {

constexpr const char* kModel = R"(<mujoco model="cart">
  <option timestep="0.01"/>
  <worldbody>
    <light pos="0 -2 3"/>
    <camera name="side" pos="0 -6 1" xyaxes="1 0 0 0 0 1"/>
    <body name="cart">
      <joint name="rail" type="slide" axis="1 0 0" limited="true" range="-3 3" damping="0.1"/>
      <geom type="box" size="0.2 0.1 0.1" mass="1"/>
    </body>
  </worldbody>
  <actuator><motor joint="rail" gear="2" ctrllimited="true" ctrlrange="-1 1"/></actuator>
</mujoco>)";

constexpr int kSubsteps = 5;  // physics steps in a control step

// 1. The options, as the user writes them in the configuration:
//
//      env: {name: skeleton-cart, start: 0.5}
//
// In-class initialisers are the defaults. Visit names each field, says what it means (with its
// unit) and what values it accepts.
struct Options {
  double start = 1;

  void Visit(saccade::config::Visitor& v) {
    v.Field("start", start, "largest distance from the middle at the start, in metres",
            saccade::config::Rule::Between(0.01, 2.5));
  }
};

using ModelPtr = std::unique_ptr<mjModel, void (*)(mjModel*)>;
using DataPtr = std::unique_ptr<mjData, void (*)(mjData*)>;

ModelPtr ParseModel() {
  mjVFS files;
  mj_defaultVFS(&files);
  mj_addBufferVFS(&files, "cart.xml", kModel, static_cast<int>(std::string(kModel).size()));
  char problem[500] = "";
  ModelPtr model(mj_loadXML("cart.xml", &files, problem, sizeof(problem)), mj_deleteModel);
  mj_deleteVFS(&files);
  if (model == nullptr) throw saccade::InputError(std::string("skeleton-cart: ") + problem);
  return model;
}

// 2. The workspace of a worker: one episode at a time, on one thread. All memory is taken in the
// constructor, so that a step takes none.
class Env : public saccade::Env {
 public:
  Env(const saccade::EnvSpec& spec, const mjModel& model, const Options& options)
      : saccade::Env(spec),
        options_(options),
        model_(model),
        data_(mj_makeData(&model), mj_deleteData) {}

  // With this, `saccade render` can draw it.
  saccade::Scene scene() override { return {&model_, data_.get()}; }

 private:
  // Begins from the same state each time, and draws from the key only.
  void DoReset(const saccade::EpisodeKey& key, saccade::ObservationBuffer out) override {
    saccade::RandomStream random = key.MakeStream();
    mj_resetData(&model_, data_.get());
    data_->qpos[0] = random.Uniform(-options_.start, options_.start);
    mj_forward(&model_, data_.get());
    Observe(out);
  }

  // The runtime counts the steps and truncates; `terminated` would be an end of the task's own.
  saccade::StepResult DoStep(std::span<const double> action,
                             saccade::ObservationBuffer out) override {
    data_->ctrl[0] = action[0];  // MuJoCo clamps it to ctrlrange
    for (int i = 0; i < kSubsteps; ++i) mj_step(&model_, data_.get());
    if (Diverged()) return {.diverged = true};
    Observe(out);
    const double x = data_->qpos[0];
    const double v = data_->qvel[0];
    return {.reward = 1 / (1 + x * x + v * v)};
  }

  // Everything that decides the future, as MuJoCo defines it.
  void DoSaveState(std::vector<double>& out) const override {
    const std::size_t before = out.size();
    out.resize(before + static_cast<std::size_t>(mj_stateSize(&model_, mjSTATE_INTEGRATION)));
    mj_getState(&model_, data_.get(), out.data() + before, mjSTATE_INTEGRATION);
  }

  void DoLoadState(std::span<const double> state, saccade::ObservationBuffer out) override {
    RequireSize(state, static_cast<std::size_t>(mj_stateSize(&model_, mjSTATE_INTEGRATION)));
    mj_resetData(&model_, data_.get());
    mj_setState(&model_, data_.get(), state.data(), mjSTATE_INTEGRATION);
    mj_forward(&model_, data_.get());
    Observe(out);
  }

  void Observe(saccade::ObservationBuffer out) const {
    out.state[0] = data_->qpos[0];
    out.state[1] = data_->qvel[0];
  }

  // MuJoCo counts bad numbers and goes on from a reset.
  bool Diverged() const {
    for (const int warning : {mjWARN_BADQPOS, mjWARN_BADQVEL, mjWARN_BADQACC, mjWARN_BADCTRL}) {
      if (data_->warning[warning].number > 0) return true;
    }
    return false;
  }

  Options options_;
  const mjModel& model_;
  DataPtr data_;
};

// 3. The blueprint: what the environment is, const and shared by all workers.
class Blueprint : public saccade::EnvBlueprint {
 public:
  explicit Blueprint(const Options& options) : options_(options), model_(ParseModel()) {
    spec_.name = "skeleton-cart";
    spec_.observation = {{"position", 1}, {"velocity", 1}};
    spec_.action_low = {-1};
    spec_.action_high = {1};
    spec_.physics_step = model_->opt.timestep;
    spec_.control_step = kSubsteps * model_->opt.timestep;
    spec_.max_steps = 200;  // 10 seconds
  }

  const saccade::EnvSpec& spec() const override { return spec_; }
  const mjModel* model() const override { return model_.get(); }

  std::unique_ptr<saccade::Env> MakeEnv() const override {
    return std::make_unique<Env>(spec_, *model_, options_);
  }

 private:
  Options options_;
  ModelPtr model_;
  saccade::EnvSpec spec_;
};

// 4. How the registry makes one.
std::shared_ptr<const saccade::EnvBlueprint> MakeBlueprint(const Options& options,
                                                           const saccade::EnvContext&) {
  return std::make_shared<Blueprint>(options);
}

void Register(saccade::Registry& registry) {
  registry.envs().Add("skeleton-cart", "a cart on a rail, to copy from", MakeBlueprint);
}

}  // namespace skeleton

// 5. The one symbol that the library exports: name, version, and the function above.
SACCADE_PLUGIN("skeleton-env", "1.0", skeleton::Register)

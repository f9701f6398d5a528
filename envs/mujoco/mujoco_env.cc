#include "envs/mujoco/mujoco_env.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "envs/mujoco/camera.h"
#include "envs/wrappers/action_repeat.h"
#include "envs/wrappers/flatten_pixels.h"
#include "envs/wrappers/frame_stack.h"

namespace saccade {
namespace {

using config::Rule;

constexpr mjtState kFullState = mjSTATE_INTEGRATION;

// An array of mjData, and its size in a model.
struct NamedArray {
  const char* name;
  double* (*data)(mjData& d);
  int (*size)(const mjModel& m);
};

// Those that can be set.
constexpr NamedArray kNamedArrays[] = {
    {"qpos", [](mjData& d) { return d.qpos; },
     [](const mjModel& m) { return static_cast<int>(m.nq); }},
    {"qvel", [](mjData& d) { return d.qvel; },
     [](const mjModel& m) { return static_cast<int>(m.nv); }},
    {"act", [](mjData& d) { return d.act; },
     [](const mjModel& m) { return static_cast<int>(m.na); }},
    {"qacc_warmstart", [](mjData& d) { return d.qacc_warmstart; },
     [](const mjModel& m) { return static_cast<int>(m.nv); }},
    {"mocap_pos", [](mjData& d) { return d.mocap_pos; },
     [](const mjModel& m) { return static_cast<int>(m.nmocap) * 3; }},
    {"mocap_quat", [](mjData& d) { return d.mocap_quat; },
     [](const mjModel& m) { return static_cast<int>(m.nmocap) * 4; }},
    {"time", [](mjData& d) { return &d.time; }, [](const mjModel&) { return 1; }},
};

// Those that a forward without actuation does not bring to where a step had left them. Servos begin
// a step with their velocities; forces, and sensors of forces, are observed as the last step felt
// them. (So the first step of an episode does not see what belongs to its state, nor does
// dm_control's.)
constexpr NamedArray kOfTheLastStep[] = {
    {"actuator_velocity", [](mjData& d) { return d.actuator_velocity; },
     [](const mjModel& m) { return static_cast<int>(m.nu); }},
    {"actuator_force", [](mjData& d) { return d.actuator_force; },
     [](const mjModel& m) { return static_cast<int>(m.nu); }},
    {"sensordata", [](mjData& d) { return d.sensordata; },
     [](const mjModel& m) { return static_cast<int>(m.nsensordata); }},
};

class MujocoBlueprint : public EnvBlueprint {
 public:
  MujocoBlueprint(const std::string& name, ModelPtr model, std::unique_ptr<const Task> task,
                  const TaskTiming& timing, const MujocoEnvOptions& options,
                  const EnvContext& context);

  const EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<Env> MakeEnv() const override;
  const mjModel* model() const override { return model_.get(); }
  std::string digest() const override { return ModelDigest(*model_); }

  const Task& task() const { return *task_; }
  int substeps() const { return substeps_; }
  int camera() const { return camera_; }
  std::unique_ptr<Renderer> MakeRenderer() const;

 private:
  ModelPtr model_;
  std::unique_ptr<const Task> task_;
  EnvSpec spec_;
  int substeps_ = 0;
  int camera_ = 0;
  std::shared_ptr<const RendererBlueprint> renderer_;
};

class MujocoEnv : public Env {
 public:
  explicit MujocoEnv(const MujocoBlueprint& blueprint)
      : Env(blueprint.spec()),
        blueprint_(blueprint),
        task_(blueprint.task()),
        fields_(task_.model_fields()),
        own_model_(task_.changes_model() ? CopyModel(*blueprint.model()) : nullptr),
        model_(own_model_ != nullptr ? *own_model_ : *blueprint.model()),
        physics_(WithoutViews(model_)),
        passive_(physics_),
        data_(MakeData(model_)),
        terms_(spec().reward_terms.size()),
        renderer_(blueprint.MakeRenderer()) {
    passive_.opt.disableflags |= mjDSBL_ACTUATION;
    for (const ModelField& field : fields_) {
      SACCADE_CHECK(IsInAnArray(field));
      field_defaults_.insert(field_defaults_.end(), Address(field), Address(field) + field.size);
    }
  }

  bool has_named_state() const override { return true; }
  Scene scene() override;
  double render_seconds() const override { return render_seconds_; }

 private:
  void DoReset(const EpisodeKey& key, ObservationBuffer out) override;
  StepResult DoStep(std::span<const double> action, ObservationBuffer out) override;
  void DoSaveState(std::vector<double>& out) const override;
  void DoLoadState(std::span<const double> state, ObservationBuffer out) override;
  TensorMap DoGetState() const override;
  void DoSetState(const TensorMap& state, ObservationBuffer out) override;

  // Runs `physics`; what MuJoCo refuses, such as a model with too little memory, names the model.
  template <class Function>
  void Simulate(const Function& physics) const {
    try {
      physics();
    } catch (...) {
      RethrowAsError("MuJoCo", spec().name);
    }
  }

  // Every state starts from here, so that nothing of the episode before can leak into it.
  Simulation Begin();
  void Observe(ObservationBuffer out);
  bool Diverged() const;
  double* Address(const ModelField& field) const {
    return field.address(own_model_.get(), field.id);
  }
  bool IsInAnArray(const ModelField& field) const {
    const std::less<const void*> before;
    return before(Address(field), &model_) || !before(Address(field), &model_ + 1);
  }
  // Sets all fields to the numbers that begin at `values`; returns where those end.
  const double* SetFields(const double* values);

  const MujocoBlueprint& blueprint_;
  const Task& task_;
  std::vector<ModelField> fields_;
  ModelPtr own_model_;
  std::vector<double> field_defaults_;  // one field after the other
  const mjModel& model_;
  // Both share the arrays of model_.
  mjModel physics_;
  mjModel passive_;
  DataPtr data_;
  std::vector<double> terms_;
  std::unique_ptr<Renderer> renderer_;  // nullptr without pixels
  double render_seconds_ = 0;
};

MujocoBlueprint::MujocoBlueprint(const std::string& name, ModelPtr model,
                                 std::unique_ptr<const Task> task, const TaskTiming& timing,
                                 const MujocoEnvOptions& options, const EnvContext& context)
    : model_(std::move(model)), task_(std::move(task)) {
  task_->ConfigureModel(*model_);
  substeps_ = PhysicsSteps(timing.control_step, model_->opt.timestep);
  if (substeps_ == 0) {
    throw InputError(
        fmt::format("{}: the control step of {} s is not a multiple of the physics step of "
                    "{} s",
                    name, timing.control_step, model_->opt.timestep));
  }
  spec_.name = name;
  if (options.observation != "pixels") spec_.observation = task_->observation();
  spec_.reward_terms = task_->reward_terms();
  for (int i = 0; i < model_->nu; ++i) {
    const bool limited = model_->actuator_ctrllimited[i] != 0;
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    spec_.action_low.push_back(limited ? model_->actuator_ctrlrange[2 * i] : -kInfinity);
    spec_.action_high.push_back(limited ? model_->actuator_ctrlrange[2 * i + 1] : kInfinity);
  }
  spec_.physics_step = model_->opt.timestep;
  spec_.control_step = timing.control_step;
  // As in dm_control: the first count that reaches time_limit / control_step ends the episode.
  const double steps = std::ceil(timing.time_limit / (model_->opt.timestep * substeps_) - 1e-9);
  if (!(steps >= 1 && steps <= std::numeric_limits<int>::max())) {
    throw InputError(fmt::format(
        "{}: a time limit of {} s is {} control steps of {} s; an episode "
        "has from 1 to {}",
        name, timing.time_limit, steps, timing.control_step, std::numeric_limits<int>::max()));
  }
  spec_.max_steps = static_cast<int>(steps);
  if (options.observation != "state") {
    const MujocoEnvOptions::Pixels& pixels = options.pixels;
    spec_.pixels = PixelSpec{pixels.height, pixels.width, pixels.channels == "grey" ? 1 : 3};
    SACCADE_CHECK(context.renderers != nullptr);
    config::Diagnostics diagnostics;
    try {
      camera_ = CameraId(model_.get(), pixels.camera);
    } catch (const Error& error) {
      pixels.place.Report(diagnostics, "camera", error.what());
    }
    config::Node renderer = pixels.renderer;
    const auto factory =
        context.renderers->Read(renderer, pixels.place.PathOf("renderer"), diagnostics);
    diagnostics.ThrowIfAny();
    renderer_ = factory->Make({model_.get(), pixels.height, pixels.width});
  }
}

std::unique_ptr<Env> MujocoBlueprint::MakeEnv() const { return std::make_unique<MujocoEnv>(*this); }

std::unique_ptr<Renderer> MujocoBlueprint::MakeRenderer() const {
  return renderer_ == nullptr ? nullptr : renderer_->MakeRenderer();
}

// No step has placed the cameras and the lights (physics_).
Scene MujocoEnv::scene() {
  mj_camlight(&model_, data_.get());
  return {&model_, data_.get()};
}

Simulation MujocoEnv::Begin() {
  mj_resetData(&model_, data_.get());
  SetFields(field_defaults_.data());
  Simulation simulation{model_, physics_, passive_, own_model_.get(), *data_};
  Simulate([&] { simulation.Forward(); });
  return simulation;
}

const double* MujocoEnv::SetFields(const double* values) {
  for (const ModelField& field : fields_) {
    std::copy_n(values, field.size, Address(field));
    values += field.size;
  }
  return values;
}

void MujocoEnv::DoReset(const EpisodeKey& key, ObservationBuffer out) {
  Simulation simulation = Begin();
  PhiloxSampler sampler(key.MakeStream());
  Simulate([&] {
    task_.Initialize(sampler, simulation);
    simulation.Forward();
  });
  Observe(out);
}

StepResult MujocoEnv::DoStep(std::span<const double> action, ObservationBuffer out) {
  std::copy(action.begin(), action.end(), data_->ctrl);
  Simulate([&] { StepLegacy(physics_, *data_, blueprint_.substeps()); });
  StepResult result;
  if (Diverged()) {
    result.diverged = true;
    return result;
  }
  result.reward = task_.Reward(model_, *data_, terms_);
  result.terminated = task_.Terminates(model_, *data_);
  result.terms = terms_;
  Observe(out);
  return result;
}

bool MujocoEnv::Diverged() const {
  const auto& warning = data_->warning;
  return warning[mjWARN_BADQPOS].number + warning[mjWARN_BADQVEL].number +
             warning[mjWARN_BADQACC].number + warning[mjWARN_BADCTRL].number >
         0;
}

void MujocoEnv::Observe(ObservationBuffer out) {
  if (!out.state.empty()) task_.Observe(model_, *data_, out.state);
  if (out.pixels.data == nullptr) return;
  const auto begin = Clock::now();
  renderer_->Render(scene(), blueprint_.camera(), out.pixels);
  render_seconds_ += SecondsSince(begin);
}

void MujocoEnv::DoSaveState(std::vector<double>& out) const {
  const std::size_t offset = out.size();
  out.resize(offset + static_cast<std::size_t>(mj_stateSize(&model_, kFullState)));
  mj_getState(&model_, data_.get(), out.data() + offset, kFullState);
  for (const ModelField& field : fields_) {
    out.insert(out.end(), Address(field), Address(field) + field.size);
  }
  for (const NamedArray& array : kOfTheLastStep) {
    const double* values = array.data(*data_);
    out.insert(out.end(), values, values + array.size(model_));
  }
}

void MujocoEnv::DoLoadState(std::span<const double> state, ObservationBuffer out) {
  const auto size = static_cast<std::size_t>(mj_stateSize(&model_, kFullState));
  std::size_t all = size + field_defaults_.size();
  for (const NamedArray& array : kOfTheLastStep) {
    all += static_cast<std::size_t>(array.size(model_));
  }
  RequireSize(state, all);
  Simulation simulation = Begin();
  const double* next = SetFields(state.data() + size);
  mj_setState(&model_, data_.get(), state.data(), kFullState);
  Simulate([&] { simulation.Forward(); });
  for (const NamedArray& array : kOfTheLastStep) {
    std::copy_n(next, array.size(model_), array.data(*data_));
    next += array.size(model_);
  }
  Observe(out);
}

TensorMap MujocoEnv::DoGetState() const {
  TensorMap state;
  for (const NamedArray& array : kNamedArrays) {
    const auto size = static_cast<std::size_t>(array.size(model_));
    if (size > 0)
      state[array.name] = Tensor::From(std::span<const double>(array.data(*data_), size));
  }
  for (const ModelField& field : fields_) {
    state[field.name] =
        Tensor::From(std::span<const double>(Address(field), static_cast<std::size_t>(field.size)));
  }
  return state;
}

void MujocoEnv::DoSetState(const TensorMap& state, ObservationBuffer out) {
  Simulation simulation = Begin();
  std::vector<std::string> known;
  std::size_t used = 0;
  const auto set = [&](const std::string& name, double* address, int size) {
    known.push_back(name);
    if (!state.contains(name)) return;
    const auto values = Require<double>(state, name, size);
    std::copy(values.begin(), values.end(), address);
    ++used;
  };
  for (const NamedArray& array : kNamedArrays)
    set(array.name, array.data(*data_), array.size(model_));
  for (const ModelField& field : fields_) set(field.name, Address(field), field.size);
  for (const auto& [name, tensor] : state) {
    if (used == state.size()) break;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw InputError(fmt::format("{}: the state has no array '{}'; it has: {}", spec().name, name,
                                 fmt::join(known, ", ")));
  }
  Simulate([&] { simulation.Forward(); });
  Observe(out);
}

}  // namespace

int PhysicsSteps(double control_step, double physics_step) {
  const double ratio = control_step / physics_step;
  const double steps = std::round(ratio);
  const bool divides = steps >= 1 && steps < 1e9 && std::abs(ratio - steps) <= 1e-8 * ratio;
  return divides ? static_cast<int>(steps) : 0;
}

void MujocoEnvOptions::Pixels::Visit(config::Visitor& v) {
  v.Remember(place);
  v.Field("height", height, "height of the image in pixels", Rule::Between(1, 4096));
  v.Field("width", width, "width of the image in pixels", Rule::Between(1, 4096));
  v.Field("camera", camera, "camera of the model, by name or number; -1 is the free camera", {});
  v.Field("channels", channels, "one channel or three", Rule::OneOf({"grey", "rgb"}));
  v.Field("frame_stack", frame_stack, "newest images that a policy sees, oldest first",
          Rule::Between(1, 64));
  v.Field("flatten", flatten,
          "hand small images over as numbers of the state, in [0, 1]: observation.normalize then "
          "normalises every pixel, and a policy's pixel_range is not asked for");
  v.Subtree("renderer", "renderer", renderer,
            "what draws the images (saccade list renderers): its name, or its name and options, as "
            "in {name: raycast, look: fast}");
}

void MujocoEnvOptions::Visit(config::Visitor& v) {
  v.Field("observation", observation, "what a policy sees",
          Rule::OneOf({"state", "pixels", "both"}));
  v.Field("action_repeat", action_repeat,
          "control steps for which an action is held; rewards add up", Rule::Between(1, 1000));
  v.Group("pixels", pixels, "the images, where they are observed");
}

std::shared_ptr<const EnvBlueprint> MakeMujocoBlueprint(const std::string& name, ModelPtr model,
                                                        std::unique_ptr<const Task> task,
                                                        const TaskTiming& timing,
                                                        const MujocoEnvOptions& options,
                                                        const EnvContext& context) {
  std::shared_ptr<const EnvBlueprint> blueprint = std::make_shared<MujocoBlueprint>(
      name, std::move(model), std::move(task), timing, options, context);
  if (options.action_repeat > 1) {
    blueprint = RepeatActions(std::move(blueprint), options.action_repeat);
  }
  if (blueprint->spec().pixels && options.pixels.frame_stack > 1) {
    blueprint = StackFrames(std::move(blueprint), options.pixels.frame_stack);
  }
  if (blueprint->spec().pixels && options.pixels.flatten) {
    blueprint = FlattenPixels(std::move(blueprint));
  }
  return blueprint;
}

}  // namespace saccade

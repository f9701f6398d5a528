#include "envs/mjcf/mjcf.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "envs/mujoco/model.h"

namespace saccade {
namespace mjcf {
namespace {

template <class Options>
std::string NameOf(const Options& options) {
  return options.name.empty() ? options.quantity.Label() : options.name;
}

template <class Options>
void CheckNames(const std::vector<Options>& list, config::Diagnostics& diagnostics) {
  std::set<std::string> names;
  for (const Options& options : list) {
    const std::string name = NameOf(options);
    if (names.insert(name).second) continue;
    options.quantity.place.Report(
        diagnostics, "name",
        fmt::format("there are two entries called '{}'; give one of them another name", name));
  }
}

class MjcfTask : public Task {
 public:
  MjcfTask(const mjModel& model, const MjcfOptions& options, config::Diagnostics& diagnostics)
      : start_(model, options.reset, diagnostics) {
    CheckNames(options.state, diagnostics);
    CheckNames(options.reward, diagnostics);
    for (const StateOptions& entry : options.state) {
      state_.emplace_back(model, entry.quantity, diagnostics);
      observation_.push_back({NameOf(entry), state_.back().size()});
    }
    for (const TermOptions& term : options.reward) {
      terms_.emplace_back(model, term, diagnostics);
      term_names_.push_back(NameOf(term));
    }
    for (const TerminationOptions& rule : options.termination) {
      limits_.push_back({{model, rule.quantity, diagnostics}, rule.lower, rule.upper});
    }
  }

  std::vector<ObservationEntry> observation() const override { return observation_; }
  std::vector<std::string> reward_terms() const override { return term_names_; }

  void Initialize(Sampler& sampler, Simulation& simulation) const override {
    start_.Draw(sampler, simulation);
  }

  void Observe(const mjModel& m, const mjData& d, std::span<double> out) const override {
    for (const Quantity& quantity : state_) {
      quantity.Read(m, d, out);
      out = out.subspan(static_cast<std::size_t>(quantity.size()));
    }
  }

  double Reward(const mjModel& m, const mjData& d, std::span<double> terms) const override {
    double sum = 0;
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      terms[i] = terms_[i](m, d);
      sum += terms[i];
    }
    return sum;
  }

  bool Terminates(const mjModel& m, const mjData& d) const override {
    for (const Limit& limit : limits_) {
      for (int i = 0; i < limit.quantity.size(); ++i) {
        const double x = limit.quantity.at(i, m, d);
        if (x < limit.lower || x > limit.upper) return true;
      }
    }
    return false;
  }

 private:
  struct Limit {
    Quantity quantity;
    double lower;
    double upper;
  };

  Start start_;
  std::vector<Quantity> state_;
  std::vector<ObservationEntry> observation_;
  std::vector<Term> terms_;
  std::vector<std::string> term_names_;
  std::vector<Limit> limits_;
};

// The compiled model; what is wrong with the file is said at the place that names it.
ModelPtr Load(const MjcfOptions& options) {
  config::Diagnostics diagnostics;
  if (!std::filesystem::is_regular_file(options.model)) {
    options.place.Report(
        diagnostics, "model",
        fmt::format("{}: no such model file; put it there, or say where it is: --set {}=FILE",
                    options.model.string(), options.place.PathOf("model")));
    diagnostics.ThrowIfAny();
  }
  ModelPtr model;
  try {
    model = LoadModel(options.model);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kInput) throw;
    options.place.Report(diagnostics, "model", error.what());
  }
  diagnostics.ThrowIfAny();
  return model;
}

void CheckSteps(const mjModel& model, const MjcfOptions& options,
                config::Diagnostics& diagnostics) {
  const double step = model.opt.timestep;
  if (!(step > 0)) {
    options.place.Report(diagnostics, "model",
                         fmt::format("{}: its physics step (option timestep) is {} s; write one "
                                     "above 0",
                                     options.model.string(), step));
    return;
  }
  if (PhysicsSteps(options.control_step, step) > 0) return;
  const double below = std::floor(options.control_step / step);
  const std::string nearest =
      below < 1 ? fmt::format("{:.6g}", step)
                : fmt::format("{:.6g} or {:.6g}", below * step, (below + 1) * step);
  options.place.Report(
      diagnostics, "control_step",
      fmt::format("{} s is not a multiple of the model's physics step of {} s; write {}",
                  options.control_step, step, nearest));
}

}  // namespace

void StateOptions::Visit(config::Visitor& v) {
  v.Field("name", name, "what the entry is called; empty for the quantity and its names", {});
  quantity.Visit(v);
}

void TerminationOptions::Visit(config::Visitor& v) {
  using config::Rule;
  quantity.Visit(v);
  v.Field("lower", lower, "the episode ends below this, in the unit of the quantity", Rule::Any());
  v.Field("upper", upper, "the episode ends above this", Rule::Any());
  v.Require(lower <= upper, "upper",
            fmt::format("{} is below lower, which is {}; swap them", upper, lower));
  v.Require(std::isfinite(lower) || std::isfinite(upper), "quantity",
            "has no bounds to leave; write lower, upper or both");
}

}  // namespace mjcf

void MjcfOptions::Visit(config::Visitor& v) {
  using config::Rule;
  v.Remember(place);
  v.Field("model", model, "MuJoCo's model file (MJCF)");
  v.Require(!model.empty(), "model", "is missing; write the model file, such as model: robot.xml");
  const Rule duration{.low = 0, .high = 1e6, .low_open = true};
  v.Field("control_step", control_step, "seconds per action, a multiple of the physics step",
          duration);
  v.Field("time_limit", time_limit, "seconds after which an episode is cut off", duration);
  v.Require(time_limit >= control_step, "time_limit",
            fmt::format("{} s is less than one control_step of {} s; write a longer one",
                        time_limit, control_step));
  v.List("state", state, "the numbers that a policy sees, in this order");
  v.List("reward", reward, "terms whose sum is the reward of a step; without any it is 0");
  v.List("termination", termination, "an episode ends when one of these leaves its bounds");
  v.Group("reset", reset, "how an episode starts");
  common.Visit(v);
}

std::shared_ptr<const EnvBlueprint> MakeMjcf(const MjcfOptions& options,
                                             const EnvContext& context) {
  ModelPtr model = mjcf::Load(options);
  config::Diagnostics diagnostics;
  if (model->nu == 0) {
    options.place.Report(diagnostics, "model",
                         fmt::format("{}: has no actuators, so there is nothing to control; add an "
                                     "<actuator> section",
                                     options.model.string()));
    diagnostics.ThrowIfAny();
  }
  const bool sees_joints =
      std::any_of(options.state.begin(), options.state.end(), [](const mjcf::StateOptions& entry) {
        return entry.quantity.quantity == "qpos" || entry.quantity.quantity == "qvel";
      });
  if (model->nq == 0 && sees_joints) {
    options.place.Report(diagnostics, "state",
                         fmt::format("{}: has no joints, so there is no qpos or qvel, which are "
                                     "seen where nothing else is said; write what a policy sees, "
                                     "such as state: [{{quantity: ctrl}}]",
                                     options.model.string()));
    diagnostics.ThrowIfAny();
  }
  if (options.state.empty() && options.common.observation != "pixels") {
    options.place.Report(diagnostics, "state",
                         "has no entries, so a policy would see nothing; write some, or "
                         "observation: pixels");
  }
  mjcf::CheckSteps(*model, options, diagnostics);
  auto task = std::make_unique<mjcf::MjcfTask>(*model, options, diagnostics);
  diagnostics.ThrowIfAny();
  const TaskTiming timing{.control_step = options.control_step, .time_limit = options.time_limit};
  return MakeMujocoBlueprint("mjcf/" + options.model.stem().string(), std::move(model),
                             std::move(task), timing, options.common, context);
}

void RegisterMjcf(Registry& registry) {
  registry.envs().Add("mjcf", "your own: a model file, rewards and limits in YAML", MakeMjcf);
}

}  // namespace saccade

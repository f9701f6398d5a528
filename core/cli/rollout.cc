#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <tuple>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/npy.h"
#include "core/base/npz.h"
#include "core/cli/commands.h"
#include "core/cli/frames.h"
#include "core/cli/output.h"
#include "core/cli/subject.h"
#include "core/runtime/recorder.h"

namespace saccade::cli {
namespace {

struct RolloutOptions {
  std::string env;
  std::vector<std::string> overrides;
  std::string actions;
  std::string init;
  std::uint64_t seed = 0;
  int steps = 0;
  std::string dump;
  FrameOptions frames;
};

constexpr const char* kExamples = R"(
Examples:
  saccade rollout cheetah-run --seed 3 --steps 100 --dump out.npz
  saccade rollout walker-walk --init start.npz --actions actions.npy --dump out.npz
  saccade rollout cartpole-balance --steps 50 --frames 240x320 --camera 0 --dump out.npz

Rows of the dump, with T the number of steps done (fewer than asked for when the episode ends):
  T+1   qpos, qvel, time and the other parts of the state, obs/<name>, frames, depth, segmentation
  T     actions, reward, terminated, truncated, diverged
--init takes qpos, qvel and, where the model has them, act, mocap_pos, mocap_quat and what
`saccade rollout ENV --steps 1` dumps as task/…; without it the seed draws the initial state.
Without --actions they are uniform random within the bounds (±1 where there are none); given ones
beyond the bounds are clipped by the environment, and dumped as given.)";

std::vector<double> ReadActions(const std::string& file, const EnvSpec& spec) {
  const Tensor tensor = DecodeNpy(ReadFile(file), file);
  const std::int64_t nu = spec.action_size();
  if (tensor.shape().size() != 2 || tensor.shape()[1] != nu) {
    throw InputError(
        fmt::format("{}: is {}, but {} needs T × {}", file, tensor.ShapeText(), spec.name, nu));
  }
  if (tensor.shape()[0] == 0) {
    throw InputError(fmt::format("{}: has no actions; it needs at least one row", file));
  }
  if (tensor.type() != DType::kFloat64 && tensor.type() != DType::kFloat32) {
    throw InputError(
        fmt::format("{}: is {}; save actions as float64 or float32", file, tensor.ShapeText()));
  }
  std::vector<double> actions = tensor.Values<double>();
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (std::isfinite(actions[i])) continue;
    throw InputError(fmt::format("{}: action [{}, {}] is {}; every action must be finite", file,
                                 i / spec.action_low.size(), i % spec.action_low.size(),
                                 actions[i]));
  }
  return actions;
}

// Actions after the end of the episode would not be done.
int StepsToDo(int wanted, const EnvSpec& spec) {
  return wanted > 0 ? std::min(wanted, spec.max_steps) : spec.max_steps;
}

TensorMap ReadInitialState(const std::string& file, const EnvBlueprint& blueprint) {
  TensorMap state = ReadNpz(file);
  const auto reward = state.find("reward");
  if (reward != state.end() && reward->second.shape().size() == 1) {
    throw InputError(
        fmt::format("{}: is the dump of a rollout, with T+1 rows of states; write the row to start "
                    "from, as numpy does with np.savez('init.npz', qpos=dump['qpos'][0], …)",
                    file));
  }
  ObservationStorage observation(blueprint.spec());
  const auto env = MakeEnv(blueprint);
  try {
    env->SetState(state, observation.buffer());
    for (const char* name : {"qpos", "qvel"}) {  // a default would hide that one was forgotten
      if (env->GetState().contains(name)) Require<double>(state, name);
    }
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}", file, error.what()));
  }
  return state;
}

std::vector<double> RandomActions(const EnvSpec& spec, std::uint64_t seed, int steps) {
  RandomStream random(seed, Stream::kActionNoise, 0, 0);
  const auto nu = spec.action_low.size();
  std::vector<double> actions(nu * static_cast<std::size_t>(steps));
  for (std::size_t i = 0; i < actions.size(); i += nu) {
    SampleAction(spec, random, std::span(actions).subspan(i, nu));
  }
  return actions;
}

void Rollout(const RolloutOptions& options, const Registry& registry) {
  const auto blueprint = MakeEnvironment(registry, options.env, options.overrides);
  const EnvSpec& spec = blueprint->spec();
  std::vector<double> actions =
      options.actions.empty() ? RandomActions(spec, options.seed, StepsToDo(options.steps, spec))
                              : ReadActions(options.actions, spec);
  if (options.steps > 0 && !options.actions.empty()) {
    const auto wanted = static_cast<std::size_t>(options.steps) * spec.action_low.size();
    if (wanted > actions.size()) {
      throw InputError(fmt::format("--steps {}: {} has only {} actions", options.steps,
                                   options.actions, actions.size() / spec.action_low.size()));
    }
    actions.resize(wanted);
  }

  TensorMap init;
  EpisodeStart start{{options.seed, Stream::kUserEpisode, 0, 0}, nullptr};
  if (!options.init.empty()) {
    init = ReadInitialState(options.init, *blueprint);
    start.state = &init;
  }
  PrepareOutput(options.dump, ".npz", {options.actions, options.init});
  const auto env = MakeEnv(*blueprint);
  const FrameSource frames = MakeFrameSource(options.frames, registry, *env);
  RequireRoom(frames, static_cast<int>(actions.size() / spec.action_low.size()) + 1);
  const TensorMap record = Record(*env, start, actions, frames);
  WriteNpz(options.dump, record);
  const std::vector<double> rewards = record.at("reward").Values<double>();
  const std::vector<std::uint8_t> diverged = record.at("diverged").Values<std::uint8_t>();
  double total = 0;
  for (const double reward : rewards) total += reward;
  fmt::print(IsStandardOutput(options.dump) ? stderr : stdout,
             "{}: {} steps, return {}{}, written to {}\n", spec.name, rewards.size(), total,
             !diverged.empty() && diverged.back() != 0 ? ", diverged in the last one" : "",
             options.dump);
}

}  // namespace

void AddRollout(CLI::App& app, const Registry& registry) {
  auto options = std::make_shared<RolloutOptions>();
  CLI::App* command =
      app.add_subcommand("rollout", "Step an environment with given actions and dump what happens");
  command->footer(kExamples);
  command->add_option("ENV", options->env, "the environment (saccade list envs)")->required();
  AddOverrides(*command, options->overrides, "an option of the environment: key=value");
  AddPath(*command, "--actions", options->actions, "actions, T × nu", "A.npy");
  AddPath(*command, "--init", options->init, "the initial state", "I.npz");
  AddSeed(*command, options->seed, "seed of the initial state and of random actions");
  command
      ->add_option("--steps", options->steps, "steps to do (default: all actions, or one episode)")
      ->check(WholeNumber(1, 100'000'000))
      ->type_name("N");
  AddPath(*command, "--dump", options->dump, "where to write", "OUT.npz")->required();
  const auto read_size = [options](const std::string& text) {
    std::tie(options->frames.height, options->frames.width) = ParseSize("--frames", text);
  };
  CLI::Option* frames = command->add_option_function<std::string>(
      "--frames", read_size, "also dump frames of this height and width");
  frames->type_name("HxW");
  AddFrameOptions(*command, options->frames);
  for (const char* option : {"--camera", "--renderer", "--look", "--depth", "--segmentation"})
    command->get_option(option)->needs(frames);
  command->callback([=, &registry] { Rollout(*options, registry); });
}

}  // namespace saccade::cli

// An environment: one episode of a simulated task at a time, on one thread.
//
// An EnvBlueprint is const and shared by every thread (the parsed model, the spaces, the limits);
// it makes one Env per worker slot, and an Env allocates everything before its first step. The unit
// of work is an episode, so there is no auto-reset and no batch:
//
//   env.Reset(key, buffer);
//   do { result = env.Step(action, buffer); } while (!result.done());
//
// Observations are double precision, as physics is; policies see them normalised, in float.
//
// Contract (core/runtime/contract checks it: tests/contract over everything registered, `saccade
// check` over a user's own). In the order of the checks:
//
//   the spec is complete        sizes, bounds, limits and names make sense; Envs have that spec
//   episodes run                nothing throws: a simulation that diverges says so in its result
//   the same key gives the same episode, bit for bit; another key gives another one
//   observations are written    every number and every byte, inside the buffer
//   rewards are numbers         and so are their terms, as many as the spec names
//   episodes end in time        truncated means max_steps and nothing else
//   Reset forgets               everything, however the episode before was left
//   Step allocates nothing      after the first episode; not asked of an Env that has a scene and
//                               says (render_seconds) that it draws what it observes
//   LoadState continues         identically what SaveState saved, in any Env of the blueprint
//   named states can be set     GetState gives them back; unknown names and sizes are refused
//   finite actions are survived also beyond the bounds: the simulation may diverge, not throw
//   Envs share nothing          two of one blueprint do on two threads what each does alone
//
// Thread safety: an Env belongs to one thread at a time, a blueprint to all.

#ifndef SACCADE_CORE_API_ENV_H_
#define SACCADE_CORE_API_ENV_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/image.h"
#include "core/base/rng.h"
#include "core/base/tensor.h"

// MuJoCo's types are named here and never looked into; only envs/ includes its headers.
struct mjModel_;
struct mjData_;

namespace saccade {

// Names one episode of one run: the coordinates of its random numbers.
struct EpisodeKey {
  std::uint64_t seed = 0;
  Stream stream = Stream::kUserEpisode;
  std::uint32_t generation = 0;
  std::uint32_t index = 0;

  RandomStream MakeStream() const { return {seed, stream, generation, index}; }
};

struct PixelSpec {
  int height = 0;
  int width = 0;
  int channels = 0;  // 1 grey or 3 colour, times the frames
  int frames = 1;    // of a stack, the newest in the last channels
};

struct ObservationEntry {
  std::string name;  // "position"
  int size = 0;      // numbers
  // Set when the numbers are the pixels of a picture, in [0, 1], row by row from the top.
  std::optional<PixelSpec> picture = {};
};

// What an environment is, known without making one.
struct EnvSpec {
  std::string name;
  std::vector<ObservationEntry> observation;  // the state vector, in this order; may be empty
  std::optional<PixelSpec> pixels;
  std::vector<double> action_low;         // nu, -∞ where unbounded
  std::vector<double> action_high;        // nu
  double physics_step = 0;                // seconds per physics step; 0 when there is no physics
  double control_step = 0;                // seconds per Step
  int max_steps = 0;                      // Steps until truncation, > 0
  std::vector<std::string> reward_terms;  // names of StepResult::terms; may be empty

  int state_size() const;  // sum of the entries
  int action_size() const { return static_cast<int>(action_low.size()); }
};

// Memory that the runtime lends: state (state_size) and pixels (as in the spec). Unset pixels are
// not wanted: an environment that has some need not draw them then.
struct ObservationBuffer {
  std::span<double> state;
  ImageView pixels;
};

// The outcome of one step. `truncated` is the time limit and says nothing about the state reached;
// `terminated` is the task's own end. A simulation that diverges (non-finite state, MuJoCo warning)
// or an action that is not a number sets `diverged` and `terminated`; its observation is not used.
struct StepResult {
  double reward = 0;
  bool terminated = false;
  bool truncated = false;
  bool diverged = false;
  std::span<const double> terms = {};  // as EnvSpec::reward_terms; valid until the next Step

  bool done() const { return terminated || truncated; }
};

// What a renderer draws: the model and the state of an environment that has MuJoCo inside.
struct Scene {
  const mjModel_* model = nullptr;
  mjData_* data = nullptr;
};

class Env {
 public:
  explicit Env(const EnvSpec& spec);  // lives in the blueprint
  virtual ~Env() = default;
  Env(const Env&) = delete;
  Env& operator=(const Env&) = delete;

  const EnvSpec& spec() const { return *spec_; }
  int steps() const { return steps_; }  // of the episode so far

  // Starts the episode `key` and writes its first observation. Throws kInput when that is not
  // finite.
  void Reset(const EpisodeKey& key, ObservationBuffer out);

  // Applies `action` (nu) for one control step. Counts the steps and sets `truncated`.
  // Must not be called after done(). A non-finite action diverges without reaching the simulation.
  StepResult Step(std::span<const double> action, ObservationBuffer out);

  // Everything that decides the future of the episode, as numbers; the layout is private.
  void SaveState(std::vector<double>& out) const;
  void LoadState(std::span<const double> state, ObservationBuffer out);

  // Capability: the physical state by name (qpos, qvel, …), for parity checks and dumps. SetState
  // starts an episode from it as if Reset had drawn it; absent names keep the model's defaults.
  // Throws kInput on unknown names, wrong sizes and numbers that are not finite. Environments
  // without names have neither.
  virtual bool has_named_state() const { return false; }
  TensorMap GetState() const;
  void SetState(const TensorMap& state, ObservationBuffer out);

  // Capability: something to draw; {nullptr, nullptr} without. Cameras and lights are where they
  // belong until the next Step or Reset: then ask again.
  virtual Scene scene() { return {}; }

  // Seconds spent on drawing observations since the Env was made; a wrapper asks what it wraps.
  virtual double render_seconds() const { return 0; }

 protected:
  virtual void DoReset(const EpisodeKey& key, ObservationBuffer out) = 0;
  virtual StepResult DoStep(std::span<const double> action, ObservationBuffer out) = 0;
  virtual void DoSaveState(std::vector<double>& out) const = 0;
  virtual void DoLoadState(std::span<const double> state, ObservationBuffer out) = 0;
  virtual TensorMap DoGetState() const { return {}; }
  virtual void DoSetState(const TensorMap& state, ObservationBuffer out);

  // For DoLoadState: throws kInput where `state` has not as many numbers as a state of this
  // environment.
  void RequireSize(std::span<const double> state, std::size_t size) const;

 private:
  void CheckBuffer(const ObservationBuffer& out) const;

  const EnvSpec* spec_;
  // What every Step asks of the specification, which is spread over memory.
  int state_size_;
  int action_size_;
  int max_steps_;
  int steps_ = 0;
};

class EnvBlueprint {
 public:
  virtual ~EnvBlueprint() = default;

  virtual const EnvSpec& spec() const = 0;

  // A new workspace. The blueprint must outlive it. Thread-safe.
  virtual std::unique_ptr<Env> MakeEnv() const = 0;

  // Capability: the blueprint's model, to name cameras before any Env exists; nullptr without.
  virtual const mjModel_* model() const { return nullptr; }

  // Of what it simulates beside its options, a model's file for one: another text when that has
  // changed. Empty: there is nothing of the kind.
  virtual std::string digest() const { return ""; }
};

// Throws kInput when `spec` cannot be run: bounds of different number or order, no actions, no
// observation, a step limit below 1. Whoever makes a blueprint from the outside calls it.
void CheckSpec(const EnvSpec& spec);

// blueprint.MakeEnv(), whose exceptions and nullptr become kInput with its name.
std::unique_ptr<Env> MakeEnv(const EnvBlueprint& blueprint);

// Nothing done: 0, or the bound of `spec` that is nearest to it.
void NoAction(const EnvSpec& spec, std::span<double> action);

// A uniform random action within the bounds of `spec`, ±1 where there are none.
void SampleAction(const EnvSpec& spec, RandomStream& random, std::span<double> action);

// Memory for one observation of `spec`, for whoever lends it.
class ObservationStorage {
 public:
  explicit ObservationStorage(const EnvSpec& spec);

  ObservationBuffer buffer() { return {state_, pixels_.view()}; }
  std::span<const double> state() const { return state_; }

 private:
  std::vector<double> state_;
  Image pixels_;
};

}  // namespace saccade

#endif  // SACCADE_CORE_API_ENV_H_

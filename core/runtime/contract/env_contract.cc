#include "core/runtime/contract/env_contract.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/runtime/allocation_counter.h"
#include "core/runtime/contract/checklist.h"
#include "core/runtime/contract/player.h"

namespace saccade::contract {
namespace {

constexpr int kShort = 100;

class EnvContract {
 public:
  EnvContract(const EnvBlueprint& blueprint, const Options& options)
      : blueprint_(blueprint),
        spec_(blueprint.spec()),
        options_(options),
        short_(std::min(kShort, options.longest)) {}

  std::vector<Finding> Run();

 private:
  void SpecIsComplete() const;
  void EpisodesRun();
  void SameKeySameEpisode() const;
  void OtherKeyOtherEpisode() const;
  void ObservationsAreWritten() const;
  void RewardsAreNumbers() const;
  void EpisodesEndInTime() const;
  void ResetForgets() const;
  void StepAllocatesNothing() const;
  void LoadStateContinues() const;
  void NamedStatesCanBeSet() const;
  void FiniteActionsAreSurvived() const;
  void EnvsShareNothing() const;

  EpisodeKey Key(int index) const {
    return {options_.seed, Stream::kUserEpisode, 0, static_cast<std::uint32_t>(index)};
  }
  Player MakePlayer(std::uint8_t poison = 0) const { return {blueprint_, options_.seed, poison}; }
  // The first steps of the recorded episode 0.
  Episode Beginning() const;
  bool IsEpisodeOf(const EpisodeKey& key, const Episode& episode) const;
  // Throws, with `complaint` and the first difference, unless the episodes are the same.
  void ExpectSame(const Episode& expected, const Episode& actual, int first_step,
                  const std::string& complaint) const;

  const EnvBlueprint& blueprint_;
  const EnvSpec& spec_;
  Options options_;
  int short_;                      // steps that most rules look at
  std::vector<Episode> episodes_;  // each of a fresh Env, from beginning to end
};

std::vector<Finding> EnvContract::Run() {
  Checklist list;
  list.Require("the spec is complete", [&] { SpecIsComplete(); });
  list.Require("episodes run", [&] { EpisodesRun(); });
  list.Require("the same key gives the same episode", [&] { SameKeySameEpisode(); });
  list.Check("another key gives another episode", [&] { OtherKeyOtherEpisode(); });
  list.Check("observations are written", [&] { ObservationsAreWritten(); });
  list.Check("rewards are numbers", [&] { RewardsAreNumbers(); });
  list.Check("episodes end in time", [&] { EpisodesEndInTime(); });
  list.Check("Reset forgets", [&] { ResetForgets(); });
  list.Check("Step allocates nothing", [&] { StepAllocatesNothing(); });
  list.Check("LoadState continues", [&] { LoadStateContinues(); });
  list.Check("named states can be set", [&] { NamedStatesCanBeSet(); });
  list.Check("finite actions are survived", [&] { FiniteActionsAreSurvived(); });
  list.Check("Envs share nothing", [&] { EnvsShareNothing(); });
  return list.findings();
}

void Demand(bool holds, const std::string& otherwise) {
  if (!holds) throw Broken(otherwise);
}

void EnvContract::SpecIsComplete() const {
  try {
    CheckSpec(spec_);
  } catch (const Error& error) {
    throw Broken(error.what());
  }
  Demand(!spec_.name.empty(), "EnvSpec::name is empty; say what the environment is called");
  Demand(std::isfinite(spec_.physics_step) && spec_.physics_step >= 0 &&
             std::isfinite(spec_.control_step) && spec_.control_step >= 0,
         fmt::format("physics_step is {} s and control_step {} s; neither may be negative",
                     spec_.physics_step, spec_.control_step));
  const std::unique_ptr<Env> env = blueprint_.MakeEnv();
  Demand(env != nullptr, "MakeEnv returns nullptr; it must return a new Env");
  Demand(&env->spec() == &spec_,
         "an Env's spec() is not its blueprint's; give Env's constructor the blueprint's spec(), "
         "not a copy");
}

void EnvContract::EpisodesRun() {
  for (int index = 0; index < options_.episodes; ++index) {
    episodes_.push_back(MakePlayer().Play(Key(index), options_.longest));
  }
}

Episode EnvContract::Beginning() const {
  const Episode& whole = episodes_.front();
  return {whole.begin(), whole.begin() + std::min<std::ptrdiff_t>(short_ + 1, std::ssize(whole))};
}

void EnvContract::ExpectSame(const Episode& expected, const Episode& actual, int first_step,
                             const std::string& complaint) const {
  const std::size_t steps = std::min(expected.size(), actual.size());
  for (std::size_t i = 0; i < steps; ++i) {
    const std::string difference = Difference(spec_, expected[i], actual[i]);
    if (difference.empty()) continue;
    throw Broken(fmt::format("episode 0, step {}: {}; {}", first_step + static_cast<int>(i),
                             difference, complaint));
  }
}

void EnvContract::SameKeySameEpisode() const {
  ExpectSame(episodes_.front(), MakePlayer().Play(Key(0), options_.longest), 0,
             "draw every random number from key.MakeStream(), and begin each episode from the same "
             "state");
}

// Under the actions of episode 0, which are not those of another index.
bool EnvContract::IsEpisodeOf(const EpisodeKey& key, const Episode& episode) const {
  Player player = MakePlayer();
  player.Reset(key);
  bool differs = !Difference(spec_, episode.front(), player.moment()).empty();
  Player actor = MakePlayer();
  actor.Reset(Key(0));
  for (std::size_t i = 1; i < episode.size() && !differs && !player.moment().done(); ++i) {
    const auto action = actor.RandomAction();
    differs = !Difference(spec_, episode[i], player.Step(action)).empty();
    actor.Step();
  }
  return !differs;
}

// Every coordinate of a key counts, or none does.
void EnvContract::OtherKeyOtherEpisode() const {
  const Episode episode = Beginning();
  EpisodeKey seed = Key(0);
  ++seed.seed;
  EpisodeKey generation = Key(0);
  ++generation.generation;
  EpisodeKey stream = Key(0);
  stream.stream = Stream::kTrainingEpisode;
  const std::pair<const char*, EpisodeKey> others[] = {
      {"seed", seed}, {"generation", generation}, {"stream", stream}, {"index", Key(1)}};
  std::vector<std::string> deaf;
  for (const auto& [coordinate, key] : others) {
    if (IsEpisodeOf(key, episode)) deaf.emplace_back(coordinate);
  }
  if (deaf.size() == std::size(others)) {
    throw NotChecked(
        "every episode begins in the same state; if it should not, draw it from "
        "key.MakeStream() or, in an mjcf environment, set reset.noise");
  }
  Demand(deaf.empty(), fmt::format("keys with another {} give the same episode; draw its start "
                                   "from key.MakeStream()",
                                   fmt::join(deaf, ", ")));
}

// Two Envs in step with each other, whose buffers held other bytes before.
void EnvContract::ObservationsAreWritten() const {
  Player a = MakePlayer(0);
  Player b = MakePlayer(255);
  a.Reset(Key(0));
  b.Reset(Key(0));
  for (int step = 0;; ++step) {
    Demand(a.lent().fences_stand(),
           fmt::format("{}: wrote outside of the buffer; the state has {} numbers, the pixels have "
                       "the shape in the spec",
                       a.Place(), spec_.state_size()));
    if (a.moment().diverged) break;
    const auto pixels = a.lent().pixels();
    const auto differ = std::ranges::mismatch(pixels, b.lent().pixels()).in1;
    Demand(differ == pixels.end(),
           fmt::format("{}: byte {} of the pixels is not written; fill the whole image at each "
                       "step",
                       a.Place(), differ - pixels.begin()));
    if (a.moment().done() || step == short_) break;
    a.Step();
    b.Step();
  }
  for (std::size_t episode = 0; episode < episodes_.size(); ++episode) {
    for (std::size_t step = 0; step < episodes_[episode].size(); ++step) {
      const Moment& moment = episodes_[episode][step];
      if (moment.diverged) continue;  // its observation is not used
      for (std::size_t i = 0; i < moment.state.size(); ++i) {
        Demand(!LentObservation::IsUnwritten(moment.state[i]),
               fmt::format("episode {}, step {}: observation {} is not written; write every number "
                           "at each step",
                           episode, step, NameOfNumber(spec_, i)));
      }
    }
  }
}

void EnvContract::RewardsAreNumbers() const {
  for (std::size_t episode = 0; episode < episodes_.size(); ++episode) {
    for (std::size_t step = 1; step < episodes_[episode].size(); ++step) {
      const Moment& moment = episodes_[episode][step];
      const std::string place = fmt::format("episode {}, step {}", episode, step);
      Demand(std::isfinite(moment.reward),
             fmt::format("{}: the reward is {}; set StepResult::diverged, with a finite reward, "
                         "when there is none",
                         place, moment.reward));
      if (moment.diverged) continue;
      Demand(moment.terms.size() == spec_.reward_terms.size(),
             fmt::format("{}: {} reward terms, but EnvSpec::reward_terms names {}", place,
                         moment.terms.size(), spec_.reward_terms.size()));
      for (std::size_t i = 0; i < moment.terms.size(); ++i) {
        Demand(std::isfinite(moment.terms[i]), fmt::format("{}: the reward term '{}' is {}", place,
                                                           spec_.reward_terms[i], moment.terms[i]));
      }
    }
  }
}

void EnvContract::EpisodesEndInTime() const {
  bool any_ends = false;
  for (std::size_t episode = 0; episode < episodes_.size(); ++episode) {
    const int steps = static_cast<int>(episodes_[episode].size()) - 1;
    const Moment& last = episodes_[episode].back();
    any_ends = any_ends || last.done();
    Demand(!last.truncated || steps == spec_.max_steps,
           fmt::format("episode {}, step {}: truncated, but EnvSpec::max_steps is {}; the task's "
                       "own end is StepResult::terminated",
                       episode, steps, spec_.max_steps));
  }
  if (!any_ends) {
    throw NotChecked(
        fmt::format("no episode came to an end within {} steps; EnvSpec::max_steps is {}",
                    options_.longest, spec_.max_steps));
  }
}

std::vector<double> Same(std::size_t count, double value) {
  return std::vector<double>(count, value);
}

// Where there is no bound, `otherwise`.
std::vector<double> AtBounds(std::vector<double> bounds, double otherwise) {
  for (double& bound : bounds) bound = std::isfinite(bound) ? bound : otherwise;
  return bounds;
}

void EnvContract::ResetForgets() const {
  Player player = MakePlayer();
  const std::pair<const char*, std::function<void()>> before[] = {
      {"a whole episode", [&] { player.Play(Key(1), options_.longest); }},
      {"an episode that was left in the middle", [&] { player.Play(Key(2), 7); }},
      {"an episode at the bounds of the actions",
       [&] {
         player.Reset(Key(3));
         for (int i = 0; i < 20 && !player.moment().done(); ++i) {
           player.Step(AtBounds(spec_.action_high, 1));
         }
       }},
      {"an episode that diverged",
       [&] {
         player.Play(Key(4), 3);
         if (player.moment().done()) player.Reset(Key(4));
         player.Step(Same(spec_.action_high.size(), std::numeric_limits<double>::quiet_NaN()));
       }},
  };
  for (const auto& [what, make_trouble] : before) {
    make_trouble();
    ExpectSame(Beginning(), player.Play(Key(0), short_), 0,
               fmt::format("this is after {}: Reset must set everything anew", what));
  }
}

void EnvContract::StepAllocatesNothing() const {
  if (DrawsWithRenderer(blueprint_)) {
    throw NotChecked("a renderer draws the pixels, and its driver allocates as it likes");
  }
  Player player = MakePlayer();
  player.Play(Key(0), options_.longest);
  LentObservation lent(spec_, 0);
  player.env().Reset(Key(1), lent.Lend());
  bool done = false;
  while (!done && player.env().steps() < options_.longest) {
    const auto action = player.RandomAction();
    const ObservationBuffer buffer = lent.Lend();
    const AllocationCounter counter;
    done = player.env().Step(action, buffer).done();
    const long count = counter.count();
    Demand(count == 0,
           fmt::format("episode 1, step {}: {} allocation{}; take all memory in the constructor or "
                       "in the first episode, and give vectors their size there",
                       player.env().steps(), count, count == 1 ? "" : "s"));
  }
}

// From the reset and from the middle; in the same Env and in another one.
void EnvContract::LoadStateContinues() const {
  constexpr int kBeforeSaving[] = {0, 5, 25};
  for (const int steps : kBeforeSaving) {
    Player player = MakePlayer();
    player.Play(Key(0), steps);
    if (player.moment().done()) continue;
    const Moment saved = player.moment();
    std::vector<double> state;
    player.env().SaveState(state);
    const Episode expected = player.GoOn(short_);
    std::vector<double> later;
    player.env().SaveState(later);
    Demand(later.size() == state.size(),
           fmt::format("SaveState gives {} numbers at step {} and {} at step {}; it must always "
                       "give the same count",
                       state.size(), steps, later.size(), player.env().steps()));
    // Another episode, which must leave no trace, with the actions of episode 0.
    Player other = MakePlayer();
    EpisodeKey elsewhere = Key(0);
    ++elsewhere.generation;
    other.Play(elsewhere, 0);
    const std::pair<const char*, Player*> loaders[] = {{"the same Env", &player},
                                                       {"another Env", &other}};
    for (const auto& [where, loader] : loaders) {
      const std::string remedy = fmt::format(
          "this is after LoadState in {}: save everything that decides the future, and "
          "restore it whole",
          where);
      const std::string difference = ObservationDifference(spec_, saved, loader->LoadState(state));
      Demand(difference.empty(),
             fmt::format("episode 0, step {}: {}; {}", steps, difference, remedy));
      Episode actual = loader->GoOn(short_);
      actual.front() = saved;  // LoadState has no reward
      ExpectSame(expected, actual, steps, remedy);
    }
  }
}

// The first array that is another one in `b`; empty when there is none.
std::string DifferentArray(const TensorMap& a, const TensorMap& b) {
  for (const auto& [name, tensor] : a) {
    const auto found = b.find(name);
    if (found == b.end() || tensor.shape() != found->second.shape() ||
        !std::ranges::equal(tensor.bytes(), found->second.bytes())) {
      return name;
    }
  }
  return "";
}

void ExpectRefusal(Env& env, const TensorMap& state, const LentObservation& lent,
                   const std::string& what) {
  LentObservation buffer = lent;
  try {
    env.SetState(state, buffer.Lend());
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInput) return;
    throw;
  }
  throw Broken(fmt::format("SetState accepts {}; throw InputError, with what it should be", what));
}

void EnvContract::NamedStatesCanBeSet() const {
  Player player = MakePlayer();
  player.Play(Key(0), 0);
  if (!player.env().has_named_state()) throw NotChecked("the environment has none");
  const Moment start = player.moment();
  const TensorMap state = player.env().GetState();
  Demand(!state.empty(), "GetState gives nothing, but has_named_state() is true");

  Player other = MakePlayer();
  other.Play(Key(1), 3);
  other.SetState(state);
  const std::string array = DifferentArray(state, other.env().GetState());
  Demand(array.empty(),
         fmt::format("'{}' is not what SetState was given; GetState must give it back bit for bit",
                     array));
  Demand(other.env().steps() == 0, "SetState starts an episode, but steps() is not 0");
  const std::string difference = ObservationDifference(spec_, start, other.moment());
  Demand(difference.empty(), fmt::format("episode 0, step 0: {}; SetState must start the episode "
                                         "as if Reset had drawn this state",
                                         difference));

  TensorMap unknown = state;
  unknown["no_such_array"] = Tensor::Scalar(1.0);
  ExpectRefusal(other.env(), unknown, player.lent(), "an array of unknown name");
  for (const auto& [name, tensor] : state) {
    TensorMap larger = state;
    larger[name] =
        Tensor::From<double>(std::vector<double>(static_cast<std::size_t>(tensor.size()) + 1));
    ExpectRefusal(
        other.env(), larger, player.lent(),
        fmt::format("{} numbers for '{}', which has {}", tensor.size() + 1, name, tensor.size()));
  }
}

void EnvContract::FiniteActionsAreSurvived() const {
  const std::size_t count = spec_.action_low.size();
  std::vector<double> beyond = AtBounds(spec_.action_high, 1);
  for (double& value : beyond) value += 1;
  const std::vector<double> actions[] = {AtBounds(spec_.action_low, -1),
                                         AtBounds(spec_.action_high, 1),
                                         beyond,
                                         Same(count, -1e3),
                                         Same(count, 1e9),
                                         Same(count, -1e300)};
  Player player = MakePlayer();
  for (const std::vector<double>& action : actions) {
    player.Reset(Key(0));
    for (int i = 0; i < short_ && !player.moment().done(); ++i) player.Step(action);
  }
}

// In step, so that each meets the other one in the middle of its episode.
void EnvContract::EnvsShareNothing() const {
  const Episode alone[] = {MakePlayer().Play(Key(0), short_), MakePlayer().Play(Key(1), short_)};
  Player players[] = {MakePlayer(), MakePlayer()};
  Episode together[2];
  InStep([&](int thread, const std::function<void()>& next) {
    together[thread] = players[thread].Play(Key(thread), short_, next);
  });
  for (int thread = 0; thread < 2; ++thread) {
    for (std::size_t i = 0; i < together[thread].size(); ++i) {
      const std::string difference = Difference(spec_, alone[thread][i], together[thread][i]);
      Demand(difference.empty(),
             fmt::format("episode {}, step {}: {}, alone and beside another Env on another thread; "
                         "whatever an episode changes belongs to the Env, not to the blueprint or "
                         "a global",
                         thread, i, difference));
    }
  }
}

}  // namespace

bool DrawsWithRenderer(const EnvBlueprint& blueprint) {
  const auto env = blueprint.MakeEnv();
  LentObservation lent(blueprint.spec(), 0);  // with room for one that writes beside it
  env->Reset({}, lent.Lend());
  return env->render_seconds() > 0 && env->scene().model != nullptr;
}

std::vector<Finding> CheckEnv(const EnvBlueprint& blueprint, const Options& options) {
  return EnvContract(blueprint, options).Run();
}

}  // namespace saccade::contract

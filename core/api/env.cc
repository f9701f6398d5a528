#include "core/api/env.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/error.h"

namespace saccade {
namespace {

// Without a branch per number: the exponent of what is not finite is all ones, so adding one to it
// carries into the sign, which was masked.
bool AllFinite(std::span<const double> values) {
  constexpr std::uint64_t kExponent = 0x7ff0'0000'0000'0000;
  constexpr std::uint64_t kOne = 0x0010'0000'0000'0000;
  std::uint64_t carries = 0;
  for (const double v : values) carries |= (std::bit_cast<std::uint64_t>(v) & kExponent) + kOne;
  return carries <= kExponent;
}

// Statistics of observations would never get over one that is not a number.
void RequireFinite(const EnvSpec& spec, std::span<const double> state) {
  std::size_t begin = 0;
  for (const ObservationEntry& entry : spec.observation) {
    const auto values = state.subspan(begin, static_cast<std::size_t>(entry.size));
    if (!AllFinite(values)) {
      throw InputError(fmt::format(
          "{}: the first observation of an episode is not finite: '{}' is [{}]; an episode must "
          "begin in a state that can be observed",
          spec.name, entry.name, fmt::join(values, ", ")));
    }
    begin += values.size();
  }
}

void RequireFinite(const TensorMap& state) {
  for (const auto& [name, tensor] : state) {
    if (tensor.type() != DType::kFloat64 && tensor.type() != DType::kFloat32) continue;
    const std::vector<double> values = tensor.Values<double>();
    const auto bad = std::find_if_not(values.begin(), values.end(),
                                      [](double value) { return std::isfinite(value); });
    if (bad == values.end()) continue;
    throw InputError(fmt::format("array '{}': element {} is {}; every element must be finite", name,
                                 bad - values.begin(), *bad));
  }
}

bool Fits(const ImageView& image, const std::optional<PixelSpec>& pixels) {
  return pixels && image.height == pixels->height && image.width == pixels->width &&
         image.channels == pixels->channels;
}

bool IsPicture(const PixelSpec& p) {
  return p.height > 0 && p.width > 0 && p.channels > 0 && p.frames > 0 &&
         p.channels % p.frames == 0;
}

// Of an environment's own functions: an exception that is not an Error is said to be its.
template <class Function>
auto Guarded(const EnvSpec& spec, const Function& function) {
  return CallAs([&] { return fmt::format("environment {}", spec.name); }, function);
}

}  // namespace

int EnvSpec::state_size() const {
  return std::accumulate(observation.begin(), observation.end(), 0,
                         [](int sum, const ObservationEntry& entry) { return sum + entry.size; });
}

void CheckSpec(const EnvSpec& spec) {
  const auto demand = [&](bool holds, const std::string& problem) {
    if (!holds) throw InputError(fmt::format("environment {}: {}", spec.name, problem));
  };
  demand(!spec.action_low.empty() && spec.action_low.size() == spec.action_high.size(),
         fmt::format("has {} lower and {} upper bounds of actions; it needs one of each for every "
                     "action",
                     spec.action_low.size(), spec.action_high.size()));
  for (std::size_t i = 0; i < spec.action_low.size(); ++i) {
    demand(spec.action_low[i] < spec.action_high[i],
           fmt::format("action {} is in [{}, {}]; the lower bound must be below the upper one", i,
                       spec.action_low[i], spec.action_high[i]));
  }
  std::set<std::string> names;
  for (const ObservationEntry& entry : spec.observation) {
    demand(!entry.name.empty() && names.insert(entry.name).second,
           fmt::format("two observations are called '{}'; every one needs a name of its own",
                       entry.name));
    demand(entry.size > 0, fmt::format("observation '{}' has {} numbers; leave it out, or count "
                                       "them",
                                       entry.name, entry.size));
    if (!entry.picture) continue;
    const PixelSpec& p = *entry.picture;
    demand(IsPicture(p) && ImageView{nullptr, p.height, p.width, p.channels}.size() ==
                               static_cast<std::size_t>(entry.size),
           fmt::format("observation '{}' has {} numbers, but as a picture it is {} × {} × {} in {} "
                       "frames",
                       entry.name, entry.size, p.height, p.width, p.channels, p.frames));
  }
  if (spec.pixels) {
    for (const ObservationEntry& entry : spec.observation) {
      demand(entry.name != "pixels", "has a state called 'pixels' beside its pixels; rename it");
    }
    const PixelSpec& p = *spec.pixels;
    demand(p.height > 0 && p.width > 0 && p.channels > 0,
           fmt::format("its pixels are {} × {} × {}; all three must be positive", p.height, p.width,
                       p.channels));
    demand(IsPicture(p),
           fmt::format("its pixels have {} channels in {} frames; every frame must have as many",
                       p.channels, p.frames));
  }
  demand(spec.state_size() > 0 || spec.pixels, "observes nothing; it needs a state or pixels");
  demand(spec.max_steps >= 1,
         fmt::format("has at most {} steps an episode; it needs at least 1", spec.max_steps));
}

Env::Env(const EnvSpec& spec)
    : spec_(&spec),
      state_size_(spec.state_size()),
      action_size_(spec.action_size()),
      max_steps_(spec.max_steps) {}

void Env::CheckBuffer(const ObservationBuffer& out) const {
  SACCADE_CHECK(static_cast<int>(out.state.size()) == state_size_);
  SACCADE_CHECK(out.pixels.data == nullptr || Fits(out.pixels, spec_->pixels));
}

void Env::Reset(const EpisodeKey& key, ObservationBuffer out) {
  CheckBuffer(out);
  steps_ = 0;
  Guarded(*spec_, [&] { DoReset(key, out); });
  RequireFinite(*spec_, out.state);
}

StepResult Env::Step(std::span<const double> action, ObservationBuffer out) {
  CheckBuffer(out);
  SACCADE_CHECK(static_cast<int>(action.size()) == action_size_);
  ++steps_;
  // One object, made where the caller wants it: no copy of what was just written in pieces.
  StepResult result = AllFinite(action) ? Guarded(*spec_, [&] { return DoStep(action, out); })
                                        : StepResult{.diverged = true};
  result.diverged |= !std::isfinite(result.reward) || !AllFinite(out.state);
  result.terminated |= result.diverged;
  result.truncated = !result.terminated && (result.truncated || steps_ >= max_steps_);
  return result;
}

void Env::SaveState(std::vector<double>& out) const {
  out.clear();
  out.push_back(steps_);
  Guarded(*spec_, [&] { DoSaveState(out); });
}

void Env::LoadState(std::span<const double> state, ObservationBuffer out) {
  CheckBuffer(out);
  SACCADE_CHECK(!state.empty());
  steps_ = static_cast<int>(state.front());
  Guarded(*spec_, [&] { DoLoadState(state.subspan(1), out); });
}

void Env::RequireSize(std::span<const double> state, std::size_t size) const {
  if (state.size() == size) return;
  throw InputError(fmt::format("a state of {} numbers is none of {}, which has {}", state.size(),
                               spec_->name, size));
}

TensorMap Env::GetState() const {
  return Guarded(*spec_, [&] { return DoGetState(); });
}

void Env::SetState(const TensorMap& state, ObservationBuffer out) {
  CheckBuffer(out);
  steps_ = 0;
  RequireFinite(state);
  Guarded(*spec_, [&] { DoSetState(state, out); });
  RequireFinite(*spec_, out.state);
}

void Env::DoSetState(const TensorMap&, ObservationBuffer) {
  throw InputError(fmt::format("{}: this environment has no state that can be set", spec_->name));
}

std::unique_ptr<Env> MakeEnv(const EnvBlueprint& blueprint) {
  auto env = Guarded(blueprint.spec(), [&] { return blueprint.MakeEnv(); });
  if (env == nullptr) {
    throw InputError(fmt::format("environment {}: MakeEnv returns nullptr", blueprint.spec().name));
  }
  return env;
}

void NoAction(const EnvSpec& spec, std::span<double> action) {
  for (std::size_t i = 0; i < action.size(); ++i) {
    action[i] = std::clamp(0.0, spec.action_low[i], spec.action_high[i]);
  }
}

void SampleAction(const EnvSpec& spec, RandomStream& random, std::span<double> action) {
  for (std::size_t i = 0; i < action.size(); ++i) {
    const double low = spec.action_low[i];
    const double high = spec.action_high[i];
    // Where only one side is bounded, ±1 moves with it.
    action[i] = random.Uniform(std::isfinite(low) ? low : std::min(-1.0, high - 1),
                               std::isfinite(high) ? high : std::max(1.0, low + 1));
  }
}

ObservationStorage::ObservationStorage(const EnvSpec& spec)
    : state_(static_cast<std::size_t>(spec.state_size())) {
  if (spec.pixels) pixels_ = Image(spec.pixels->height, spec.pixels->width, spec.pixels->channels);
}

}  // namespace saccade

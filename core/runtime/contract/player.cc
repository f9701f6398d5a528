#include "core/runtime/contract/player.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/runtime/contract/checklist.h"

namespace saccade::contract {
namespace {

constexpr std::size_t kFence = 64;  // values on each side
constexpr std::uint8_t kFenceByte = 0xA7;

// A number that no observation is: finite, because Env::Step takes others for a divergence.
constexpr double kUnwritten = -0x1.5accade5accadp-777;

bool SameBits(std::span<const double> a, std::span<const double> b) {
  return std::ranges::equal(std::as_bytes(a), std::as_bytes(b));
}

}  // namespace

LentObservation::LentObservation(const EnvSpec& spec, std::uint8_t poison)
    : shape_(spec.pixels.value_or(PixelSpec{})),
      poison_(poison),
      state_(static_cast<std::size_t>(spec.state_size()) + 2 * kFence),
      pixels_(ImageView{nullptr, shape_.height, shape_.width, shape_.channels}.size() +
              2 * kFence) {}

ObservationBuffer LentObservation::Lend() {
  std::fill(state_.begin(), state_.end(), kUnwritten);
  std::fill(pixels_.begin(), pixels_.end(), kFenceByte);
  std::fill(pixels_.begin() + kFence, pixels_.end() - kFence, poison_);
  ObservationBuffer buffer{{state_.data() + kFence, state_.size() - 2 * kFence}, {}};
  if (pixels_.size() > 2 * kFence) {
    buffer.pixels = {pixels_.data() + kFence, shape_.height, shape_.width, shape_.channels};
  }
  return buffer;
}

bool LentObservation::IsUnwritten(double value) { return value == kUnwritten; }

bool LentObservation::fences_stand() const {
  const auto is_fence = [](std::uint8_t byte) { return byte == kFenceByte; };
  return std::all_of(state_.begin(), state_.begin() + kFence, IsUnwritten) &&
         std::all_of(state_.end() - kFence, state_.end(), IsUnwritten) &&
         std::all_of(pixels_.begin(), pixels_.begin() + kFence, is_fence) &&
         std::all_of(pixels_.end() - kFence, pixels_.end(), is_fence);
}

std::span<const double> LentObservation::state() const {
  return std::span(state_).subspan(kFence, state_.size() - 2 * kFence);
}

std::span<const std::uint8_t> LentObservation::pixels() const {
  return std::span(pixels_).subspan(kFence, pixels_.size() - 2 * kFence);
}

std::string NameOfNumber(const EnvSpec& spec, std::size_t index) {
  for (const ObservationEntry& entry : spec.observation) {
    const auto size = static_cast<std::size_t>(entry.size);
    if (index < size) return fmt::format("'{}'[{}]", entry.name, index);
    index -= size;
  }
  return fmt::format("number {}", index);
}

std::string Difference(const EnvSpec& spec, const Moment& a, const Moment& b) {
  if (!SameBits({&a.reward, 1}, {&b.reward, 1})) {
    return fmt::format("the reward is {} and {}", a.reward, b.reward);
  }
  if (!SameBits(a.terms, b.terms)) return "the reward terms are others";
  if (a.terminated != b.terminated || a.truncated != b.truncated || a.diverged != b.diverged) {
    return "one episode ends and the other does not, or for another reason";
  }
  return ObservationDifference(spec, a, b);
}

std::string ObservationDifference(const EnvSpec& spec, const Moment& a, const Moment& b) {
  for (std::size_t i = 0; i < a.state.size(); ++i) {
    if (SameBits({&a.state[i], 1}, {&b.state[i], 1})) continue;
    return fmt::format("observation {} is {} and {}", NameOfNumber(spec, i), a.state[i],
                       b.state[i]);
  }
  if (a.pixels != b.pixels) return "the pixels are others";
  return "";
}

Player::Player(const EnvBlueprint& blueprint, std::uint64_t seed, std::uint8_t poison)
    : seed_(seed),
      env_(blueprint.MakeEnv()),
      lent_(blueprint.spec(), poison),
      action_(blueprint.spec().action_low.size()) {}

std::string Player::Place() const {
  return fmt::format("episode {}, step {}", episode_, env_->steps());
}

template <class Function>
void Player::Guard(Function function) {
  try {
    function();
  } catch (...) {
    throw Broken(
        fmt::format("{}: {}; an episode that cannot go on says so with StepResult::diverged",
                    Place(), WhatWasThrown()));
  }
}

void Player::Look(const StepResult& result) {
  moment_.reward = result.reward;
  moment_.terminated = result.terminated;
  moment_.truncated = result.truncated;
  moment_.diverged = result.diverged;
  moment_.terms.assign(result.terms.begin(), result.terms.end());
  moment_.state.assign(lent_.state().begin(), lent_.state().end());
  const auto pixels = lent_.pixels();
  moment_.pixels = Fnv1a({reinterpret_cast<const char*>(pixels.data()), pixels.size()});
  if (!result.diverged) return;
  moment_.state.clear();  // "its observation is not used"
  moment_.pixels = 0;
}

const Moment& Player::Reset(const EpisodeKey& key) {
  episode_ = key.index;
  Guard([&] { env_->Reset(key, lent_.Lend()); });
  Look({});
  return moment_;
}

const Moment& Player::Step() { return Step(RandomAction()); }

const Moment& Player::Step(std::span<const double> action) {
  Guard([&] { Look(env_->Step(action, lent_.Lend())); });
  return moment_;
}

const Moment& Player::LoadState(std::span<const double> state) {
  Guard([&] { env_->LoadState(state, lent_.Lend()); });
  Look({});
  return moment_;
}

const Moment& Player::SetState(const TensorMap& state) {
  Guard([&] { env_->SetState(state, lent_.Lend()); });
  Look({});
  return moment_;
}

Episode Player::Play(const EpisodeKey& key, int steps, const std::function<void()>& between) {
  Episode episode = {Reset(key)};
  while (std::ssize(episode) <= steps && !moment_.done()) {
    if (between) between();
    episode.push_back(Step());
  }
  return episode;
}

Episode Player::GoOn(int steps) {
  Episode episode = {moment_};
  while (std::ssize(episode) <= steps && !moment_.done()) episode.push_back(Step());
  return episode;
}

std::span<const double> Player::RandomAction() {
  RandomStream random(seed_, Stream::kActionNoise, episode_,
                      static_cast<std::uint32_t>(env_->steps()));
  SampleAction(env_->spec(), random, action_);
  return action_;
}

}  // namespace saccade::contract

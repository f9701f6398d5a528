#include "envs/wrappers/flatten_pixels.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "envs/wrappers/wrapper.h"

namespace saccade {
namespace {

class Flattened : public WrapperEnv {
 public:
  Flattened(const EnvSpec& spec, std::unique_ptr<Env> wrapped)
      : WrapperEnv(spec, std::move(wrapped)),
        image_(inner().spec().pixels->height, inner().spec().pixels->width,
               inner().spec().pixels->channels) {}

 private:
  void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
    inner().Reset(key, InnerBuffer(out));
    Append(out);
  }
  StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
    const StepResult result = inner().Step(action, InnerBuffer(out));
    Append(out);
    return result;
  }
  void DoSaveState(std::vector<double>& out) const override { AppendInnerState(out); }
  void DoLoadState(std::span<const double> state, ObservationBuffer out) override {
    inner().LoadState(state, InnerBuffer(out));
    Append(out);
  }
  void DoSetState(const TensorMap& state, ObservationBuffer out) override {
    inner().SetState(state, InnerBuffer(out));
    Append(out);
  }

  ObservationBuffer InnerBuffer(ObservationBuffer out) {
    return {out.state.first(out.state.size() - image_.data().size()), image_.view()};
  }
  void Append(ObservationBuffer out) const {
    std::ranges::transform(image_.data(), out.state.last(image_.data().size()).begin(),
                           [](std::uint8_t byte) { return byte / 255.0; });
  }

  Image image_;
};

class FlattenedBlueprint : public WrapperBlueprint {
 public:
  explicit FlattenedBlueprint(std::shared_ptr<const EnvBlueprint> wrapped)
      : WrapperBlueprint(std::move(wrapped)) {
    for (const ObservationEntry& entry : spec().observation) {
      if (entry.name != "pixels") continue;
      throw InputError(fmt::format(
          "{}: the state has an entry 'pixels' already; pixels.flatten adds one of that name",
          spec().name));
    }
    const auto [height, width, channels, frames] = *spec().pixels;
    constexpr std::int64_t kMost = std::numeric_limits<int>::max() / 2;
    const std::int64_t rows = std::int64_t{height} * width;
    if (channels > kMost / rows) {
      throw InputError(fmt::format(
          "{}: pixels.flatten makes {} × {} × {} numbers of an image, more than {}; use smaller "
          "images",
          spec().name, height, width, channels, kMost));
    }
    mutable_spec().observation.push_back(
        {"pixels", static_cast<int>(rows * channels), spec().pixels});
    mutable_spec().pixels.reset();
  }
  std::unique_ptr<Env> MakeEnv() const override {
    return std::make_unique<Flattened>(spec(), inner().MakeEnv());
  }
};

}  // namespace

std::shared_ptr<const EnvBlueprint> FlattenPixels(std::shared_ptr<const EnvBlueprint> inner) {
  SACCADE_CHECK(inner->spec().pixels.has_value());
  return std::make_shared<FlattenedBlueprint>(std::move(inner));
}

}  // namespace saccade

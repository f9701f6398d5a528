#include "envs/wrappers/frame_stack.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/error.h"
#include "envs/wrappers/wrapper.h"

namespace saccade {
namespace {

class FrameStack : public WrapperEnv {
 public:
  FrameStack(const EnvSpec& spec, std::unique_ptr<Env> wrapped, int count)
      : WrapperEnv(spec, std::move(wrapped)),
        count_(count),
        newest_(inner().spec().pixels->height, inner().spec().pixels->width,
                inner().spec().pixels->channels),
        stack_(spec.pixels->height, spec.pixels->width, spec.pixels->channels) {}

 private:
  void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
    inner().Reset(key, {out.state, newest_.view()});
    Fill(out);
  }
  StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
    const StepResult result = inner().Step(action, {out.state, newest_.view()});
    Push();
    Show(out);
    return result;
  }
  void DoSaveState(std::vector<double>& out) const override {
    out.insert(out.end(), stack_.data().begin(), stack_.data().end());
    AppendInnerState(out);
  }
  void DoLoadState(std::span<const double> state, ObservationBuffer out) override {
    const std::size_t size = stack_.data().size();
    const auto is_byte = [](double value) { return 0 <= value && value <= 255; };
    if (state.size() <= size || !std::ranges::all_of(state.first(size), is_byte)) {
      throw InputError(
          fmt::format("a state of {} numbers is none of {}, which begins with {} bytes "
                      "of images",
                      state.size(), spec().name, size));
    }
    inner().LoadState(state.subspan(size), {out.state, newest_.view()});
    std::uint8_t* pixels = stack_.view().data;
    for (std::size_t i = 0; i < size; ++i) pixels[i] = static_cast<std::uint8_t>(state[i]);
    Show(out);
  }
  void DoSetState(const TensorMap& state, ObservationBuffer out) override {
    inner().SetState(state, {out.state, newest_.view()});
    Fill(out);
  }

  void Fill(ObservationBuffer out) {
    for (int i = 0; i < count_; ++i) Push();
    Show(out);
  }

  // Moves every image one place towards the oldest and appends the newest, pixel by pixel.
  void Push() {
    const ImageView from = newest_.view();
    const ImageView to = stack_.view();
    const auto channels = static_cast<std::size_t>(from.channels);
    const auto all = static_cast<std::size_t>(to.channels);
    const std::size_t pixels = from.size() / channels;
    for (std::size_t i = 0; i < pixels; ++i) {
      std::uint8_t* pixel = to.data + i * all;
      std::memmove(pixel, pixel + channels, all - channels);
      std::memcpy(pixel + all - channels, from.data + i * channels, channels);
    }
  }

  void Show(ObservationBuffer out) {
    if (out.pixels.data == nullptr) return;
    std::memcpy(out.pixels.data, stack_.data().data(), stack_.data().size());
  }

  int count_;
  Image newest_;
  Image stack_;
};

class FrameStackBlueprint : public WrapperBlueprint {
 public:
  FrameStackBlueprint(std::shared_ptr<const EnvBlueprint> wrapped, int count)
      : WrapperBlueprint(std::move(wrapped)), count_(count) {
    mutable_spec().pixels->channels *= count;
    mutable_spec().pixels->frames *= count;
  }
  std::unique_ptr<Env> MakeEnv() const override {
    return std::make_unique<FrameStack>(spec(), inner().MakeEnv(), count_);
  }

 private:
  int count_;
};

}  // namespace

std::shared_ptr<const EnvBlueprint> StackFrames(std::shared_ptr<const EnvBlueprint> inner,
                                                int count) {
  SACCADE_CHECK(inner->spec().pixels.has_value() && count >= 1);
  return std::make_shared<FrameStackBlueprint>(std::move(inner), count);
}

}  // namespace saccade

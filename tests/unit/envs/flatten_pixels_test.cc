#include "envs/wrappers/flatten_pixels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/runtime/allocation_counter.h"

namespace saccade {
namespace {

using testing::ElementsAreArray;

// Its state is the step; byte i of its image is 10 i + step.
class Lamp : public Env {
 public:
  using Env::Env;

 private:
  void DoReset(const EpisodeKey&, ObservationBuffer out) override { Show(0, out); }
  StepResult DoStep(std::span<const double>, ObservationBuffer out) override {
    Show(step_ + 1, out);
    return {.reward = 1};
  }
  void DoSaveState(std::vector<double>& out) const override { out.push_back(step_); }
  void DoLoadState(std::span<const double> state, ObservationBuffer out) override {
    Show(static_cast<int>(state[0]), out);
  }
  void DoSetState(const TensorMap&, ObservationBuffer out) override { Show(3, out); }
  void Show(int step, ObservationBuffer out) {
    step_ = step;
    out.state[0] = step;
    for (std::size_t i = 0; i < out.pixels.size(); ++i) {
      out.pixels.data[i] = static_cast<std::uint8_t>(10 * static_cast<int>(i) + step);
    }
  }

  int step_ = 0;
};

class LampBlueprint : public EnvBlueprint {
 public:
  explicit LampBlueprint(const PixelSpec& pixels, const std::string& entry = "step") {
    spec_.name = "lamp";
    spec_.observation = {{entry, 1}};
    spec_.pixels = pixels;
    spec_.action_low = {-1};
    spec_.action_high = {1};
    spec_.max_steps = 5;
  }
  const EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<Env> MakeEnv() const override { return std::make_unique<Lamp>(spec_); }

 private:
  EnvSpec spec_;
};

// The state of the lamp and its 2 × 3 × 3 bytes, in their order.
std::vector<double> Observed(int step) {
  std::vector<double> expected = {static_cast<double>(step)};
  for (int i = 0; i < 18; ++i) expected.push_back((10 * i + step) / 255.0);
  return expected;
}

TEST(FlattenPixels, PixelsFollowTheState) {
  const auto blueprint = FlattenPixels(std::make_shared<LampBlueprint>(PixelSpec{2, 3, 3}));
  EXPECT_FALSE(blueprint->spec().pixels.has_value());
  ASSERT_EQ(blueprint->spec().observation.size(), 2U);
  EXPECT_EQ(blueprint->spec().observation[1].name, "pixels");
  const auto env = blueprint->MakeEnv();
  ObservationStorage observation(blueprint->spec());
  env->Reset({}, observation.buffer());
  EXPECT_THAT(observation.state(), ElementsAreArray(Observed(0)));
  const double action[] = {0};
  {
    const AllocationCounter counter;
    EXPECT_EQ(env->Step(action, observation.buffer()).reward, 1);
    EXPECT_EQ(counter.count(), 0);
  }
  EXPECT_THAT(observation.state(), ElementsAreArray(Observed(1)));

  std::vector<double> saved;
  env->SaveState(saved);
  env->Step(action, observation.buffer());
  env->LoadState(saved, observation.buffer());
  EXPECT_THAT(observation.state(), ElementsAreArray(Observed(1)));
  env->SetState({}, observation.buffer());
  EXPECT_THAT(observation.state(), ElementsAreArray(Observed(3)));
}

std::string Refusal(const PixelSpec& pixels, const std::string& entry) {
  try {
    FlattenPixels(std::make_shared<LampBlueprint>(pixels, entry));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(FlattenPixels, RefusesWhatAStateCannotHold) {
  EXPECT_EQ(Refusal({4096, 4096, 192}, "step"),
            "lamp: pixels.flatten makes 4096 × 4096 × 192 numbers of an image, more than "
            "1073741823; use smaller images");
  EXPECT_EQ(Refusal({2, 3, 3}, "pixels"),
            "lamp: the state has an entry 'pixels' already; pixels.flatten adds one of that name");
}

}  // namespace
}  // namespace saccade

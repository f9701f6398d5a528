#include "envs/wrappers/flatten_pixels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace saccade {
namespace {

using testing::ElementsAre;

// Its state is the step, and its image of two pixels the step times 51 and 255.
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
  void Show(int step, ObservationBuffer out) {
    step_ = step;
    out.state[0] = step;
    out.pixels.data[0] = static_cast<std::uint8_t>(51 * step);
    out.pixels.data[1] = 255;
  }

  int step_ = 0;
};

class LampBlueprint : public EnvBlueprint {
 public:
  explicit LampBlueprint(const PixelSpec& pixels) {
    spec_.name = "lamp";
    spec_.observation = {{"step", 1}};
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

TEST(FlattenPixels, PixelsFollowTheState) {
  const auto blueprint = FlattenPixels(std::make_shared<LampBlueprint>(PixelSpec{1, 2, 1}));
  EXPECT_FALSE(blueprint->spec().pixels.has_value());
  ASSERT_EQ(blueprint->spec().observation.size(), 2U);
  EXPECT_EQ(blueprint->spec().observation[1].name, "pixels");
  const auto env = blueprint->MakeEnv();
  ObservationStorage observation(blueprint->spec());
  env->Reset({}, observation.buffer());
  EXPECT_THAT(observation.state(), ElementsAre(0, 0, 1));
  const double action[] = {0};
  EXPECT_EQ(env->Step(action, observation.buffer()).reward, 1);
  EXPECT_THAT(observation.state(), ElementsAre(1, 51 / 255.0, 1));

  std::vector<double> saved;
  env->SaveState(saved);
  env->Step(action, observation.buffer());
  env->LoadState(saved, observation.buffer());
  EXPECT_THAT(observation.state(), ElementsAre(1, 51 / 255.0, 1));
}

TEST(FlattenPixels, RefusesMoreThanAStateCanHold) {
  const auto inner = std::make_shared<LampBlueprint>(PixelSpec{4096, 4096, 192});
  try {
    FlattenPixels(inner);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "lamp: pixels.flatten makes 4096 × 4096 × 192 numbers of an image, more than "
              "1073741823; use smaller images");
  }
}

}  // namespace
}  // namespace saccade

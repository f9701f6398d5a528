#include "envs/wrappers/action_repeat.h"

#include <utility>
#include <vector>

#include "core/base/error.h"
#include "envs/wrappers/wrapper.h"

namespace saccade {
namespace {

class ActionRepeat : public WrapperEnv {
 public:
  ActionRepeat(const EnvSpec& spec, std::unique_ptr<Env> inner, int repeat)
      : WrapperEnv(spec, std::move(inner)),
        repeat_(repeat),
        terms_(spec.reward_terms.size()),
        observed_(static_cast<std::size_t>(spec.state_size())) {}

 private:
  void DoReset(const EpisodeKey& key, ObservationBuffer out) override { inner().Reset(key, out); }
  StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
    StepResult sum;
    std::fill(terms_.begin(), terms_.end(), 0.0);
    bool drawn = false;
    for (int i = 0; i < repeat_ && !sum.done(); ++i) {
      drawn = i + 1 == repeat_ || inner().steps() + 1 == inner().spec().max_steps;
      const StepResult step =
          inner().Step(action, drawn ? out : ObservationBuffer{out.state, ImageView{}});
      sum.reward += step.reward;
      sum.terminated = step.terminated;
      sum.truncated = step.truncated;
      sum.diverged = step.diverged;
      for (std::size_t k = 0; k < step.terms.size(); ++k) terms_[k] += step.terms[k];
    }
    if (!drawn && !sum.diverged) DrawPresent(out.pixels);
    sum.terms = terms_;
    return sum;
  }

  // Drawing costs more than everything else, so only the step that is expected to be the last of
  // its row draws. When a row ends before it, the state in which it ended is drawn by loading it.
  void DrawPresent(ImageView pixels) {
    if (pixels.data == nullptr) return;
    snapshot_.clear();
    inner().SaveState(snapshot_);
    inner().LoadState(snapshot_, {observed_, pixels});
  }

  void DoSaveState(std::vector<double>& out) const override { AppendInnerState(out); }
  void DoLoadState(std::span<const double> state, ObservationBuffer out) override {
    inner().LoadState(state, out);
  }
  void DoSetState(const TensorMap& state, ObservationBuffer out) override {
    inner().SetState(state, out);
  }

  int repeat_;
  std::vector<double> terms_;
  std::vector<double> observed_;  // by DrawPresent, for nobody
  std::vector<double> snapshot_;
};

class ActionRepeatBlueprint : public WrapperBlueprint {
 public:
  ActionRepeatBlueprint(std::shared_ptr<const EnvBlueprint> wrapped, int repeat)
      : WrapperBlueprint(std::move(wrapped)), repeat_(repeat) {
    EnvSpec& spec = mutable_spec();
    spec.control_step *= repeat;
    spec.max_steps = (spec.max_steps + repeat - 1) / repeat;
  }
  std::unique_ptr<Env> MakeEnv() const override {
    return std::make_unique<ActionRepeat>(spec(), inner().MakeEnv(), repeat_);
  }

 private:
  int repeat_;
};

}  // namespace

std::shared_ptr<const EnvBlueprint> RepeatActions(std::shared_ptr<const EnvBlueprint> inner,
                                                  int repeat) {
  SACCADE_CHECK(repeat >= 1);
  return std::make_shared<ActionRepeatBlueprint>(std::move(inner), repeat);
}

}  // namespace saccade

// A policy of your own, in one file: copy this folder, rename, and change what it computes.
//
//   u = W s              W (nu × n): the weights that evolution finds
//   a ← λ a + (1 - λ) u   low-pass filter, λ = smoothing; a = 0 at the start of an episode
//
// It uses everything that a policy can have: an option, weights, memory. docs/plugins.md tells how
// to build and load it.

#include <memory>
#include <span>

#include <Eigen/Core>

#include "core/api/policy.h"
#include "core/base/error.h"
#include "core/config/visitor.h"
#include "core/plugin/plugin.h"

// A namespace of your own keeps your names apart from everybody else's.
namespace skeleton {

// 1. The options, as the user writes them in the configuration:
//
//      policy: {name: skeleton, smoothing: 0.9}
//
// In-class initialisers are the defaults. Visit names each field, says what it means (with its
// unit) and what values it accepts; reading, checking and `saccade describe skeleton` come from
// this list.
struct Options {
  double smoothing = 0.5;

  void Visit(saccade::config::Visitor& v) {
    v.Field("smoothing", smoothing, "part of the previous action in the next one",
            saccade::config::Rule::HalfOpen(0, 1));
  }
};

// 2. The runner: one per worker, used by one thread at a time. It has the weights of the candidate
// that is being evaluated, and the memory of the episode.
class Runner : public saccade::PolicyRunner {
 public:
  // All memory is taken here, so that Act takes none.
  Runner(const Options& options, int states, int actions)
      : smoothing_(static_cast<float>(options.smoothing)),
        weight_(Eigen::MatrixXf::Zero(actions, states)),
        action_(Eigen::VectorXf::Zero(actions)) {}

  // Once per candidate. Copy the weights: they belong to somebody else.
  void Bind(std::span<const float> weights) override {
    weight_ = Eigen::Map<const Eigen::MatrixXf>(weights.data(), weight_.rows(), weight_.cols());
  }

  // Once per episode. Forget everything of the one before.
  void Reset() override { action_.setZero(); }

  // Once per step. The state comes normalised; the action may be any number, the runtime squashes
  // or clips it into the bounds of the environment.
  void Act(const saccade::Observation& observation, std::span<float> action) override {
    const Eigen::Map<const Eigen::VectorXf> state(observation.state.data(), weight_.cols());
    action_ *= smoothing_;
    action_.noalias() += (1 - smoothing_) * weight_ * state;
    Eigen::Map<Eigen::VectorXf>(action.data(), weight_.rows()) = action_;
  }

 private:
  float smoothing_;
  Eigen::MatrixXf weight_;
  Eigen::VectorXf action_;
};

// 3. The policy: the architecture, const and shared by all workers. Its layout names the blocks of
// the weight vector; it is stored with every checkpoint.
class Policy : public saccade::Policy {
 public:
  Policy(const Options& options, const saccade::PolicyContext& context)
      : options_(options), states_(context.state_size), actions_(context.action_size) {
    // What does not fit together is the user's to know: say what is wrong and what to do.
    if (states_ == 0) {
      throw saccade::InputError(
          "policy 'skeleton' needs a state, and the environment gives pixels only; switch its "
          "state "
          "observation on");
    }
    layout_.Add("weight", actions_, states_);
  }

  const saccade::ParamLayout& layout() const override { return layout_; }

  std::unique_ptr<saccade::PolicyRunner> MakeRunner() const override {
    return std::make_unique<Runner>(options_, states_, actions_);
  }

  // Training starts at zero weights, which suits this policy. Override Initialize where it does
  // not.

 private:
  Options options_;
  int states_;
  int actions_;
  saccade::ParamLayout layout_;
};

// 4. How the registry makes one.
std::unique_ptr<saccade::Policy> MakePolicy(const Options& options,
                                            const saccade::PolicyContext& context) {
  return std::make_unique<Policy>(options, context);
}

void Register(saccade::Registry& registry) {
  registry.policies().Add("skeleton", "a matrix and a low-pass filter, to copy from", MakePolicy);
}

}  // namespace skeleton

// 5. The one symbol that the library exports: name, version, and the function above.
SACCADE_PLUGIN("skeleton-policy", "1.0", skeleton::Register)

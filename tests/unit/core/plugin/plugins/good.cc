// A plug-in that does what plug-ins do: brings entries of two kinds, throws Saccade's errors, draws
// Saccade's random numbers, and has a function whose name the test program has, too.

#include <algorithm>

#include "core/base/error.h"
#include "core/plugin/plugin.h"
#include "tests/unit/core/plugin/shared_name.h"

namespace saccade {

const char* SharedName() { return "the plug-in's"; }

namespace {

struct Options {
  double gain = 2;
  void Visit(config::Visitor& v) {
    v.Field("gain", gain, "factor on the first state value", config::Rule::Positive());
  }
};

class GainPolicy : public Policy {
 public:
  GainPolicy(const Options& options, const PolicyContext& context) : gain_(options.gain) {
    if (context.action_size == 13) throw InputError(SharedName());
    layout_.Add("unused", context.action_size, 1);
  }

  const ParamLayout& layout() const override { return layout_; }
  std::unique_ptr<PolicyRunner> MakeRunner() const override {
    return std::make_unique<Runner>(gain_);
  }
  void Initialize(RandomStream& random, std::span<float> weights) const override {
    std::ranges::generate(weights, [&] { return static_cast<float>(random.Normal()); });
  }

 private:
  class Runner : public PolicyRunner {
   public:
    explicit Runner(double gain) : gain_(gain) {}
    void Bind(std::span<const float>) override {}
    void Act(const Observation& observation, std::span<float> action) override {
      std::ranges::fill(action, static_cast<float>(gain_) * observation.state[0]);
    }

   private:
    double gain_;
  };

  double gain_;
  ParamLayout layout_;
};

std::unique_ptr<Policy> MakeGain(const Options& options, const PolicyContext& context) {
  return std::make_unique<GainPolicy>(options, context);
}

// Calls what the test program never calls itself: it must have it nevertheless.
std::unique_ptr<Strategy> MakeNothing(const NoOptions&, const StrategyContext& context) {
  const Tensor seed = Tensor::Scalar(context.seed);
  throw InputError("no strategy from " + seed.ShapeText());
}

void RegisterAll(Registry& registry) {
  registry.policies().Add("gain", "multiplies", MakeGain);
  registry.strategies().Add("nothing", "refuses", MakeNothing);
}

}  // namespace
}  // namespace saccade

SACCADE_PLUGIN("good", "1.2.3", saccade::RegisterAll)

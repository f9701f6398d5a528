#include "policies/mlp/mlp.h"

#include "core/base/error.h"
#include "policies/layers/dense.h"

namespace saccade {
namespace {

class MlpRunner : public PolicyRunner {
 public:
  MlpRunner(const Input& input, const DenseStackSpec& hidden, const DenseSpec& output)
      : input_(input),
        x_(static_cast<std::size_t>(input.size())),
        hidden_(hidden),
        output_(output) {}

  void Bind(std::span<const float> weights) override {
    hidden_.Bind(weights);
    output_.Bind(weights);
  }

  void Act(const Observation& observation, std::span<float> action) override {
    output_.Apply(hidden_.Apply(input_.Gather(observation, x_)), action);
  }

 private:
  Input input_;
  std::vector<float> x_;
  DenseStack hidden_;
  Dense output_;
};

class MlpPolicy : public Policy {
 public:
  MlpPolicy(const MlpOptions& options, const PolicyContext& context)
      : options_(options), input_(context, options.input) {
    hidden_ = AddDenseStack("layer", input_.size(), options.hidden,
                            FindActivation(options.activation), options.bias, layout_);
    output_ = AddDense("output", hidden_.outputs, context.action_size, options.bias, layout_);
  }

  const ParamLayout& layout() const override { return layout_; }

  std::unique_ptr<PolicyRunner> MakeRunner() const override {
    return std::make_unique<MlpRunner>(input_, hidden_, output_);
  }

  void Initialize(RandomStream& random, std::span<float> weights) const override {
    hidden_.Initialize(random, options_.initial_scale, weights);
    output_.Initialize(random, options_.initial_output_scale, weights);
  }

 private:
  MlpOptions options_;
  Input input_;
  ParamLayout layout_;
  DenseStackSpec hidden_;
  DenseSpec output_;
};

}  // namespace

std::unique_ptr<Policy> MakeMlp(const MlpOptions& options, const PolicyContext& context) {
  return std::make_unique<MlpPolicy>(options, context);
}

}  // namespace saccade

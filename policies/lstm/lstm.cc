#include "policies/lstm/lstm.h"

#include "core/base/error.h"
#include "policies/layers/dense.h"
#include "policies/layers/lstm_cell.h"

namespace saccade {
namespace {

class LstmRunner : public PolicyRunner {
 public:
  LstmRunner(const Input& input, const DenseStackSpec& encoder, const LstmSpec& lstm,
             const DenseSpec& output)
      : input_(input),
        x_(static_cast<std::size_t>(input.size())),
        encoder_(encoder),
        lstm_(lstm),
        output_(output) {}

  void Bind(std::span<const float> weights) override {
    encoder_.Bind(weights);
    lstm_.Bind(weights);
    output_.Bind(weights);
    Reset();
  }

  void Reset() override { lstm_.Reset(); }

  void Act(const Observation& observation, std::span<float> action) override {
    lstm_.Step(encoder_.Apply(input_.Gather(observation, x_)));
    output_.Apply(lstm_.hidden(), action);
  }

 private:
  Input input_;
  std::vector<float> x_;
  DenseStack encoder_;
  LstmCell lstm_;
  Dense output_;
};

class LstmPolicy : public Policy {
 public:
  LstmPolicy(const LstmOptions& options, const PolicyContext& context)
      : options_(options), input_(context, options.input) {
    encoder_ = AddDenseStack("encoder", input_.size(), options.encoder,
                             FindActivation(options.activation), /*bias=*/true, layout_);
    lstm_ = AddLstm("lstm", encoder_.outputs, options.hidden, layout_);
    output_ = AddDense("output", options.hidden, context.action_size, /*bias=*/true, layout_);
  }

  const ParamLayout& layout() const override { return layout_; }

  std::unique_ptr<PolicyRunner> MakeRunner() const override {
    return std::make_unique<LstmRunner>(input_, encoder_, lstm_, output_);
  }

  void Initialize(RandomStream& random, std::span<float> weights) const override {
    encoder_.Initialize(random, options_.initial_scale, weights);
    lstm_.Initialize(random, options_.initial_scale, weights);
    output_.Initialize(random, options_.initial_output_scale, weights);
  }

 private:
  LstmOptions options_;
  Input input_;
  ParamLayout layout_;
  DenseStackSpec encoder_;
  LstmSpec lstm_;
  DenseSpec output_;
};

}  // namespace

std::unique_ptr<Policy> MakeLstm(const LstmOptions& options, const PolicyContext& context) {
  return std::make_unique<LstmPolicy>(options, context);
}

}  // namespace saccade

#include "es/openai_es.h"

#include "es/shaping.h"

namespace saccade::es {
namespace {

class OpenAiEs final : public GradientStrategy {
 public:
  OpenAiEs(const OpenAiEsOptions& options, const StrategyContext& context)
      : GradientStrategy("openai-es", options, context), shaping_(options.shaping) {}

 protected:
  Eigen::VectorXd Gradient(const Eigen::VectorXd& fitness) override {
    return perturbation().Slope(Shape(shaping_, fitness));
  }

 private:
  std::string shaping_;
};

}  // namespace

void OpenAiEsOptions::Visit(config::Visitor& v) {
  VisitCommon(v, "standard deviation of each weight's perturbation, in units of the weights");
  v.Field("shaping", shaping, "what the update sees of the returns", ShapingRule());
}

std::unique_ptr<Strategy> MakeOpenAiEs(const OpenAiEsOptions& options,
                                       const StrategyContext& context) {
  return std::make_unique<OpenAiEs>(options, context);
}

}  // namespace saccade::es

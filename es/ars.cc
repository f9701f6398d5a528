#include "es/ars.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "es/shaping.h"
#include "es/state.h"

namespace saccade::es {
namespace {

std::string TooManyKept(int kept, int directions) {
  return fmt::format("{} must not exceed {}, the number of directions (population / 2)", kept,
                     directions);
}

class Ars final : public GradientStrategy {
 public:
  Ars(const ArsOptions& options, const StrategyContext& context)
      : GradientStrategy("ars", options, context), top_directions_(options.top_directions) {
    options.perturbation.CheckPairs();
    if (top_directions_ > perturbation().count()) {
      throw InputError("top_directions: " + TooManyKept(top_directions_, perturbation().count()));
    }
  }

 protected:
  Eigen::VectorXd Gradient(const Eigen::VectorXd& fitness) override {
    return perturbation().Combine(Coefficients(FitnessValues(fitness)));
  }

 private:
  // (F_k⁺ - F_k⁻)/(b σ_R) of the kept directions, 0 of the others (N).
  Eigen::VectorXd Coefficients(const Eigen::VectorXd& returns) const {
    const int count = perturbation().count();
    const int kept = top_directions_ > 0 ? top_directions_ : count;
    const auto pairs = returns.reshaped(2, count);
    const std::vector<int> order = BestFirst(pairs.colwise().maxCoeff().transpose());
    Eigen::VectorXd kept_returns(2 * kept);
    for (int k = 0; k < kept; ++k) kept_returns.segment(2 * k, 2) = pairs.col(order[k]);
    const double deviation = StandardDeviation(kept_returns);
    Eigen::VectorXd coefficients = Eigen::VectorXd::Zero(count);
    if (deviation == 0) return coefficients;
    for (int k = 0; k < kept; ++k) {
      const int direction = order[k];
      coefficients[direction] = (pairs(0, direction) - pairs(1, direction)) / deviation / kept;
    }
    return coefficients;
  }

  int top_directions_;
};

}  // namespace

void ArsOptions::Visit(config::Visitor& v) {
  VisitCommon(v, "standard deviation of each weight's perturbation, in units of the weights");
  v.Field(
      "top_directions", top_directions,
      "directions kept for the update, those with the best returns; 0 keeps all. V1 and V2 keep "
      "all, V1-t and V2-t fewer; V2 and V2-t are the same with the policy's observations "
      "normalised",
      config::Rule::AtLeast(0));
  perturbation.RequirePairs(v);
  v.Require(top_directions <= population / 2, "top_directions",
            TooManyKept(top_directions, population / 2));
}

std::unique_ptr<Strategy> MakeArs(const ArsOptions& options, const StrategyContext& context) {
  return std::make_unique<Ars>(options, context);
}

}  // namespace saccade::es

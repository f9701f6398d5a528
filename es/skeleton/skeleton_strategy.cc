// A strategy of your own, in one file: copy this folder, rename, and replace DoAsk, DoCandidate and
// DoTell.
//
//   x_k = μ + σ z_k,  z_k ~ N(0, I),  k = 1 … λ;   μ ← the best x_k
//   σ ← σ · shrink when the best return did not improve
//
// This one is (1, λ) random search (Rechenberg 1973). Shapes: μ, z (n). Units: σ in those of the
// weights. Cost: O(n) per candidate. docs/plugins.md tells how to build and load it.

#include <cmath>
#include <memory>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "core/api/strategy.h"
#include "core/base/rng.h"
#include "core/config/visitor.h"
#include "core/plugin/plugin.h"

// A namespace of your own keeps your names apart from everybody else's.
namespace skeleton {

// 1. What a user may set, with its defaults. The strings are what `saccade describe` prints.
struct Options {
  int population = 32;
  double sigma = 0.1;
  double shrink = 0.95;

  void Visit(saccade::config::Visitor& v) {
    using saccade::config::Rule;
    v.Field("population", population, "candidates per generation", Rule::AtLeast(1));
    v.Field("sigma", sigma, "standard deviation of each weight at first, in units of the weights",
            Rule::Positive());
    v.Field("shrink", shrink, "factor on sigma after a generation without progress",
            {.low = 0, .high = 1, .low_open = true});
  }
};

// 2. The search distribution and how it moves. The base class checks the protocol and the sizes.
class Strategy final : public saccade::Strategy {
 public:
  Strategy(const Options& options, const saccade::StrategyContext& context)
      : saccade::Strategy(context),
        options_(options),
        mean_(context.start),
        sigma_(options.sigma) {}

  bool mirrored() const override { return false; }  // true: candidates 2i and 2i+1 are a pair
  std::string_view name() const override { return "random-search"; }
  const Eigen::VectorXd& mean() const override { return mean_; }
  double sigma() const override { return sigma_; }

 protected:
  // Opens generation generation(). Whatever all candidates share is prepared here.
  int DoAsk() override { return options_.population; }

  // Called from many threads at once, for one index several times, maybe in another process: a
  // candidate depends on the seed, the generation, the index and the state, and on nothing else.
  void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    saccade::RandomStream random(seed(), saccade::Stream::kPerturbation,
                                 static_cast<std::uint32_t>(generation()),
                                 static_cast<std::uint32_t>(index));
    for (int j = 0; j < dimension(); ++j) out[j] = mean_[j] + sigma_ * random.Normal();
  }

  // Higher is better. NaN marks a failed candidate; at least one value is a number.
  void DoTell(const Eigen::VectorXd& fitness) override {
    int best = -1;
    for (int i = 0; i < fitness.size(); ++i) {
      if (std::isfinite(fitness[i]) && (best < 0 || fitness[i] > fitness[best])) best = i;
    }
    Eigen::VectorXd winner(dimension());
    DoCandidate(best, winner);  // drawn again: candidates need not be stored
    mean_ = winner;
    if (has_best_ && fitness[best] <= best_return_) sigma_ *= options_.shrink;
    has_best_ = true;
    best_return_ = fitness[best];
  }

  // Everything that the next generation depends on. The base class adds the name, the number of
  // weights and the generation, and refuses what does not fit.
  void DoSave(saccade::TensorMap& state) const override {
    state["mean"] =
        saccade::Tensor::From<double>({mean_.data(), static_cast<std::size_t>(dimension())});
    state["sigma"] = saccade::Tensor::Scalar(sigma_);
    state["has_best"] = saccade::Tensor::Scalar<std::int64_t>(has_best_);
    state["best_return"] = saccade::Tensor::Scalar(best_return_);
  }

  // Reads everything before it changes anything: Require and Values throw when something is wrong.
  void DoLoad(const saccade::TensorMap& state) override {
    const std::vector<double> mean = saccade::Require<double>(state, "mean", dimension());
    const double sigma = saccade::Require<double>(state, "sigma", 1)[0];
    const bool has_best = saccade::Require<std::int64_t>(state, "has_best", 1)[0] != 0;
    best_return_ = saccade::Require<double>(state, "best_return", 1)[0];
    mean_ = Eigen::Map<const Eigen::VectorXd>(mean.data(), dimension());
    sigma_ = sigma;
    has_best_ = has_best;
  }

 private:
  Options options_;
  Eigen::VectorXd mean_;
  double sigma_;
  bool has_best_ = false;
  double best_return_ = 0;
};

// 3. How the options and what the runtime knows become a strategy. Check here what depends on both
// (such as the number of weights) and throw InputError.
std::unique_ptr<saccade::Strategy> MakeStrategy(const Options& options,
                                                const saccade::StrategyContext& context) {
  return std::make_unique<Strategy>(options, context);
}

void Register(saccade::Registry& registry) {
  registry.strategies().Add("random-search", "(1, λ) random search, to copy from", MakeStrategy);
}

}  // namespace skeleton

// 4. The one symbol that the library exports: name, version, and the function above.
SACCADE_PLUGIN("skeleton-strategy", "1.0", skeleton::Register)

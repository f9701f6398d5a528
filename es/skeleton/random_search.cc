#include "es/skeleton/random_search.h"

#include <cmath>

#include "core/base/error.h"
#include "core/base/rng.h"

namespace saccade::es {
namespace {

class RandomSearch final : public Strategy {
 public:
  RandomSearch(const RandomSearchOptions& options, const StrategyContext& context)
      : Strategy(context), options_(options), mean_(context.start), sigma_(options.sigma) {}

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
    RandomStream random(seed(), Stream::kPerturbation, static_cast<std::uint32_t>(generation()),
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
  void DoSave(TensorMap& state) const override {
    state["mean"] = Tensor::From<double>({mean_.data(), static_cast<std::size_t>(dimension())});
    state["sigma"] = Tensor::Scalar(sigma_);
    state["has_best"] = Tensor::Scalar<std::int64_t>(has_best_);
    state["best_return"] = Tensor::Scalar(best_return_);
  }

  // Reads everything before it changes anything: Require and Values throw when something is wrong.
  void DoLoad(const TensorMap& state) override {
    const std::vector<double> mean = Require(state, "mean", dimension()).Values<double>();
    const double sigma = Require(state, "sigma", 1).Values<double>()[0];
    const bool has_best = Require(state, "has_best", 1).Values<std::int64_t>()[0] != 0;
    best_return_ = Require(state, "best_return", 1).Values<double>()[0];
    mean_ = Eigen::Map<const Eigen::VectorXd>(mean.data(), dimension());
    sigma_ = sigma;
    has_best_ = has_best;
  }

 private:
  RandomSearchOptions options_;
  Eigen::VectorXd mean_;
  double sigma_;
  bool has_best_ = false;
  double best_return_ = 0;
};

}  // namespace

void RandomSearchOptions::Visit(config::Visitor& v) {
  v.Field("population", population, "candidates per generation", config::Rule::AtLeast(1));
  v.Field("sigma", sigma, "standard deviation of each weight at first, in units of the weights",
          config::Rule::Positive());
  v.Field("shrink", shrink, "factor on sigma after a generation without progress",
          {.low = 0, .high = 1, .low_open = true});
}

std::unique_ptr<Strategy> MakeRandomSearch(const RandomSearchOptions& options,
                                           const StrategyContext& context) {
  return std::make_unique<RandomSearch>(options, context);
}

void RegisterRandomSearch(Registry& registry) {
  registry.strategies().Add("random-search", "(1, λ) random search, the skeleton of a strategy",
                            MakeRandomSearch);
}

}  // namespace saccade::es

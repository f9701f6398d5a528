#include "tests/testing/fakes.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <new>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

namespace saccade::fakes {
namespace {

using config::Rule;

std::atomic<std::int64_t> steps_done = 0;

struct FakeEnvOptions {
  int steps = 20;
  double fail_at = 1e9;
  double diverge_at = 1e9;
  bool bounded = true;

  void Visit(config::Visitor& v) {
    v.Field("steps", steps, "steps of an episode", Rule::AtLeast(1));
    v.Field("fail_at", fail_at, "throws beyond this", Rule::Any());
    v.Field("diverge_at", diverge_at, "diverges beyond this", Rule::Any());
    v.Field("bounded", bounded, "whether actions have bounds");
  }
};

class FakeEnv : public Env {
 public:
  FakeEnv(const EnvSpec& spec, const FakeEnvOptions& options) : Env(spec), options_(options) {}

 private:
  void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
    key.MakeStream().FillNormal(x_);
    Observe(out);
  }
  StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
    ++steps_done;
    StepResult result;
    for (int i = 0; i < 3; ++i) {
      x_[i] += action[static_cast<std::size_t>(i)];
      result.reward -= x_[i] * x_[i];
    }
    if (x_[0] > options_.fail_at) throw std::runtime_error("the fake fails as told");
    result.diverged = x_[0] > options_.diverge_at;
    Observe(out);
    return result;
  }
  void DoSaveState(std::vector<double>& out) const override { out.insert(out.end(), x_, x_ + 3); }
  void DoLoadState(std::span<const double> state, ObservationBuffer out) override {
    std::copy(state.begin(), state.end(), x_);
    Observe(out);
  }
  void Observe(ObservationBuffer out) const { std::copy(x_, x_ + 3, out.state.begin()); }

  FakeEnvOptions options_;
  double x_[3] = {};
};

class FakeBlueprint : public EnvBlueprint {
 public:
  explicit FakeBlueprint(const FakeEnvOptions& options) : options_(options) {
    spec_.name = "fake-env";
    spec_.observation = {{"x", 3}};
    const double most = options.bounded ? 1 : std::numeric_limits<double>::infinity();
    spec_.action_low = {-most, -most, -most};
    spec_.action_high = {most, most, most};
    spec_.max_steps = options.steps;
  }
  const EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<Env> MakeEnv() const override {
    return std::make_unique<FakeEnv>(spec_, options_);
  }

 private:
  FakeEnvOptions options_;
  EnvSpec spec_;
};

struct FakeEsOptions {
  int population = 6;
  bool mirrored = false;
  int at_most = 1'000'000;
  double sleep = 0;
  bool fits = true;

  void Visit(config::Visitor& v) {
    v.Field("population", population, "candidates", Rule::AtLeast(0));
    v.Field("mirrored", mirrored, "what it says of its candidates");
    v.Field("at_most", at_most, "refuses more weights", Rule::AtLeast(0));
    v.Field("sleep", sleep, "seconds that it takes to write a candidate", Rule::AtLeast(0));
    v.Field("fits", fits, "whether memory is enough");
  }
};

class FakeEs : public Strategy {
 public:
  FakeEs(const FakeEsOptions& options, const StrategyContext& context)
      : Strategy(context), options_(options), mean_(context.start) {
    if (!options.fits) throw std::bad_alloc();
    if (dimension() > options.at_most) {
      throw InputError(
          fmt::format("the fake serves up to {} weights, not {}", options.at_most, dimension()));
    }
  }

  std::string_view name() const override { return "fake-es"; }
  bool mirrored() const override { return options_.mirrored; }
  const Eigen::VectorXd& mean() const override { return mean_; }
  double sigma() const override { return kSigma; }

 private:
  static constexpr double kSigma = 0.1;

  int DoAsk() override { return options_.population; }
  void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    if (options_.sleep > 0) {
      std::this_thread::sleep_for(std::chrono::duration<double>(options_.sleep));
    }
    RandomStream random(seed(), Stream::kPerturbation, static_cast<std::uint32_t>(generation()),
                        static_cast<std::uint32_t>(index));
    for (Eigen::Index i = 0; i < out.size(); ++i) out[i] = mean_[i] + kSigma * random.Normal();
  }
  void DoTell(const Eigen::VectorXd& fitness) override {
    int best = -1;
    for (int i = 0; i < fitness.size(); ++i) {
      if (!std::isnan(fitness[i]) && (best < 0 || fitness[i] > fitness[best])) best = i;
    }
    Eigen::VectorXd next(dimension());
    DoCandidate(best, next);
    mean_ = next;
  }
  void DoSave(TensorMap& state) const override {
    state["mean"] =
        Tensor::From(std::span<const double>(mean_.data(), static_cast<std::size_t>(dimension())));
  }
  void DoLoad(const TensorMap& state) override {
    const auto mean = Require<double>(state, "mean", dimension());
    mean_ = Eigen::Map<const Eigen::VectorXd>(mean.data(), dimension());
  }

  FakeEsOptions options_;
  Eigen::VectorXd mean_;
};

std::shared_ptr<const EnvBlueprint> MakeFakeEnv(const FakeEnvOptions& options, const EnvContext&) {
  return std::make_shared<FakeBlueprint>(options);
}

std::unique_ptr<Strategy> MakeFakeEs(const FakeEsOptions& options, const StrategyContext& context) {
  return std::make_unique<FakeEs>(options, context);
}

}  // namespace

std::int64_t FakeSteps() { return steps_done; }

void RegisterFakes(Registry& registry) {
  registry.envs().Add("fake-env", "a walk in three dimensions", MakeFakeEnv);
  registry.strategies().Add("fake-es", "moves to the best candidate", MakeFakeEs);
}

}  // namespace saccade::fakes

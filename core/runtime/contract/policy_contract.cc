#include "core/runtime/contract/policy_contract.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "core/runtime/allocation_counter.h"
#include "core/runtime/contract/checklist.h"

namespace saccade::contract {
namespace {

constexpr int kSteps = 20;
constexpr double kWeightDeviation = 0.5;
constexpr float kUnwritten = std::numeric_limits<float>::quiet_NaN();

using Floats = std::vector<float>;
using Actions = std::vector<Floats>;  // of an episode

// The observation of a step, a function of (seed, step).
class Scenery {
 public:
  Scenery(const PolicyContext& context, std::uint64_t seed)
      : seed_(seed), state_(static_cast<std::size_t>(context.state_size)) {
    if (context.pixels) {
      pixels_ = Image(context.pixels->height, context.pixels->width, context.pixels->channels);
    }
  }

  Observation Look(int step) {
    RandomStream random(seed_, Stream::kTest, 0, static_cast<std::uint32_t>(step));
    for (float& number : state_) number = static_cast<float>(random.Normal());
    const ImageView view = pixels_.view();
    for (std::size_t i = 0; i < view.size(); ++i) {
      view.data[i] = static_cast<std::uint8_t>(random.NextU32() >> 24);
    }
    return {state_, view};
  }
  const std::vector<std::uint8_t>& pixels() const { return pixels_.data(); }

 private:
  std::uint64_t seed_;
  Floats state_;
  Image pixels_;
};

class PolicyContract {
 public:
  PolicyContract(const Policy& policy, const PolicyContext& context, const Options& options)
      : policy_(policy), context_(context), options_(options) {}

  std::vector<Finding> Run();

 private:
  void LayoutCoversTheWeights() const;
  void ActionsAreNumbers() const;
  void SameWeightsSameActions() const;
  void InitializeIsAFunctionOfItsStream() const;
  void BindCopies() const;
  void BindReplaces() const;
  void ResetForgets() const;
  void ActAllocatesNothing() const;
  void ObservationsAreOnlyRead() const;
  void RunnersShareNothing() const;

  Floats Weights(std::uint32_t index) const;
  Floats Act(PolicyRunner& runner, Scenery& scenery, int step) const;
  Actions Play(PolicyRunner& runner, std::uint64_t scenery_seed,
               const std::function<void()>& between = {}) const;
  // What a fresh runner does under weights `index`.
  Actions Expected(std::uint32_t index) const;
  void ExpectSame(const Actions& expected, const Actions& actual, const std::string& remedy) const;

  const Policy& policy_;
  PolicyContext context_;
  Options options_;
};

std::vector<Finding> PolicyContract::Run() {
  Checklist list;
  list.Require("the layout covers the weights", [&] { LayoutCoversTheWeights(); });
  list.Require("actions are numbers", [&] { ActionsAreNumbers(); });
  list.Require("the same weights give the same actions", [&] { SameWeightsSameActions(); });
  list.Check("Initialize is a function of its stream", [&] { InitializeIsAFunctionOfItsStream(); });
  list.Check("Bind copies the weights", [&] { BindCopies(); });
  list.Check("Bind replaces the weights", [&] { BindReplaces(); });
  list.Check("Reset forgets", [&] { ResetForgets(); });
  list.Check("Act allocates nothing", [&] { ActAllocatesNothing(); });
  list.Check("observations are only read", [&] { ObservationsAreOnlyRead(); });
  list.Check("runners share nothing", [&] { RunnersShareNothing(); });
  return list.findings();
}

void PolicyContract::LayoutCoversTheWeights() const {
  if (policy_.layout().size() == 0) {
    throw Broken("the layout has no weights; Add a block for each matrix that evolution changes");
  }
  if (policy_.MakeRunner() == nullptr) {
    throw Broken("MakeRunner returns nullptr; it must return a new runner");
  }
}

Floats PolicyContract::Weights(std::uint32_t index) const {
  RandomStream random(options_.seed, Stream::kInitialParameters, 0, index);
  Floats weights(static_cast<std::size_t>(policy_.layout().size()));
  for (float& weight : weights) weight = static_cast<float>(kWeightDeviation * random.Normal());
  return weights;
}

Floats PolicyContract::Act(PolicyRunner& runner, Scenery& scenery, int step) const {
  Floats action(static_cast<std::size_t>(context_.action_size), kUnwritten);
  runner.Act(scenery.Look(step), action);
  return action;
}

Actions PolicyContract::Play(PolicyRunner& runner, std::uint64_t scenery_seed,
                             const std::function<void()>& between) const {
  Scenery scenery(context_, scenery_seed);
  runner.Reset();
  Actions actions;
  for (int step = 0; step < kSteps; ++step) {
    if (between) between();
    actions.push_back(Act(runner, scenery, step));
  }
  return actions;
}

Actions PolicyContract::Expected(std::uint32_t index) const {
  const auto runner = policy_.MakeRunner();
  const Floats weights = Weights(index);
  runner->Bind(weights);
  return Play(*runner, options_.seed);
}

void PolicyContract::ExpectSame(const Actions& expected, const Actions& actual,
                                const std::string& remedy) const {
  for (std::size_t step = 0; step < expected.size(); ++step) {
    for (std::size_t i = 0; i < expected[step].size(); ++i) {
      if (std::bit_cast<std::uint32_t>(expected[step][i]) ==
          std::bit_cast<std::uint32_t>(actual[step][i]))
        continue;
      throw Broken(fmt::format("step {}: action {} is {} and {}; {}", step, i, expected[step][i],
                               actual[step][i], remedy));
    }
  }
}

void PolicyContract::ActionsAreNumbers() const {
  const Actions actions = Expected(0);
  for (std::size_t step = 0; step < actions.size(); ++step) {
    for (std::size_t i = 0; i < actions[step].size(); ++i) {
      if (std::isfinite(actions[step][i])) continue;
      throw Broken(
          fmt::format("step {}: action {} is {} or was not written; write all {} at each "
                      "step",
                      step, i, actions[step][i], context_.action_size));
    }
  }
}

void PolicyContract::SameWeightsSameActions() const {
  ExpectSame(Expected(0), Expected(0),
             "two fresh runners; an action is a function of the weights and of the episode so far");
}

void PolicyContract::InitializeIsAFunctionOfItsStream() const {
  const auto initialize = [&] {
    Floats weights(static_cast<std::size_t>(policy_.layout().size()), kUnwritten);
    RandomStream random(options_.seed, Stream::kInitialParameters, 0, 0);
    policy_.Initialize(random, weights);
    return weights;
  };
  const Floats first = initialize();
  const Floats second = initialize();
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!std::isfinite(first[i])) {
      throw Broken(fmt::format("weight {} is {} or was not written; write all {}", i, first[i],
                               first.size()));
    }
    if (first[i] != second[i]) {
      throw Broken(
          fmt::format("weight {} is {} and {} from the same stream; draw from the stream "
                      "only",
                      i, first[i], second[i]));
    }
  }
}

void PolicyContract::BindCopies() const {
  const auto runner = policy_.MakeRunner();
  Floats weights = Weights(0);
  runner->Bind(weights);
  std::ranges::copy(Weights(1), weights.begin());  // into the same memory
  ExpectSame(Expected(0), Play(*runner, options_.seed),
             "the memory of the weights has changed since Bind: it belongs to somebody else, copy "
             "them");
}

void PolicyContract::BindReplaces() const {
  const auto runner = policy_.MakeRunner();
  const Floats other = Weights(1);
  const Floats weights = Weights(0);
  runner->Bind(other);
  runner->Bind(weights);
  ExpectSame(Expected(0), Play(*runner, options_.seed),
             "other weights were bound before these: Bind must replace all of them");
}

void PolicyContract::ResetForgets() const {
  const auto runner = policy_.MakeRunner();
  const Floats weights = Weights(0);
  runner->Bind(weights);
  Play(*runner, options_.seed + 1);
  ExpectSame(Expected(0), Play(*runner, options_.seed),
             "this is after another episode: Reset must clear whatever Act remembers");
}

void PolicyContract::ActAllocatesNothing() const {
  const auto runner = policy_.MakeRunner();
  const Floats weights = Weights(0);
  runner->Bind(weights);
  Play(*runner, options_.seed);
  Scenery scenery(context_, options_.seed);
  Floats action(static_cast<std::size_t>(context_.action_size));
  runner->Reset();
  for (int step = 0; step < kSteps; ++step) {
    const Observation observation = scenery.Look(step);
    const AllocationCounter counter;
    runner->Act(observation, action);
    const long count = counter.count();
    if (count == 0) continue;
    throw Broken(
        fmt::format("step {}: {} allocation{}; take all memory in the runner's "
                    "constructor (Eigen: .noalias(), .eval() into members)",
                    step, count, count == 1 ? "" : "s"));
  }
}

void PolicyContract::ObservationsAreOnlyRead() const {
  if (!context_.pixels) throw NotChecked("a state is read-only by its type");
  const auto runner = policy_.MakeRunner();
  const Floats weights = Weights(0);
  runner->Bind(weights);
  runner->Reset();
  Scenery shown(context_, options_.seed);
  Scenery untouched(context_, options_.seed);
  for (int step = 0; step < kSteps; ++step) {
    Act(*runner, shown, step);
    untouched.Look(step);
    if (shown.pixels() == untouched.pixels()) continue;
    throw Broken(fmt::format("step {}: Act changed the pixels it was shown; work on a copy", step));
  }
}

// In step, so that each meets the other one in the middle of its episode.
void PolicyContract::RunnersShareNothing() const {
  const Actions alone[] = {Expected(0), Expected(1)};
  const std::unique_ptr<PolicyRunner> runners[] = {policy_.MakeRunner(), policy_.MakeRunner()};
  const Floats weights[] = {Weights(0), Weights(1)};
  Actions together[2];
  InStep([&](int thread, const std::function<void()>& next) {
    runners[thread]->Bind(weights[thread]);
    together[thread] = Play(*runners[thread], options_.seed, next);
  });
  for (int thread = 0; thread < 2; ++thread) {
    ExpectSame(alone[thread], together[thread],
               "alone and beside another runner on another thread; whatever Bind, Reset or Act "
               "change belongs to the runner, not to the policy or a global");
  }
}

}  // namespace

std::vector<Finding> CheckPolicy(const Policy& policy, const PolicyContext& context,
                                 const Options& options) {
  return PolicyContract(policy, context, options).Run();
}

}  // namespace saccade::contract

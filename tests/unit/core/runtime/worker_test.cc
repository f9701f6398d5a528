#include "core/runtime/worker.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/unit/core/runtime/fake_experiment.h"

namespace saccade {
namespace {

EpisodeKey KeyOf(std::uint32_t index) { return {5, Stream::kTest, 0, index}; }

std::vector<double> WeightsFor(const Experiment& experiment) {
  std::vector<double> weights(static_cast<std::size_t>(experiment.policy().layout().size()));
  RandomStream(1, Stream::kTest, 0, 0).FillNormal(weights);
  return weights;
}

void ExpectEqual(const Moments& a, const Moments& b) {
  EXPECT_EQ(a.count(), b.count());
  EXPECT_EQ(a.mean(), b.mean());
  EXPECT_EQ(a.Variance(), b.Variance());
}

// Of as many steps as fill up what is handed over at once, and of more and fewer.
TEST(Worker, CountsEveryStateOnce) {
  for (const int steps : {1, 5, 16, 20, 32}) {
    const Experiment experiment = fakes::MakeExperiment({"env.steps=" + std::to_string(steps)});
    const ObservationFilter filter(3, 10);
    Worker worker(experiment);
    worker.Bind(WeightsFor(experiment));
    Moments seen(3);
    EXPECT_EQ(worker.Run(KeyOf(1), filter, &seen).length, steps);

    Moments expected(3);
    worker.Start(KeyOf(1));
    for (bool done = false; !done; done = worker.StepEnv().done()) {
      expected.Add(worker.state());
      worker.Act(filter);
    }
    EXPECT_EQ(seen.count(), steps);
    ExpectEqual(seen, expected);
  }
}

TEST(Worker, AnEpisodeThatThrowsLeavesNothingForTheNext) {
  const Experiment experiment = fakes::MakeExperiment({"env.fail_at=2", "env.steps=4"});
  const ObservationFilter filter(3, 10);
  Worker worker(experiment);
  worker.Bind(WeightsFor(experiment));
  int thrown = 0;
  for (std::uint32_t i = 0; i < 20; ++i) {
    Moments after(3);
    Worker fresh(experiment);
    fresh.Bind(WeightsFor(experiment));
    Moments expected(3);
    try {
      fresh.Run(KeyOf(i), filter, &expected);
    } catch (const Error&) {
      ++thrown;
      EXPECT_THROW(worker.Run(KeyOf(i), filter, &after), Error);
      continue;
    }
    worker.Run(KeyOf(i), filter, &after);
    ExpectEqual(after, expected);
  }
  EXPECT_GT(thrown, 0);
  EXPECT_LT(thrown, 20);
}

class PolicyWithoutRunner : public Policy {
 public:
  PolicyWithoutRunner() { layout_.Add("w", 1, 1); }
  const ParamLayout& layout() const override { return layout_; }
  std::unique_ptr<PolicyRunner> MakeRunner() const override { return nullptr; }
  void Initialize(RandomStream&, std::span<float>) const override {}

 private:
  ParamLayout layout_;
};

std::unique_ptr<Policy> MakePolicyWithoutRunner(const fakes::NoOptions&, const PolicyContext&) {
  return std::make_unique<PolicyWithoutRunner>();
}

TEST(Worker, APolicyWithoutRunnerIsAnError) {
  Registry registry = fakes::TestRegistry();
  registry.policies().Add("none", "makes no runner", MakePolicyWithoutRunner);
  config::Node root = config::ParseYaml(fakes::kConfig, "test.yaml");
  config::ApplyOverride(root, "policy.name=none");
  const Experiment experiment(registry, root);
  EXPECT_THAT([&] { Worker worker(experiment); },
              testing::ThrowsMessage<Error>("the policy's MakeRunner returns nullptr"));
}

TEST(Worker, ACutEpisodeIsTruncated) {
  const Experiment experiment = fakes::MakeExperiment();
  Worker worker(experiment);
  worker.Bind(std::vector<double>(static_cast<std::size_t>(experiment.policy().layout().size())));
  const ObservationFilter filter(3, 10);
  const EpisodeKey key{1, Stream::kTrainingEpisode, 0, 0};
  const EpisodeResult cut = worker.Run(key, filter, nullptr, 7);
  EXPECT_EQ(cut.length, 7);
  EXPECT_TRUE(cut.truncated);
  EXPECT_FALSE(cut.terminated);
  const EpisodeResult whole = worker.Run(key, filter, nullptr);
  EXPECT_EQ(whole.length, 20);
  EXPECT_LT(whole.total_reward, cut.total_reward);
}

}  // namespace
}  // namespace saccade

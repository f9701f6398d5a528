// An environment and a policy of which each keeps its own contract, for each rule that they break
// together: exactly that rule says so.

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/runtime/contract/experiment_contract.h"
#include "tests/contract/broken.h"
#include "tests/testing/fakes.h"

namespace saccade::contract {
namespace {

std::atomic<int> corridors = 0;  // that exist

// x ← x + u, far from zero. Keeps every rule, as long as nobody minds how many of it there are.
class Corridor : public Env {
 public:
  explicit Corridor(const EnvSpec& spec) : Env(spec) { ++corridors; }
  ~Corridor() override { --corridors; }

 protected:
  void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
    x_ = 100 + key.MakeStream().Normal();
    out.state[0] = x_;
  }
  StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
    x_ += action[0];
    out.state[0] = x_;
    return {.reward = x_};
  }
  void DoSaveState(std::vector<double>& out) const override { out.push_back(x_); }
  void DoLoadState(std::span<const double> state, ObservationBuffer out) override {
    x_ = state[0];
    out.state[0] = x_;
  }

  double x_ = 0;
};

std::atomic<int> longest = 0;  // steps of an episode of a CountedCorridor

class CountedCorridor : public Corridor {
 public:
  using Corridor::Corridor;

 protected:
  StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
    longest = std::max(longest.load(), steps());
    return Corridor::DoStep(action, out);
  }
};

template <class Kind>
class Blueprint : public EnvBlueprint {
 public:
  Blueprint() {
    spec_.name = "corridor";
    spec_.observation = {{"x", 1}};
    spec_.action_low = {-1};
    spec_.action_high = {1};
    spec_.max_steps = 30;
  }
  const EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<Env> MakeEnv() const override { return std::make_unique<Kind>(spec_); }

 private:
  EnvSpec spec_;
};

// a ← tanh(w x).
class Walker : public PolicyRunner {
 public:
  void Bind(std::span<const float> weights) override { weight_ = weights[0]; }
  void Act(const Observation& observation, std::span<float> action) override {
    action[0] = std::tanh(weight_ * observation.state[0]);
  }

 private:
  float weight_ = 0;
};

std::atomic<int> runners = 0;  // that were ever made

class CountedWalker : public Walker {
 public:
  CountedWalker() { ++runners; }
};

template <class Kind>
class Walking : public Policy {
 public:
  Walking() { layout_.Add("w", 1, 1); }
  const ParamLayout& layout() const override { return layout_; }
  std::unique_ptr<PolicyRunner> MakeRunner() const override { return std::make_unique<Kind>(); }

 private:
  ParamLayout layout_;
};

template <class EnvKind, class RunnerKind>
Experiment Make(const std::string& strategy = "{name: fake-es}") {
  Registry registry;
  fakes::RegisterFakes(registry);
  registry.envs().Add<NoOptions>("corridor", "a walk", [](const NoOptions&, const EnvContext&) {
    return std::make_shared<const Blueprint<EnvKind>>();
  });
  registry.policies().Add<NoOptions>("walker", "walks", [](const NoOptions&, const PolicyContext&) {
    return std::make_unique<Walking<RunnerKind>>();
  });
  return {registry, config::ParseYaml("env: {name: corridor}\npolicy: {name: walker}\n"
                                      "strategy: " +
                                          strategy + "\n",
                                      "test")};
}

std::vector<Section> Check(const Experiment& experiment) {
  std::vector<Section> sections;
  CheckExperiment(experiment, {}, [&](const Section& section) { sections.push_back(section); });
  return sections;
}

template <class EnvKind, class RunnerKind>
void ExpectBreaksTogether(const std::string& rule, const std::string& detail) {
  const auto sections = Check(Make<EnvKind, RunnerKind>());
  ASSERT_EQ(sections.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) ExpectKept(sections[i].findings);
  EXPECT_EQ(sections[3].title, "together");
  ExpectBroken(sections[3].findings, rule, detail);
}

// The others are checked all the same.
TEST(BrokenExperiment, AStrategyWithoutCandidates) {
  const auto sections = Check(Make<Corridor, Walker>("{name: fake-es, population: 0}"));
  ASSERT_EQ(sections.size(), 3U);
  ExpectKept(sections[0].findings);
  ExpectKept(sections[1].findings);
  EXPECT_GT(CountBroken(sections[2].findings), 0);
}

TEST(BrokenExperiment, TheSoundOneKeepsEveryRule) {
  const auto sections = Check(Make<Corridor, Walker>());
  ASSERT_EQ(sections.size(), 4U);
  for (const Section& section : sections) ExpectKept(section.findings);
  EXPECT_EQ(sections[3].findings.size(), 4U);
  for (const Finding& finding : sections[3].findings) {
    EXPECT_EQ(finding.verdict, Verdict::kHolds) << finding.rule << ": " << finding.detail;
  }
}

// Whoever waits for a long check sees what is done.
TEST(BrokenExperiment, ASectionIsReportedBeforeTheNextIsChecked) {
  struct Stop {};
  runners = 0;
  const Experiment experiment = Make<Corridor, CountedWalker>();
  EXPECT_THROW(CheckExperiment(experiment, {}, [](const Section&) { throw Stop(); }), Stop);
  EXPECT_EQ(runners, 0);
  Check(experiment);
  EXPECT_GT(runners, 0);
}

TEST(BrokenExperiment, EpisodesAreCutAsTold) {
  const Experiment experiment = Make<CountedCorridor, Walker>();
  longest = 0;
  ExpectKept(CheckTogether(experiment, {.longest = 7}));
  EXPECT_EQ(longest, 7);
  ExpectKept(CheckTogether(experiment, {}));
  EXPECT_EQ(longest, 30);
}

// It meets nothing beyond 8 on its own; the corridor is seen at the clip of 10.
TEST(BrokenExperiment, CandidatesDoNotRun) {
  class Kind : public Walker {
    void Act(const Observation& observation, std::span<float> action) override {
      if (observation.state[0] > 8) throw std::out_of_range("too far");
      Walker::Act(observation, action);
    }
  };
  ExpectBreaksTogether<Corridor, Kind>("candidates run", "too far");
}

// The rules of the environment look at its steps.
TEST(BrokenExperiment, ResetAllocates) {
  class Kind : public Corridor {
    using Corridor::Corridor;
    void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
      history_ = std::vector<double>(10);
      Corridor::DoReset(key, out);
    }
    std::vector<double> history_;
  };
  ExpectBreaksTogether<Kind, Walker>("episodes allocate nothing", "in the second episode");
}

// Each worker has an environment, and the policy counts them.
TEST(BrokenExperiment, PolicyLooksBesideItsObservation) {
  class Kind : public Walker {
    void Act(const Observation& observation, std::span<float> action) override {
      Walker::Act(observation, action);
      action[0] /= static_cast<float>(1 + corridors);
    }
  };
  ExpectBreaksTogether<Corridor, Kind>("threads do not matter", "candidate 0: return ");
}

}  // namespace
}  // namespace saccade::contract

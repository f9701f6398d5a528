// One broken environment for each rule of the contract: exactly that rule says so.

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/base/error.h"
#include "core/runtime/contract/env_contract.h"
#include "tests/contract/broken.h"
#include "tests/contract/walk.h"

namespace saccade::contract {
namespace {

// Diverges at the bounds, so that what is wrong inside of them is seen by one rule alone.
class Careful : public Walk {
 public:
  using Walk::Walk;

 private:
  StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
    StepResult result = Walk::DoStep(action, out);
    result.diverged = std::abs(action[0]) >= 1;
    return result;
  }
};

template <class Kind>
class Blueprint : public EnvBlueprint {
 public:
  explicit Blueprint(EnvSpec spec = SoundSpec()) : spec_(std::move(spec)) {}
  const EnvSpec& spec() const override { return spec_; }
  std::unique_ptr<Env> MakeEnv() const override { return std::make_unique<Kind>(spec_); }

 private:
  EnvSpec spec_;
};

template <class Kind>
void ExpectBreaks(const std::string& rule, const std::string& detail) {
  ExpectBroken(CheckEnv(Blueprint<Kind>(), {}), rule, detail);
}

TEST(BrokenEnv, TheSoundOneKeepsEveryRule) {
  const auto findings = CheckEnv(Blueprint<Walk>(), {});
  EXPECT_EQ(findings.size(), 13u);
  for (const Finding& finding : findings) {
    EXPECT_EQ(finding.verdict, Verdict::kHolds) << finding.rule << ": " << finding.detail;
  }
}

TEST(BrokenEnv, Spec) {
  const auto expect = [](void (*damage)(EnvSpec&), const std::string& detail) {
    EnvSpec spec = SoundSpec();
    damage(spec);
    ExpectBroken(CheckEnv(Blueprint<Walk>(spec), {}), "the spec is complete", detail);
  };
  expect([](EnvSpec& s) { s.name = ""; }, "EnvSpec::name is empty");
  expect([](EnvSpec& s) { s.observation[1].size = 0; }, "observation 'v' has 0 numbers");
  expect([](EnvSpec& s) { s.observation[1].name = "x"; }, "two observations are called 'x'");
  expect([](EnvSpec& s) { s.observation = {}; }, "observes nothing");
  expect([](EnvSpec& s) { s.pixels = PixelSpec{4, 0, 3}; }, "4 × 0 × 3");
  expect([](EnvSpec& s) { s.action_high = {}; }, "has 1 lower and 0 upper bounds of actions");
  expect([](EnvSpec& s) { s.action_low = {1}; }, "action 0 is in [1, 1]");
  expect([](EnvSpec& s) { s.max_steps = 0; }, "has at most 0 steps an episode");
  expect([](EnvSpec& s) { s.control_step = -1; }, "control_step -1 s");
}

TEST(BrokenEnv, SpecOfItsOwn) {
  class Kind : public Walk {
   public:
    explicit Kind(const EnvSpec&) : Walk(Copy()) {}
    static const EnvSpec& Copy() {
      static const EnvSpec spec = SoundSpec();
      return spec;
    }
  };
  ExpectBreaks<Kind>("the spec is complete", "spec() is not its blueprint's");
}

TEST(BrokenEnv, Throws) {
  class Kind : public Walk {
    using Walk::Walk;
    StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
      if (steps() == 4) throw std::runtime_error("it is too hot");
      return Walk::DoStep(action, out);
    }
  };
  ExpectBreaks<Kind>("episodes run", "episode 0, step 4: environment walk threw 'it is too hot'");
}

TEST(BrokenEnv, ErrorsOfTheMachineAreNoBreach) {
  class Kind : public Walk {
    using Walk::Walk;
    void DoReset(const EpisodeKey&, ObservationBuffer) override {
      throw EnvironmentError("no GL device");
    }
  };
  EXPECT_THROW(CheckEnv(Blueprint<Kind>(), {}), Error);
}

TEST(BrokenEnv, SameKeyOtherEpisode) {
  class Kind : public Walk {
    using Walk::Walk;
    void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
      static std::atomic<int> episodes = 0;
      Walk::DoReset(key, out);
      x_ += ++episodes;
      Observe(out);
    }
  };
  ExpectBreaks<Kind>("the same key gives the same episode",
                     "episode 0, step 0: observation 'x'[0] is");
}

template <int coordinate>
class Deaf : public Walk {
  using Walk::Walk;
  void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
    EpisodeKey heard = key;
    if (coordinate == 0) heard.seed = 0;
    if (coordinate == 1) heard.generation = 0;
    if (coordinate == 2) heard.stream = Stream::kTest;
    if (coordinate == 3) heard.index = 0;
    Walk::DoReset(heard, out);
  }
};

TEST(BrokenEnv, OtherKeySameEpisode) {
  const std::string rule = "another key gives another episode";
  ExpectBreaks<Deaf<0>>(rule, "keys with another seed give the same episode");
  ExpectBreaks<Deaf<1>>(rule, "keys with another generation give the same episode");
  ExpectBreaks<Deaf<2>>(rule, "keys with another stream give the same episode");
  ExpectBreaks<Deaf<3>>(rule, "keys with another index give the same episode");
}

// A robot that begins every episode in the same pose is no mistake.
TEST(BrokenEnv, DeafToEveryCoordinate) {
  class Kind : public Walk {
    using Walk::Walk;
    void DoReset(const EpisodeKey&, ObservationBuffer out) override { Walk::DoReset({}, out); }
  };
  const auto findings = CheckEnv(Blueprint<Kind>(), {});
  ExpectKept(findings);
  EXPECT_EQ(findings[3].verdict, Verdict::kNotChecked);
  EXPECT_THAT(findings[3].detail, testing::StartsWith("every episode begins in the same state"));
}

TEST(BrokenEnv, NumberNotWritten) {
  class Kind : public Careful {
    using Careful::Careful;
    void Observe(ObservationBuffer out) const override { out.state[0] = x_; }
  };
  ExpectBreaks<Kind>("observations are written",
                     "episode 0, step 0: observation 'v'[0] is not written");
}

TEST(BrokenEnv, WritesBesideTheBuffer) {
  class Kind : public Walk {
    using Walk::Walk;
    void Observe(ObservationBuffer out) const override {
      Walk::Observe(out);
      out.state.data()[2] = 1;
    }
  };
  ExpectBreaks<Kind>("observations are written", "episode 0, step 0: wrote outside of the buffer");
}

TEST(BrokenEnv, PixelNotWritten) {
  class Kind : public Walk {
    using Walk::Walk;
    void Observe(ObservationBuffer out) const override {
      Walk::Observe(out);
      std::fill_n(out.pixels.data, 15, 3);
    }
  };
  EnvSpec spec = SoundSpec();
  spec.pixels = PixelSpec{4, 4, 1};
  ExpectBroken(CheckEnv(Blueprint<Kind>(spec), {}), "observations are written",
               "episode 0, step 0: byte 15 of the pixels is not written");
}

// A renderer's driver allocates as it likes: an Env that says that it draws is not asked.
class Drawing : public Walk {
 public:
  using Walk::Walk;
  // Nobody looks into it: it only must be there.
  Scene scene() override { return {reinterpret_cast<const mjModel_*>(this), nullptr}; }

 protected:
  void Observe(ObservationBuffer out) const override {
    Walk::Observe(out);
    drawn_.assign(drawn_.size() + 1, 0);
  }

 private:
  mutable std::vector<char> drawn_;
};

TEST(BrokenEnv, OnlyAnEnvThatSaysThatItDrawsMayAllocate) {
  class Honest : public Drawing {
    using Drawing::Drawing;
    double render_seconds() const override { return 1e-3; }
  };
  const auto findings = CheckEnv(Blueprint<Honest>(), {});
  ExpectKept(findings);
  EXPECT_EQ(findings[8].rule, "Step allocates nothing");
  EXPECT_EQ(findings[8].verdict, Verdict::kNotChecked);
  ExpectBreaks<Drawing>("Step allocates nothing", "episode 1, step 1: 1 allocation");
}

TEST(BrokenEnv, RewardIsNotANumber) {
  class Kind : public Walk {
    using Walk::Walk;
    StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
      StepResult result = Walk::DoStep(action, out);
      if (steps() == 3) result.reward = std::log(-1.0);
      return result;
    }
  };
  ExpectBreaks<Kind>("rewards are numbers", "episode 0, step 3: the reward is");
}

TEST(BrokenEnv, TermsOfAnotherCount) {
  class Kind : public Walk {
    using Walk::Walk;
    StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
      StepResult result = Walk::DoStep(action, out);
      result.terms = {};
      return result;
    }
  };
  ExpectBreaks<Kind>("rewards are numbers",
                     "episode 0, step 1: 0 reward terms, but EnvSpec::reward_terms names 1");
}

TEST(BrokenEnv, TermIsNotANumber) {
  class Kind : public Walk {
    using Walk::Walk;
    StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
      StepResult result = Walk::DoStep(action, out);
      term_ = std::numeric_limits<double>::infinity();
      return result;
    }
  };
  ExpectBreaks<Kind>("rewards are numbers", "episode 0, step 1: the reward term 'position' is inf");
}

TEST(BrokenEnv, TruncatesEarly) {
  class Kind : public Walk {
    using Walk::Walk;
    StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
      StepResult result = Walk::DoStep(action, out);
      result.truncated = steps() == 12;
      return result;
    }
  };
  ExpectBreaks<Kind>("episodes end in time",
                     "episode 0, step 12: truncated, but EnvSpec::max_steps is 30");
}

TEST(BrokenEnv, ResetRemembers) {
  class Kind : public Walk {
    using Walk::Walk;
    void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
      const double speed = v_;
      Walk::DoReset(key, out);
      v_ = speed;  // forgotten
      Observe(out);
    }
    void DoSetState(const TensorMap& state, ObservationBuffer out) override {
      v_ = 0;
      Walk::DoSetState(state, out);
    }
  };
  ExpectBreaks<Kind>("Reset forgets", "episode 0, step 0: observation 'v'[0] is 0 and");
}

TEST(BrokenEnv, StepAllocates) {
  class Kind : public Walk {
    using Walk::Walk;
    StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
      if (steps() == 7) history_ = std::vector<double>(10, x_);
      return Walk::DoStep(action, out);
    }
    std::vector<double> history_;
  };
  ExpectBreaks<Kind>("Step allocates nothing", "episode 1, step 7: 1 allocation;");
}

TEST(BrokenEnv, SavesTooLittle) {
  class Kind : public Walk {
    using Walk::Walk;
    void DoSaveState(std::vector<double>& out) const override { out.insert(out.end(), {x_, 0}); }
  };
  ExpectBreaks<Kind>("LoadState continues", "episode 0, step 5: observation 'v'[0] is");
}

// What was drawn for the episode is hidden, and whoever has drawn the same does not miss it.
TEST(BrokenEnv, LoadsWithoutWhatTheResetDrew) {
  class Kind : public Walk {
    using Walk::Walk;
    void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
      RandomStream random = key.MakeStream();
      wind_ = random.Normal();
      Walk::DoReset(key, out);
    }
    StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
      StepResult result = Walk::DoStep(action, out);
      result.reward += wind_;
      return result;
    }
    double wind_ = 0;
  };
  ExpectBreaks<Kind>("LoadState continues", "this is after LoadState in another Env");
}

// What is observed at once is right, and yet something hidden is missing.
TEST(BrokenEnv, LoadsTooLittle) {
  class Kind : public Walk {
    using Walk::Walk;
    void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
      hidden_ = 0;
      Walk::DoReset(key, out);
    }
    StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
      hidden_ += 1;
      StepResult result = Walk::DoStep(action, out);
      result.reward += hidden_;
      return result;
    }
    double hidden_ = 0;
  };
  ExpectBreaks<Kind>("LoadState continues", "this is after LoadState in the same Env");
}

TEST(BrokenEnv, SavesMoreAndMore) {
  class Kind : public Walk {
    using Walk::Walk;
    void DoSaveState(std::vector<double>& out) const override {
      Walk::DoSaveState(out);
      out.insert(out.end(), static_cast<std::size_t>(steps()), x_);
    }
  };
  ExpectBreaks<Kind>("LoadState continues", "it must always give the same count");
}

TEST(BrokenEnv, NamedStateIsNotGivenBack) {
  class Kind : public Walk {
    using Walk::Walk;
    TensorMap DoGetState() const override {
      return {{"x", Tensor::Scalar(x_)}, {"v", Tensor::Scalar(v_ + 1)}};
    }
  };
  ExpectBreaks<Kind>("named states can be set", "'v' is not what SetState was given");
}

TEST(BrokenEnv, NamedStateIsNotObserved) {
  class Kind : public Walk {
    using Walk::Walk;
    void DoSetState(const TensorMap& state, ObservationBuffer out) override {
      Walk::DoSetState(state, out);
      out.state[0] = 0;
    }
  };
  ExpectBreaks<Kind>("named states can be set", "SetState must start the episode as if Reset had");
}

TEST(BrokenEnv, AcceptsUnknownNames) {
  class Kind : public Walk {
    using Walk::Walk;
    void DoSetState(const TensorMap& state, ObservationBuffer out) override {
      x_ = Require<double>(state, "x", 1)[0];
      v_ = Require<double>(state, "v", 1)[0];
      Observe(out);
    }
  };
  ExpectBreaks<Kind>("named states can be set", "SetState accepts an array of unknown name");
}

TEST(BrokenEnv, AcceptsWrongSizes) {
  class Kind : public Walk {
    using Walk::Walk;
    void DoSetState(const TensorMap& state, ObservationBuffer out) override {
      if (state.size() > 2) throw InputError("walk has x and v");
      x_ = Require<double>(state, "x")[0];
      v_ = Require<double>(state, "v", 1)[0];
      Observe(out);
    }
  };
  ExpectBreaks<Kind>("named states can be set", "SetState accepts 2 numbers for 'x', which has 1");
}

TEST(BrokenEnv, NamedStatesAreACapability) {
  class Kind : public Walk {
    using Walk::Walk;
    bool has_named_state() const override { return false; }
  };
  const auto findings = CheckEnv(Blueprint<Kind>(), {});
  EXPECT_EQ(CountBroken(findings), 0);
  EXPECT_EQ(findings[10],
            (Finding{"named states can be set", Verdict::kNotChecked, "the environment has none"}));
}

TEST(BrokenEnv, DiesOfLargeActions) {
  class Kind : public Walk {
    using Walk::Walk;
    StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
      if (std::abs(action[0]) > 1) throw std::out_of_range("action");
      return Walk::DoStep(action, out);
    }
  };
  ExpectBreaks<Kind>("finite actions are survived",
                     "episode 0, step 1: environment walk threw 'action'");
}

// Each alone does what it should, and the two take turns in a single x.
TEST(BrokenEnv, SharesItsState) {
  class Kind : public Walk {
    using Walk::Walk;
    static std::atomic<double>& shared() {
      static std::atomic<double> x = 0;
      return x;
    }
    void DoReset(const EpisodeKey& key, ObservationBuffer out) override {
      Walk::DoReset(key, out);
      shared() = x_;
    }
    StepResult DoStep(std::span<const double> action, ObservationBuffer out) override {
      x_ = shared();
      const StepResult result = Walk::DoStep(action, out);
      shared() = x_;
      return result;
    }
    void DoLoadState(std::span<const double> state, ObservationBuffer out) override {
      Walk::DoLoadState(state, out);
      shared() = x_;
    }
  };
  ExpectBreaks<Kind>("Envs share nothing", "beside another Env on another thread");
}

TEST(BrokenEnv, WhatMeansNothingIsNotChecked) {
  EnvSpec spec = SoundSpec();
  spec.max_steps = 0;
  const auto findings = CheckEnv(Blueprint<Walk>(spec), {});
  ASSERT_EQ(findings.size(), 13u);
  for (std::size_t i = 1; i < findings.size(); ++i) {
    EXPECT_EQ(findings[i].verdict, Verdict::kNotChecked);
    EXPECT_EQ(findings[i].detail, "means nothing unless 'the spec is complete' holds");
  }
}

}  // namespace
}  // namespace saccade::contract

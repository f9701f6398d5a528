// One broken policy for each rule of the contract: exactly that rule says so.

#include <atomic>
#include <limits>

#include "core/runtime/contract/policy_contract.h"
#include "tests/contract/broken.h"

namespace saccade::contract {
namespace {

constexpr PolicyContext kContext = {.state_size = 2, .pixels = {}, .action_size = 1};

// a ← ½ a + w · s; keeps every rule. The broken ones change one thing each.
class Runner : public PolicyRunner {
 public:
  void Bind(std::span<const float> weights) override {
    std::copy(weights.begin(), weights.end(), weights_);
  }
  void Reset() override { memory_ = 0; }
  void Act(const Observation& observation, std::span<float> action) override {
    memory_ = memory_ / 2 + weights_[0] * observation.state[0] + weights_[1] * observation.state[1];
    action[0] = memory_;
  }

 protected:
  float weights_[2] = {};
  float memory_ = 0;
};

template <class Kind>
class Fixed : public Policy {
 public:
  Fixed() { layout_.Add("w", 1, 2); }
  const ParamLayout& layout() const override { return layout_; }
  std::unique_ptr<PolicyRunner> MakeRunner() const override { return std::make_unique<Kind>(); }

 protected:
  ParamLayout layout_;
};

template <class Kind>
void ExpectBreaks(const std::string& rule, const std::string& detail) {
  ExpectBroken(CheckPolicy(Fixed<Kind>(), kContext, {}), rule, detail);
}

TEST(BrokenPolicy, TheSoundOneKeepsEveryRule) {
  const auto findings = CheckPolicy(Fixed<Runner>(), kContext, {});
  EXPECT_EQ(findings.size(), 10u);
  ExpectKept(findings);
}

TEST(BrokenPolicy, Layout) {
  class Empty : public Fixed<Runner> {
   public:
    Empty() { layout_ = {}; }
  };
  ExpectBroken(CheckPolicy(Empty(), kContext, {}), "the layout covers the weights",
               "the layout has no weights");
}

TEST(BrokenPolicy, ActionNotWritten) {
  class Kind : public Runner {
    void Act(const Observation&, std::span<float>) override {}
  };
  ExpectBreaks<Kind>("actions are numbers", "step 0: action 0 is nan or was not written");
}

TEST(BrokenPolicy, ActsAtRandom) {
  class Kind : public Runner {
    void Act(const Observation& observation, std::span<float> action) override {
      static std::atomic<int> calls = 0;
      Runner::Act(observation, action);
      action[0] += static_cast<float>(++calls);
    }
  };
  ExpectBreaks<Kind>("the same weights give the same actions", "step 0: action 0 is");
}

TEST(BrokenPolicy, InitializesInPart) {
  class Kind : public Fixed<Runner> {
    void Initialize(RandomStream&, std::span<float> weights) const override { weights[0] = 0; }
  };
  ExpectBroken(CheckPolicy(Kind(), kContext, {}), "Initialize is a function of its stream",
               "weight 1 is nan or was not written; write all 2");
}

TEST(BrokenPolicy, InitializesAtRandom) {
  class Kind : public Fixed<Runner> {
    void Initialize(RandomStream&, std::span<float> weights) const override {
      static std::atomic<int> calls = 0;
      std::fill(weights.begin(), weights.end(), static_cast<float>(++calls));
    }
  };
  ExpectBroken(CheckPolicy(Kind(), kContext, {}), "Initialize is a function of its stream",
               "from the same stream; draw from the stream only");
}

TEST(BrokenPolicy, BindKeepsThePointer) {
  class Kind : public Runner {
    void Bind(std::span<const float> weights) override { borrowed_ = weights; }
    void Act(const Observation& observation, std::span<float> action) override {
      Runner::Bind(borrowed_);
      Runner::Act(observation, action);
    }
    std::span<const float> borrowed_;
  };
  ExpectBreaks<Kind>("Bind copies the weights", "it belongs to somebody else, copy them");
}

TEST(BrokenPolicy, BindAddsUp) {
  class Kind : public Runner {
    void Bind(std::span<const float> weights) override {
      for (int i = 0; i < 2; ++i) weights_[i] += weights[static_cast<std::size_t>(i)];
    }
  };
  ExpectBreaks<Kind>("Bind replaces the weights", "other weights were bound before these");
}

TEST(BrokenPolicy, ResetRemembers) {
  class Kind : public Runner {
    void Reset() override {}
  };
  ExpectBreaks<Kind>("Reset forgets", "Reset must clear whatever Act remembers");
}

TEST(BrokenPolicy, ActAllocates) {
  class Kind : public Runner {
    void Act(const Observation& observation, std::span<float> action) override {
      copy_ = std::vector<float>(observation.state.begin(), observation.state.end());
      Runner::Act(observation, action);
    }
    std::vector<float> copy_;
  };
  ExpectBreaks<Kind>("Act allocates nothing", "step 0: 1 allocation;");
}

TEST(BrokenPolicy, PaintsThePixels) {
  class Kind : public Runner {
    void Act(const Observation& observation, std::span<float> action) override {
      Runner::Act(observation, action);
      observation.pixels.data[3] ^= 1;
    }
  };
  PolicyContext context = kContext;
  context.pixels = PixelSpec{2, 2, 1};
  ExpectBroken(CheckPolicy(Fixed<Kind>(), context, {}), "observations are only read",
               "step 0: Act changed the pixels");
}

TEST(BrokenPolicy, SharesItsMemory) {
  class Kind : public Runner {
    static std::atomic<float>& shared() {
      static std::atomic<float> memory = 0;
      return memory;
    }
    void Reset() override { shared() = 0; }
    void Act(const Observation& observation, std::span<float> action) override {
      memory_ = shared();
      Runner::Act(observation, action);
      shared() = memory_;
    }
  };
  ExpectBreaks<Kind>("runners share nothing", "beside another runner on another thread");
}

}  // namespace
}  // namespace saccade::contract

// One broken strategy for each rule of the contract: exactly that rule says so.

#include <atomic>
#include <cmath>
#include <vector>

#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/runtime/contract/strategy_contract.h"
#include "tests/contract/broken.h"

namespace saccade::contract {
namespace {

constexpr int kDimension = 3;

// A mirrored random search that moves to its best candidate; keeps every rule. The broken ones
// change one thing each.
class Search : public Strategy {
 public:
  Search() : Strategy({Eigen::VectorXd::Zero(kDimension), 1}) {}

  bool mirrored() const override { return true; }
  std::string_view name() const override { return "search"; }
  const Eigen::VectorXd& mean() const override { return mean_; }
  double sigma() const override { return sigma_; }

 protected:
  int DoAsk() override { return 6; }
  void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    Draw(static_cast<std::uint32_t>(generation()), index, out);
  }
  void DoTell(const Eigen::VectorXd& fitness) override {
    int best = -1;
    for (int i = 0; i < fitness.size(); ++i) {
      if (std::isfinite(fitness[i]) && (best < 0 || fitness[i] > fitness[best])) best = i;
    }
    Eigen::VectorXd next(kDimension);
    DoCandidate(best, next);
    mean_ = next;
    sigma_ *= 0.9;
  }
  void DoSave(TensorMap& state) const override {
    state["mean"] = Tensor::From<double>({mean_.data(), kDimension});
    state["sigma"] = Tensor::Scalar(sigma_);
  }
  void DoLoad(const TensorMap& state) override {
    const auto mean = Require<double>(state, "mean", kDimension);
    sigma_ = Require<double>(state, "sigma", 1)[0];
    mean_ = Eigen::Map<const Eigen::VectorXd>(mean.data(), kDimension);
  }

  void Draw(std::uint32_t drawn_generation, int index, Eigen::Ref<Eigen::VectorXd> out) const {
    RandomStream random(seed(), Stream::kPerturbation, drawn_generation,
                        static_cast<std::uint32_t>(index / 2));
    const double sign = index % 2 == 0 ? 1 : -1;
    for (int j = 0; j < kDimension; ++j) out[j] = mean_[j] + sign * sigma_ * random.Normal();
  }

  Eigen::VectorXd mean_ = Eigen::VectorXd::Zero(kDimension);
  double sigma_ = 0.5;
};

template <class Kind>
void ExpectBreaks(const std::string& rule, const std::string& detail) {
  ExpectBroken(CheckStrategy([] { return std::make_unique<Kind>(); }), rule, detail);
}

TEST(BrokenStrategy, TheSoundOneKeepsEveryRule) {
  const auto findings = CheckStrategy([] { return std::make_unique<Search>(); });
  EXPECT_EQ(findings.size(), 8u);
  ExpectKept(findings);
}

TEST(BrokenStrategy, AShortMeanIsRefusedWhereItIsUsed) {
  class Kind : public Search {
   public:
    void Shorten() { mean_.conservativeResize(kDimension - 1); }

   private:
    void DoTell(const Eigen::VectorXd&) override { Shorten(); }
    void DoLoad(const TensorMap&) override { Shorten(); }
  };
  const auto expect_refusal = [](const auto& use) {
    try {
      use();
      FAIL() << "taken";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "strategy search: its mean has 2 numbers for 3 weights");
    }
  };
  Kind told;
  const std::vector<double> fitness(static_cast<std::size_t>(told.Ask()), 1.0);
  expect_refusal([&] { told.Tell(fitness); });
  expect_refusal([&] { told.Ask(); });
  Kind loaded;
  expect_refusal([&] { loaded.Load(Search().Save()); });
}

TEST(BrokenStrategy, StartsWithoutAScale) {
  class Kind : public Search {
   public:
    Kind() { sigma_ = 0; }
  };
  ExpectBreaks<Kind>("it starts at a mean", "after generation 0 sigma() is 0");
}

TEST(BrokenStrategy, CandidateNotWritten) {
  class Kind : public Search {
    void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
      if (index != 4) Search::DoCandidate(index, out);
    }
  };
  ExpectBreaks<Kind>("generations run",
                     "generation 0: candidate 4 is not finite, or not all of it");
}

TEST(BrokenStrategy, Throws) {
  class Kind : public Search {
    void DoTell(const Eigen::VectorXd&) override { throw std::runtime_error("it is too hot"); }
  };
  ExpectBreaks<Kind>("generations run", "strategy search threw 'it is too hot'");
}

TEST(BrokenStrategy, RunsAtRandom) {
  class Kind : public Search {
    void DoTell(const Eigen::VectorXd& fitness) override {
      static std::atomic<int> calls = 0;
      Search::DoTell(fitness);
      mean_[1] += ++calls;
    }
  };
  ExpectBreaks<Kind>("the same seed gives the same run", "weight 1 of the mean is");
}

// Right as long as they are drawn in order.
TEST(BrokenStrategy, CandidatesDependOnTheirOrder) {
  class Kind : public Search {
    int DoAsk() override {
      previous_ = -1;
      return Search::DoAsk();
    }
    void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
      Search::DoCandidate(index, out);
      if (previous_.exchange(index) > index) out *= 1.5;
    }
    bool mirrored() const override { return false; }
    mutable std::atomic<int> previous_ = -1;
  };
  ExpectBreaks<Kind>("candidates are functions of their index", "is another one when it is drawn");
}

TEST(BrokenStrategy, EveryGenerationIsTheSame) {
  class Kind : public Search {
    void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
      Draw(0, index, out);
    }
  };
  ExpectBreaks<Kind>("generations differ", "is followed by the same candidates");
}

TEST(BrokenStrategy, IsNotMirrored) {
  class Kind : public Search {
    void DoCandidate(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
      Search::DoCandidate(2 * index, out);
    }
  };
  ExpectBreaks<Kind>("mirrored means opposite pairs", "candidates 0 and 1 do not lie opposite");
}

TEST(BrokenStrategy, SavesTooLittle) {
  class Kind : public Search {
    void DoSave(TensorMap& state) const override {
      Search::DoSave(state);
      state["sigma"] = Tensor::Scalar(0.5);
    }
  };
  ExpectBreaks<Kind>("Load continues", "one run was saved after generation 3 and loaded");
}

TEST(BrokenStrategy, BelievesFailures) {
  class Kind : public Search {
    void DoTell(const Eigen::VectorXd& fitness) override {
      Search::DoTell(fitness);
      mean_[0] += 1e-9 * fitness.mean();
    }
  };
  ExpectBreaks<Kind>("failures are survived", "after generation 1 the mean is not finite");
}

}  // namespace
}  // namespace saccade::contract

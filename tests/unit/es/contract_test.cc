// What every strategy of es/ keeps beyond the contract of core/api/strategy.h (tests/contract).

#include "core/config/schema.h"
#include "tests/unit/es/testing.h"

namespace saccade::es {
namespace {

using Vector = Eigen::VectorXd;

constexpr int kDimension = 12;

Vector Start() { return RandomVector(kDimension, 1); }

std::vector<std::string> Names() { return Strategies().strategies().Names(); }

std::unique_ptr<Strategy> MakeNamed(const std::string& name, std::uint64_t seed = 1) {
  return Make("{name: " + name + "}", Start(), seed);
}

double Sphere(const Vector& x) { return 10 - (x.array() - 1).square().sum(); }

// Only the order of the returns counts.
bool IsRankBased(const std::string& name) { return name != "ars"; }

// These do not move on a flat fitness; the others take a neutral random step.
class EveryStrategy : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Strategy, EveryStrategy, testing::ValuesIn(Names()),
                         [](const auto& param_info) {
                           std::string name = param_info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(Catalogue, HasTheStrategiesOfTheFoundation) {
  EXPECT_THAT(Names(), testing::ElementsAre("ars", "cma-es", "cr-fm-nes", "guided-es", "openai-es",
                                            "pgpe", "random-search", "sep-cma-es", "snes"));
}

TEST_P(EveryStrategy, KnowsItsNameAndStartsWhereItIsTold) {
  const auto strategy = MakeNamed(GetParam());
  EXPECT_EQ(strategy->name(), GetParam());
  EXPECT_EQ(strategy->mean(), Start());
  EXPECT_EQ(strategy->dimension(), kDimension);
  EXPECT_GT(strategy->sigma(), 0);
}

TEST_P(EveryStrategy, AnotherSeedIsAnotherRun) {
  const auto mean_after = [](std::uint64_t seed) {
    const auto strategy = MakeNamed(GetParam(), seed);
    RunGenerations(*strategy, Sphere, 5);
    return Vector(strategy->mean());
  };
  EXPECT_NE(mean_after(1), mean_after(2));
}

// Where the search begins makes no difference to how it goes on.
TEST_P(EveryStrategy, MovesWithTheFitness) {
  const Vector shift = RandomVector(kDimension, 2);
  const auto mean_after = [&](const Vector& by) {
    const auto strategy = Make("{name: " + GetParam() + "}", Start() + by);
    RunGenerations(
        *strategy, [&](const Vector& x) { return Sphere(x - by); }, 6);
    return Vector(strategy->mean() - by);
  };
  const Vector plain = mean_after(Vector::Zero(kDimension));
  EXPECT_GT((plain - Start()).norm(), 0.01);
  EXPECT_LT((plain - mean_after(shift)).cwiseAbs().maxCoeff(), 1e-9);
}

TEST_P(EveryStrategy, SavedStateContinuesBitwise) {
  const auto whole = MakeNamed(GetParam());
  RunGenerations(*whole, Sphere, 7);
  const auto resumed = MakeNamed(GetParam());
  resumed->Load(whole->Save());
  EXPECT_EQ(resumed->generation(), 7);
  RunGenerations(*whole, Sphere, 7);
  RunGenerations(*resumed, Sphere, 7);
  EXPECT_TRUE(SameBytes(whole->Save(), resumed->Save()));
  EXPECT_EQ(whole->mean(), resumed->mean());
  EXPECT_EQ(whole->sigma(), resumed->sigma());
}

TEST_P(EveryStrategy, LoadingReplacesTheWholeState) {
  const auto source = MakeNamed(GetParam());
  RunGenerations(*source, Sphere, 4);
  const auto other = MakeNamed(GetParam());
  RunGenerations(
      *other, [](const Vector& x) { return x[0]; }, 9);
  other->Load(source->Save());
  EXPECT_TRUE(SameBytes(source->Save(), other->Save()));
}

TEST_P(EveryStrategy, RefusesTheStateOfAnotherStrategyOrSize) {
  for (const std::string& name : Names()) {
    if (name == GetParam()) continue;
    EXPECT_EQ(ErrorOf([&] { MakeNamed(GetParam())->Load(MakeNamed(name)->Save()); }),
              "the saved state is of strategy '" + name + "' with 12 weights, but this run has '" +
                  GetParam() + "' with 12; resume with the configuration that made it");
  }
  const auto larger = Make("{name: " + GetParam() + "}", RandomVector(kDimension + 1, 1));
  EXPECT_THAT(ErrorOf([&] { MakeNamed(GetParam())->Load(larger->Save()); }),
              testing::HasSubstr("with 13 weights, but this run has '" + GetParam() + "' with 12"));
}

// Every array is needed, of its size, and a refused state changes nothing.
TEST_P(EveryStrategy, RefusesDamagedStatesAndStaysAsItWas) {
  const auto source = MakeNamed(GetParam());
  RunGenerations(*source, Sphere, 3);
  const TensorMap good = source->Save();
  const auto strategy = MakeNamed(GetParam());
  RunGenerations(*strategy, Sphere, 1);
  const TensorMap before = strategy->Save();
  for (const auto& [name, tensor] : good) {
    TensorMap missing = good;
    missing.erase(name);
    EXPECT_THAT(ErrorOf([&] { strategy->Load(missing); }),
                testing::HasSubstr("array '" + name + "' is missing"));
    EXPECT_TRUE(SameBytes(strategy->Save(), before)) << name;
    if (name == "strategy") continue;
    TensorMap wrong_size = good;
    wrong_size[name] = Tensor::From<double>(std::vector<double>(kDimension * kDimension + 1, 1.0));
    EXPECT_NE(ErrorOf([&] { strategy->Load(wrong_size); }), "no error") << name;
    EXPECT_TRUE(SameBytes(strategy->Save(), before)) << name;
  }
}

TEST_P(EveryStrategy, KnowsWhetherItsCandidatesAreMirrored) {
  const auto strategy = MakeNamed(GetParam());
  const Eigen::MatrixXd x = AskAll(*strategy).colwise() - strategy->mean();
  EXPECT_EQ(x.col(0).isApprox(-x.col(1), 1e-9), strategy->mirrored());
}

// Also when nothing was learnt.
TEST_P(EveryStrategy, NoCandidateComesAgain) {
  const auto strategy = MakeNamed(GetParam());
  const Eigen::MatrixXd first = AskAll(*strategy);
  TellAll(*strategy, Vector::Constant(first.cols(), kNaN));
  const Eigen::MatrixXd second = AskAll(*strategy);
  EXPECT_EQ(first.cols(), second.cols());
  EXPECT_GT((first - second).cwiseAbs().minCoeff(), 0);
}

TEST_P(EveryStrategy, DoesNotMoveWhenAllHaveFailed) {
  const auto strategy = MakeNamed(GetParam());
  RunGenerations(*strategy, Sphere, 2);
  TensorMap before = strategy->Save();
  RunGenerations(
      *strategy, [](const Vector&) { return kNaN; }, 1);
  TensorMap after = strategy->Save();
  before.erase("generation");
  after.erase("generation");
  EXPECT_TRUE(SameBytes(before, after));
}

TEST_P(EveryStrategy, AFailedCandidateCountsAsTheWorst) {
  const auto step = [](double failed, double worst) {
    const auto strategy = MakeNamed(GetParam());
    Vector fitness = Evaluate(Sphere, AskAll(*strategy));
    fitness[2] = worst;
    fitness[3] = failed;
    TellAll(*strategy, fitness);
    return Vector(strategy->mean());
  };
  // In a ranking below every other one; where values count, like the worst of them.
  const double same = IsRankBased(GetParam()) ? -2000.0 : -1000.0;
  EXPECT_EQ(step(kNaN, -1000), step(same, -1000));
  EXPECT_EQ(step(std::numeric_limits<double>::infinity(), -1000), step(kNaN, -1000));
  EXPECT_EQ(step(-std::numeric_limits<double>::infinity(), -1000), step(kNaN, -1000));
}

TEST_P(EveryStrategy, RankBasedOnesAreTheSameBitsUnderIncreasingTransforms) {
  const auto mean_after = [](const std::function<double(double)>& transform) {
    const auto strategy = MakeNamed(GetParam());
    RunGenerations(
        *strategy, [&](const Vector& x) { return transform(Sphere(x)); }, 6);
    return Vector(strategy->mean());
  };
  const Vector plain = mean_after([](double f) { return f; });
  EXPECT_NE(plain, Start());
  EXPECT_EQ(plain == mean_after([](double f) { return std::exp(f / 10) * 1e-3 - 7; }),
            IsRankBased(GetParam()));
}

// Arbitrary doubles, and every now and then a generation of one value or of failures only.
TEST_P(EveryStrategy, StaysFiniteWhateverItIsTold) {
  for (std::uint32_t seed = 0; seed < 4; ++seed) {
    const auto strategy = MakeNamed(GetParam(), seed);
    RandomStream random(seed, Stream::kTest, 1, 1);
    const auto any_double = [&] {
      const double values[] = {
          0,      -0.0, 1,      5e-324,          1e308,
          -1e308, kNaN, 1e-300, random.Normal(), std::bit_cast<double>(random.NextU64())};
      return values[random.Index(10)];
    };
    for (int g = 0; g < 250; ++g) {
      const Eigen::MatrixXd x = AskAll(*strategy);
      ASSERT_TRUE(x.allFinite()) << g;
      Vector fitness(x.cols());
      for (double& value : fitness) value = any_double();
      if (g % 10 == 9) fitness.setConstant(any_double());
      TellAll(*strategy, fitness);
      ASSERT_TRUE(strategy->mean().allFinite()) << g;
      ASSERT_TRUE(std::isfinite(strategy->sigma()) && strategy->sigma() > 0) << g;
    }
    EXPECT_EQ(ErrorOf([&] { MakeNamed(GetParam())->Load(strategy->Save()); }), "no error");
  }
}

// A slope without an end: steps grow for as long as the run goes on, and in one direction only.
TEST_P(EveryStrategy, ClimbsForEver) {
  for (const int n : {1, 2, 12}) {
    const std::string options = GetParam() == "guided-es" ? ", subspace: 1" : "";
    const auto strategy = Make("{name: " + GetParam() + options + "}", Vector::Constant(n, 0.5));
    for (int k = 0; k < 10; ++k) {
      RunGenerations(
          *strategy, [](const Vector& x) { return x[0]; }, 2000);
      ASSERT_TRUE(strategy->mean().allFinite()) << n;
      ASSERT_TRUE(std::isfinite(strategy->sigma()) && strategy->sigma() > 0) << n;
    }
    EXPECT_GT(strategy->mean()[0], 1) << n;
    EXPECT_EQ(ErrorOf([&] {
                Make("{name: " + GetParam() + options + "}", Vector::Constant(n, 0.5))
                    ->Load(strategy->Save());
              }),
              "no error");
  }
}

TEST_P(EveryStrategy, WorksInOneDimension) {
  const std::string options = GetParam() == "guided-es" ? ", subspace: 1" : "";
  const auto strategy = Make("{name: " + GetParam() + options + "}", Vector::Constant(1, 0.5));
  RunGenerations(
      *strategy, [](const Vector& x) { return -x.squaredNorm(); }, 200);
  EXPECT_LT(std::abs(strategy->mean()[0]), 0.1);
}

TEST_P(EveryStrategy, EveryOptionIsDescribed) {
  const auto factory = Strategies().strategies().Find(GetParam());
  const auto fields = config::Describe([&](config::Visitor& visitor) { factory->Visit(visitor); });
  EXPECT_GE(fields.size(), 2u);
  for (const config::FieldDoc& field : fields) EXPECT_GT(field.doc.size(), 15u) << field.path;
}

using EveryStrategyDeathTest = EveryStrategy;
INSTANTIATE_TEST_SUITE_P(Strategy, EveryStrategyDeathTest, testing::Values("openai-es"));

TEST_P(EveryStrategyDeathTest, AbortsWhenTheProtocolIsBroken) {
  const std::vector<double> values(64);
  const auto strategy = MakeNamed(GetParam());
  EXPECT_DEATH(strategy->Tell(values), "asked_ > 0");
  EXPECT_DEATH(CandidateOf(*strategy, 0), "index >= 0");
  ASSERT_EQ(strategy->Ask(), 64);
  EXPECT_DEATH(strategy->Ask(), "asked_ == 0");
  EXPECT_DEATH(strategy->Save(), "asked_ == 0");
  EXPECT_DEATH(strategy->Tell({values.data(), 63}), "asked_");
  EXPECT_DEATH(CandidateOf(*strategy, 64), "index < asked_");
  strategy->Tell(values);
  EXPECT_DEATH(strategy->Tell(values), "asked_ > 0");
}

// Options that bring state of their own.
TEST(SavedState, ContinuesBitwiseUnderEveryOption) {
  const char* const kCases[] = {
      "{name: openai-es, perturbation: {kind: orthogonal}, optimizer: {kind: momentum}}",
      "{name: openai-es, perturbation: {kind: hadamard}, optimizer: {kind: clipup}}",
      "{name: openai-es, population: 9, perturbation: {antithetic: false}, shaping: z-score}",
      "{name: openai-es, sigma_schedule: {kind: cosine, generations: 12}, shaping: none,"
      " optimizer: {kind: sgd, learning_rate: 1e-3, schedule: {kind: inverse-time, generations: "
      "3}}}",
      "{name: ars, top_directions: 5, perturbation: {kind: orthogonal, length: fixed}}",
      "{name: pgpe, optimizer: {kind: adam, learning_rate: 0.01}}",
      "{name: guided-es, subspace: 0}",
      "{name: guided-es, population: 9, perturbation: {antithetic: false}}",
  };
  for (const char* yaml : kCases) {
    const auto whole = Make(yaml, Start());
    RunGenerations(*whole, Sphere, 5);
    const auto resumed = Make(yaml, Start());
    resumed->Load(whole->Save());
    RunGenerations(*whole, Sphere, 5);
    RunGenerations(*resumed, Sphere, 5);
    EXPECT_TRUE(SameBytes(whole->Save(), resumed->Save())) << yaml;
    EXPECT_NE(whole->mean(), Start()) << yaml;
  }
}

}  // namespace
}  // namespace saccade::es

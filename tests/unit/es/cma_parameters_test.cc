#include "es/cma_parameters.h"

#include "tests/unit/es/testing.h"

namespace saccade::es {
namespace {

TEST(CmaParameters, DefaultPopulationIsTheTutorials) {
  EXPECT_EQ(PopulationOrDefault(0, 1), 4);
  EXPECT_EQ(PopulationOrDefault(0, 10), 10);
  EXPECT_EQ(PopulationOrDefault(0, 1000), 24);
  EXPECT_EQ(PopulationOrDefault(7, 1000), 7);
  EXPECT_EQ(ErrorOf([] { PopulationOrDefault(3, 10); }),
            "population: 3 must be 0 (for 4 + 3 ln n) or at least 4");
}

// n = λ = 10, worked out by hand from the formulas of the header with w' = ln 5.5 - ln i:
// (1.704748, 1.011601, 0.606136, 0.318454, 0.095310) has sum 3.736249 and squared norm 4.407362.
TEST(CmaParameters, MatchHandComputedValues) {
  const CmaParameters p = MakeCmaParameters(10, 10);
  EXPECT_EQ(p.parents, 5);
  EXPECT_NEAR(p.mu_eff, 3.167299, 1e-5);
  EXPECT_NEAR(p.weights[0], 1.704748 / 3.736249, 1e-6);
  EXPECT_NEAR(p.c_1, 2 / (11.3 * 11.3 + 3.167299), 1e-8);
  EXPECT_NEAR(p.c_mu, 2 * (3.167299 - 2 + 1 / 3.167299) / (144 + 3.167299), 1e-7);
  EXPECT_NEAR(p.c_sigma, 5.167299 / 18.167299, 1e-6);
  EXPECT_NEAR(p.d_sigma, 1 + p.c_sigma, 1e-12);
  EXPECT_NEAR(p.c_c, (4 + 0.3167299) / (14 + 0.6334598), 1e-6);
}

TEST(CmaParameters, KeepTheCovariancePositiveDefinite) {
  for (const int n : {1, 2, 3, 10, 100, 5000}) {
    for (const int lambda : {4, 5, 10, 64, 1001}) {
      const CmaParameters p = MakeCmaParameters(n, lambda);
      SCOPED_TRACE(testing::Message() << "n " << n << ", population " << lambda);
      EXPECT_NEAR(p.weights.head(p.parents).sum(), 1, 1e-12);
      EXPECT_NEAR(1 / p.weights.head(p.parents).squaredNorm(), p.mu_eff, 1e-9 * p.mu_eff);
      EXPECT_TRUE((p.weights.tail(lambda - p.parents).array() <= 0).all());
      EXPECT_TRUE(std::is_sorted(p.weights.begin(), p.weights.end(), std::greater<>()));
      // In any direction, what is subtracted is at most what remains: c_μ n |Σ w⁻| <= 1 - c₁ - c_μ.
      const double negative = -p.weights.tail(lambda - p.parents).sum();
      EXPECT_GE(negative, 0);
      EXPECT_TRUE(negative > 0 || lambda > n);
      EXPECT_LE(p.c_mu * n * negative, (1 - p.c_1 - p.c_mu) * (1 + 1e-12));
      EXPECT_LE(p.c_1 + p.c_mu, 1);
    }
  }
}

// The series of the exact value has 1/(32 n²) where the formula has 1/(21 n²).
TEST(CmaParameters, ExpectedLengthIsThatOfTheChiDistribution) {
  for (const int n : {1, 2, 5, 100}) {
    const double exact = std::sqrt(2) * std::exp(std::lgamma((n + 1) / 2.0) - std::lgamma(n / 2.0));
    EXPECT_NEAR(ExpectedNormalLength(n) / exact, 1, (1.0 / 21 - 1.0 / 32) / n / n) << n;
  }
}

}  // namespace
}  // namespace saccade::es

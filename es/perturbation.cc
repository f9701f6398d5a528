#include "es/perturbation.h"

#include <fmt/format.h>

#include "core/api/strategy.h"
#include "core/base/error.h"

namespace saccade::es {
namespace {

constexpr const char* kPopulationRule = "must be even, because antithetic candidates come in pairs";
constexpr const char* kPairsRule =
    "antithetic must be true: this strategy compares mirrored candidates";

std::unique_ptr<Directions> MakeDirections(const PerturbationOptions& options, int dimension,
                                           int count, std::uint64_t seed) {
  if (options.kind == "gaussian") return MakeGaussianDirections(dimension, count, seed);
  if (options.kind == "hadamard") return MakeHadamardDirections(dimension, count, seed);
  SACCADE_CHECK(options.kind == "orthogonal");
  return MakeOrthogonalDirections(dimension, count, seed, options.length == "fixed");
}

bool FitsInPairs(const PerturbationOptions& options, int population) {
  return !options.antithetic || population % 2 == 0;
}

}  // namespace

void PerturbationOptions::Visit(config::Visitor& v) {
  v.Field("kind", kind,
          "distribution of the directions; orthogonal ones cover the space more evenly, hadamard "
          "(Hadamard-Rademacher) ones nearly so at less cost",
          config::Rule::OneOf({"gaussian", "orthogonal", "hadamard"}));
  v.Field("antithetic", antithetic,
          "evaluate every direction and its opposite; otherwise the directions and, as one more "
          "candidate of the population, the mean");
  v.Field("length", length,
          "length of orthogonal directions in units of sigma: chi (that of a Gaussian vector) or "
          "fixed (the root of the number of weights)",
          config::Rule::OneOf({"chi", "fixed"}));
}

void PerturbationOptions::RequirePairs(config::Visitor& v) const {
  v.Require(antithetic, "perturbation", kPairsRule);
}

void PerturbationOptions::CheckPairs() const {
  if (!antithetic) throw InputError(fmt::format("perturbation: {}", kPairsRule));
}

void VisitPerturbation(config::Visitor& v, int& population, PerturbationOptions& perturbation) {
  v.Field("population", population,
          "candidates per generation; an antithetic pair counts as two of them",
          config::Rule::Between(2, kMaxPopulation));
  v.Group("perturbation", perturbation, "the directions in which candidates differ from the mean");
  v.Require(FitsInPairs(perturbation, population), "population",
            fmt::format("{} {}", population, kPopulationRule));
}

Perturbation::Perturbation(const PerturbationOptions& options, int dimension, int population,
                           std::uint64_t seed)
    : antithetic_(options.antithetic) {
  if (population < 2 || !FitsInPairs(options, population)) {
    throw InputError(fmt::format("population: {} {}", population,
                                 population < 2 ? "must be at least 2" : kPopulationRule));
  }
  directions_ =
      MakeDirections(options, dimension, antithetic_ ? population / 2 : population - 1, seed);
}

int Perturbation::DirectionOf(int candidate) const {
  if (antithetic_) return candidate / 2;
  return candidate < count() ? candidate : 0;
}

double Perturbation::SignOf(int candidate) const {
  if (antithetic_) return candidate % 2 == 0 ? 1 : -1;
  return candidate < count() ? 1 : 0;
}

void Perturbation::Candidate(int candidate, const Eigen::VectorXd& centre, double scale,
                             Eigen::Ref<Eigen::VectorXd> out) const {
  Direction(DirectionOf(candidate), out);
  out = centre + (scale * SignOf(candidate)) * out;
}

Eigen::VectorXd Perturbation::Differences(const Eigen::VectorXd& utilities) const {
  SACCADE_CHECK(utilities.size() == candidates());
  if (!antithetic_) return utilities.head(count()).array() - utilities[count()];
  const auto pairs = utilities.reshaped(2, count());
  return (pairs.row(0) - pairs.row(1)) / 2;
}

}  // namespace saccade::es

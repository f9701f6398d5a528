#include "core/runtime/contract/strategy_contract.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "core/base/hash.h"
#include "core/runtime/contract/checklist.h"

namespace saccade::contract {
namespace {

constexpr int kGenerations = 3;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Maker = std::function<std::unique_ptr<Strategy>()>;
using Fitness = std::function<double(int index, const Eigen::VectorXd& x)>;

double Sphere(int, const Eigen::VectorXd& x) { return -(x.array() - 1).square().sum(); }
double SomeFail(int index, const Eigen::VectorXd& x) {
  return index % 3 == 1 ? kNaN : Sphere(index, x);
}

Eigen::VectorXd Candidate(const Strategy& strategy, int index) {
  Eigen::VectorXd x = Eigen::VectorXd::Constant(strategy.dimension(), kNaN);
  strategy.Candidate(index, {x.data(), static_cast<std::size_t>(x.size())});
  return x;
}

std::uint64_t HashOf(const Eigen::VectorXd& x) {
  return Fnv1a({reinterpret_cast<const char*>(x.data()),
                static_cast<std::size_t>(x.size()) * sizeof(double)});
}

void ExpectFinite(const Strategy& strategy) {
  if (!strategy.mean().allFinite()) {
    throw Broken(fmt::format("after generation {} the mean is not finite", strategy.generation()));
  }
  if (!(std::isfinite(strategy.sigma()) && strategy.sigma() > 0)) {
    throw Broken(fmt::format("after generation {} sigma() is {}; it must stay positive and finite",
                             strategy.generation(), strategy.sigma()));
  }
}

void RunGeneration(Strategy& strategy, const Fitness& f) {
  const int count = strategy.Ask();
  std::vector<double> fitness(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const Eigen::VectorXd x = Candidate(strategy, i);
    if (!x.allFinite()) {
      throw Broken(
          fmt::format("generation {}: candidate {} is not finite, or not all of it was "
                      "written",
                      strategy.generation(), i));
    }
    fitness[static_cast<std::size_t>(i)] = f(i, x);
  }
  strategy.Tell(fitness);
  ExpectFinite(strategy);
}

std::unique_ptr<Strategy> AfterSome(const Maker& make) {
  auto strategy = make();
  for (int g = 0; g < kGenerations; ++g) RunGeneration(*strategy, Sphere);
  return strategy;
}

void ExpectSameMean(const Strategy& a, const Strategy& b, const std::string& remedy) {
  for (Eigen::Index i = 0; i < a.mean().size(); ++i) {
    if (a.mean()[i] == b.mean()[i]) continue;
    throw Broken(fmt::format("after generation {} weight {} of the mean is {} and {}; {}",
                             a.generation(), i, a.mean()[i], b.mean()[i], remedy));
  }
}

void StartsAtAMean(const Maker& make) {
  const auto strategy = make();
  if (strategy == nullptr) throw Broken("the maker returns nullptr");
  if (strategy->name().empty()) throw Broken("name() is empty; it is the one in the catalogue");
  if (strategy->mean().size() != strategy->dimension()) {
    throw Broken(fmt::format("the mean has {} numbers for {} weights", strategy->mean().size(),
                             strategy->dimension()));
  }
  ExpectFinite(*strategy);
}

void SameSeedSameRun(const Maker& make) {
  ExpectSameMean(*AfterSome(make), *AfterSome(make),
                 "two runs of the same seed: draw from a RandomStream of seed() and generation()");
}

// In any order, twice, and on any thread.
void CandidatesAreFunctionsOfTheirIndex(const Maker& make) {
  const auto strategy = AfterSome(make);
  const int count = strategy->Ask();
  std::vector<std::uint64_t> forwards;
  for (int i = 0; i < count; ++i) forwards.push_back(HashOf(Candidate(*strategy, i)));
  std::vector<std::uint64_t> backwards[2];
  OnTwoThreads([&](int thread) {
    for (int i = count - 1; i >= 0; --i) {
      backwards[thread].push_back(HashOf(Candidate(*strategy, i)));
    }
    std::reverse(backwards[thread].begin(), backwards[thread].end());
  });
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (forwards[at] == backwards[0][at] && forwards[at] == backwards[1][at]) continue;
    throw Broken(
        fmt::format("candidate {} of {} is another one when it is drawn again, in another "
                    "order or on another thread; make it a function of seed(), "
                    "generation() and its index",
                    i, count));
  }
}

void GenerationsDiffer(const Maker& make) {
  const auto strategy = make();
  const auto draw = [&] {
    const int count = strategy->Ask();
    std::vector<std::uint64_t> hashes;  // of all: one may be the mean in every generation
    for (int i = 0; i < count; ++i) hashes.push_back(HashOf(Candidate(*strategy, i)));
    strategy->Tell(std::vector<double>(static_cast<std::size_t>(count), kNaN));
    return hashes;
  };
  if (draw() != draw()) return;
  throw Broken(
      "a generation in which all failed is followed by the same candidates; the "
      "generation is one of their coordinates");
}

void MirroredMeansOppositePairs(const Maker& make) {
  const auto strategy = AfterSome(make);
  if (!strategy->mirrored()) throw NotChecked("the strategy is not mirrored");
  const int count = strategy->Ask();
  for (int i = 0; i + 1 < count; i += 2) {
    const Eigen::VectorXd up = Candidate(*strategy, i) - strategy->mean();
    const Eigen::VectorXd down = Candidate(*strategy, i + 1) - strategy->mean();
    if (up.isApprox(-down, 1e-9)) continue;
    throw Broken(
        fmt::format("mirrored() is true, but candidates {} and {} do not lie opposite of "
                    "each other about the mean",
                    i, i + 1));
  }
}

void LoadContinues(const Maker& make) {
  const auto whole = AfterSome(make);
  const auto resumed = make();
  resumed->Load(whole->Save());
  for (int g = 0; g < kGenerations; ++g) {
    RunGeneration(*whole, Sphere);
    RunGeneration(*resumed, Sphere);
    ExpectSameMean(*whole, *resumed,
                   fmt::format("one run was saved after generation {} and loaded: Save and Load "
                               "everything that the next generations depend on",
                               kGenerations));
  }
}

void FailuresAreSurvived(const Maker& make) {
  const auto strategy = make();
  for (int g = 0; g < kGenerations; ++g) RunGeneration(*strategy, SomeFail);
  RunGeneration(*strategy, [](int, const Eigen::VectorXd&) { return kNaN; });
  RunGeneration(*strategy, [](int index, const Eigen::VectorXd&) { return index == 0 ? 1 : kNaN; });
  RunGeneration(*strategy, [](int, const Eigen::VectorXd&) { return -1e300; });
}

}  // namespace

std::vector<Finding> CheckStrategy(const Maker& make) {
  Checklist list;
  list.Require("it starts at a mean", [&] { StartsAtAMean(make); });
  list.Require("generations run", [&] { AfterSome(make); });
  list.Require("the same seed gives the same run", [&] { SameSeedSameRun(make); });
  list.Check("candidates are functions of their index",
             [&] { CandidatesAreFunctionsOfTheirIndex(make); });
  list.Check("generations differ", [&] { GenerationsDiffer(make); });
  list.Check("mirrored means opposite pairs", [&] { MirroredMeansOppositePairs(make); });
  list.Check("Load continues", [&] { LoadContinues(make); });
  list.Check("failures are survived", [&] { FailuresAreSurvived(make); });
  return list.findings();
}

}  // namespace saccade::contract

#include "es/shaping.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/error.h"

namespace saccade::es {
namespace {

constexpr double kLargestValue = 1e100;

// Failed candidates compare equal to one another and below everything else.
double RankKey(double fitness) {
  return std::isnan(fitness) ? -std::numeric_limits<double>::infinity() : fitness;
}

// Calls use(order, begin, end) for every run of tied candidates order[begin … end-1].
template <class Use>
void ForEachTie(const Eigen::VectorXd& fitness, Use use) {
  const std::vector<int> order = BestFirst(fitness);
  const int count = static_cast<int>(order.size());
  for (int begin = 0, end = 0; begin < count; begin = end) {
    while (end < count && RankKey(fitness[order[end]]) == RankKey(fitness[order[begin]])) ++end;
    use(order, begin, end);
  }
}

Eigen::VectorXd CenteredRanks(const Eigen::VectorXd& fitness) {
  const Eigen::Index count = fitness.size();
  Eigen::VectorXd ranks = Eigen::VectorXd::Zero(count);
  if (count == 1) return ranks;
  ForEachTie(fitness, [&](const std::vector<int>& order, int begin, int end) {
    // Best first: place k has rank N-1-k, so twice the average rank is 2(N-1) - begin - (end-1).
    const double rank = static_cast<double>(count - begin - end) / 2.0 / (count - 1.0);
    for (int k = begin; k < end; ++k) ranks[order[k]] = rank;
  });
  return ranks;
}

Eigen::VectorXd ZScore(const Eigen::VectorXd& values) {
  const double deviation = StandardDeviation(values);
  if (deviation == 0) return Eigen::VectorXd::Zero(values.size());
  return (values.array() - values.mean()) / deviation;
}

}  // namespace

config::Rule ShapingRule() { return config::Rule::OneOf({"centered-ranks", "z-score", "none"}); }

Eigen::VectorXd Shape(const std::string& shaping, const Eigen::VectorXd& fitness) {
  if (shaping == "centered-ranks") return CenteredRanks(fitness);
  if (shaping == "z-score") return ZScore(FitnessValues(fitness));
  SACCADE_CHECK(shaping == "none");
  return FitnessValues(fitness);
}

Eigen::VectorXd FitnessValues(const Eigen::VectorXd& fitness) {
  double worst = std::numeric_limits<double>::infinity();
  for (const double value : fitness) {
    if (!std::isnan(value)) worst = std::min(worst, value);
  }
  return fitness.unaryExpr([worst](double value) {
    return std::clamp(std::isnan(value) ? worst : value, -kLargestValue, kLargestValue);
  });
}

double StandardDeviation(const Eigen::VectorXd& values) {
  // Relative to one of them: equal values then deviate by exactly nothing.
  const Eigen::VectorXd relative = values.array() - values[0];
  return std::sqrt((relative.array() - relative.mean()).square().mean());
}

std::vector<int> BestFirst(const Eigen::VectorXd& fitness) {
  std::vector<int> order(static_cast<std::size_t>(fitness.size()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&fitness](int a, int b) { return RankKey(fitness[a]) > RankKey(fitness[b]); });
  return order;
}

Eigen::VectorXd ShareByRank(const Eigen::VectorXd& fitness, const Eigen::VectorXd& by_rank) {
  SACCADE_CHECK(fitness.size() == by_rank.size());
  Eigen::VectorXd shares(fitness.size());
  ForEachTie(fitness, [&](const std::vector<int>& order, int begin, int end) {
    const double share = by_rank.segment(begin, end - begin).mean();
    for (int k = begin; k < end; ++k) shares[order[k]] = share;
  });
  return shares;
}

}  // namespace saccade::es

// What a strategy makes of the fitness of one generation before it learns from it.
//
//   centered-ranks   u_i = (2 r_i - (N-1)) / (2 (N-1)) ∈ [-1/2, 1/2],  r_i = 0 for the worst; tied
//                    candidates share the average of their ranks
//   z-score          u_i = (F_i - mean F) / sd F, population standard deviation
//   none             u_i = F_i
//
// Higher is better, before and after. What a failed candidate (NaN) counts as is decided here and
// nowhere else: in a ranking it comes after every other one, tied with the other failed ones; where
// values count it has the worst finite value of its generation. A generation without any finite
// value never gets here (core/api/strategy.h).
//
// Where values count, they are clamped to ±1e100: a return beyond that is a defect of a reward, and
// squares and sums must stay finite.
//
// Shapes: N candidates in, N utilities out. Units: those of the return for `none`, else none.
// Thread safety: free functions without state. Determinism: ties have fixed rules; ranks depend on
// nothing but the order, so they are the same bits under every increasing transform of the fitness.
// Cost: O(N log N).
// Reference: Salimans et al. 2017 (centred ranks).

#ifndef SACCADE_ES_SHAPING_H_
#define SACCADE_ES_SHAPING_H_

#include <string>
#include <vector>

#include <Eigen/Core>

#include "core/config/visitor.h"

namespace saccade::es {

// The choices of a configuration's field `shaping`.
config::Rule ShapingRule();

// `shaping` is one of the choices.
Eigen::VectorXd Shape(const std::string& shaping, const Eigen::VectorXd& fitness);

// The fitness as values: failed ones replaced, extremes clamped.
Eigen::VectorXd FitnessValues(const Eigen::VectorXd& fitness);

// Population standard deviation; exactly 0 when all values are equal.
double StandardDeviation(const Eigen::VectorXd& values);

// Indices of the candidates, best first. Ties keep the order of the indices, failed ones are last.
std::vector<int> BestFirst(const Eigen::VectorXd& fitness);

// Candidate i gets the element of `by_rank` (N, best first) at its rank; ties share the average.
Eigen::VectorXd ShareByRank(const Eigen::VectorXd& fitness, const Eigen::VectorXd& by_rank);

}  // namespace saccade::es

#endif  // SACCADE_ES_SHAPING_H_

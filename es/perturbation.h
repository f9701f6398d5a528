// The candidates around a centre: random directions, used in mirrored pairs or one-sided.
//
//   antithetic   candidates 2i and 2i+1 are +ε_i and -ε_i;         d_i = (u⁺_i - u⁻_i) / 2
//   forward      candidate i is +ε_i, the last one is the centre;  d_i = u_i - u_centre
//
//   Slope = (1/P) Σ_i d_i ε_i ,   P directions
//
// so with candidates x + σ ε the gradient of the smoothed utility is Slope / σ.
//
// Shapes: candidates and directions are n, utilities one per candidate. Determinism and cost: see
// es/directions.h. Thread safety: everything const may be called by several threads after Prepare.
// References: Salimans et al. 2017; Choromanski et al. 2018.

#ifndef SACCADE_ES_PERTURBATION_H_
#define SACCADE_ES_PERTURBATION_H_

#include <cstdint>
#include <memory>
#include <string>

#include <Eigen/Core>

#include "core/config/visitor.h"
#include "es/directions.h"

namespace saccade::es {

struct PerturbationOptions {
  std::string kind = "gaussian";
  bool antithetic = true;
  std::string length = "chi";

  void Visit(config::Visitor& v);

  // For strategies that need mirrored candidates: the rule for the reader of a configuration, and
  // for options made in code (throws kInput).
  void RequirePairs(config::Visitor& v) const;
  void CheckPairs() const;
};

// The field `population` and the group `perturbation` of a strategy, and the rule between them.
void VisitPerturbation(config::Visitor& v, int& population, PerturbationOptions& perturbation);

class Perturbation {
 public:
  // Throws kInput when `population` candidates cannot be laid out.
  Perturbation(const PerturbationOptions& options, int dimension, int population,
               std::uint64_t seed);

  bool antithetic() const { return antithetic_; }
  int candidates() const { return antithetic_ ? 2 * count() : count() + 1; }
  int count() const { return directions_->count(); }  // P

  void Prepare(int generation) { directions_->Prepare(generation); }

  // The direction that a candidate belongs to (0 for the centre), and +1, -1 or 0 (the centre).
  int DirectionOf(int candidate) const;
  double SignOf(int candidate) const;

  void Direction(int index, Eigen::Ref<Eigen::VectorXd> out) const { directions_->Get(index, out); }

  // out = centre + scale · (sign ε of `candidate`), all n.
  void Candidate(int candidate, const Eigen::VectorXd& centre, double scale,
                 Eigen::Ref<Eigen::VectorXd> out) const;

  // d (P) for utilities u (one per candidate).
  Eigen::VectorXd Differences(const Eigen::VectorXd& utilities) const;

  // Σ weights_i ε_i (n).
  Eigen::VectorXd Combine(const Eigen::VectorXd& weights) const {
    return directions_->Combine(weights);
  }

  // (1/P) Σ d_i ε_i (n).
  Eigen::VectorXd Slope(const Eigen::VectorXd& utilities) const {
    return Combine(Differences(utilities) / count());
  }

 private:
  bool antithetic_;
  std::unique_ptr<Directions> directions_;
};

}  // namespace saccade::es

#endif  // SACCADE_ES_PERTURBATION_H_

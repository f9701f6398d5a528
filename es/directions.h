// Random directions ε_0 … ε_{count-1} ∈ ℝⁿ of one generation, each with E[ε εᵀ] = I.
//
//   gaussian     ε_i ~ N(0, I), independent.
//   orthogonal   Blocks of up to n directions. A block G of Gaussian columns becomes Q by QR, with
//                the signs that make R's diagonal positive, so that Q is Haar distributed and
//                independent of R. Column i gets the length |G_i| (chi: a χ_n variate, independent
//                of Q) or √n (fixed). With count = n and fixed lengths, Σ ε_i ε_iᵀ = n I exactly.
//   hadamard     Hadamard–Rademacher: the first n entries of the rows of √m H D₁ H D₂ H D₃, with H
//                the normalised Hadamard matrix of size m (the power of two from n on) and D_k
//                random signs, drawn anew for every block of m directions. Orthogonal of length √m
//                when n = m, otherwise nearly so: E[ε εᵀ] = I always.
//
// Shapes: every direction is n. Units: none. They are functions of (seed, generation, i) through
// Stream::kPerturbation: nothing survives a generation. Get is const and may be called by several
// threads after Prepare.
//
// Cost: gaussian O(n) per direction; hadamard O(n log n); orthogonal O(n count min(n, count)), once
// in Prepare. Gaussian and Hadamard directions are kept from Prepare on as far as 32 MB go and
// drawn again on demand beyond; the orthogonal ones are all kept (8 n count bytes).
// Departures: lengths come from the Gaussian block itself instead of extra draws; same distribution.
// Reference: Choromanski et al. 2018, arXiv 1804.02395.

#ifndef SACCADE_ES_DIRECTIONS_H_
#define SACCADE_ES_DIRECTIONS_H_

#include <cstdint>
#include <memory>

#include <Eigen/Core>

namespace saccade::es {

class Directions {
 public:
  Directions(int dimension, int count, std::uint64_t seed);
  virtual ~Directions() = default;

  int dimension() const { return dimension_; }
  int count() const { return count_; }

  // Turns to `generation`; before everything below.
  virtual void Prepare(int generation) = 0;

  // Writes ε_index (n).
  virtual void Get(int index, Eigen::Ref<Eigen::VectorXd> out) const = 0;

  // Σ weights_i ε_i (n), added in the order of the indices.
  Eigen::VectorXd Combine(const Eigen::VectorXd& weights) const;

 protected:
  std::uint64_t seed() const { return seed_; }

 private:
  int dimension_;
  int count_;
  std::uint64_t seed_;
};

// The Gaussian directions 0, 1, … of a generation, one per column of `out` (n × count).
void DrawGaussians(std::uint64_t seed, int generation, Eigen::Ref<Eigen::MatrixXd> out);

std::unique_ptr<Directions> MakeGaussianDirections(int dimension, int count, std::uint64_t seed);
std::unique_ptr<Directions> MakeOrthogonalDirections(int dimension, int count, std::uint64_t seed,
                                                     bool fixed_length);
std::unique_ptr<Directions> MakeHadamardDirections(int dimension, int count, std::uint64_t seed);

}  // namespace saccade::es

#endif  // SACCADE_ES_DIRECTIONS_H_

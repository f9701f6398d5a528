// Normalisation of the observed state by its running mean and standard deviation.
//
//   y = clip((x - mean) / std, ±clip)          std = √(m2 / count), componentwise
//
// Every training episode collects its own Moments; after a generation they are merged in index
// order (Chan et al.), so the statistics do not depend on the number of threads. Episodes that
// diverged are left out: one absurd number would stay in the statistics for ever. During a
// generation and in evaluation the filter is frozen. Before the first generation it is the
// identity; a component that has never varied is passed on centred but not scaled.
//
// Reference: Chan, Golub, LeVeque, "Algorithms for computing the sample variance", 1983.

#ifndef SACCADE_CORE_RUNTIME_OBSERVATION_FILTER_H_
#define SACCADE_CORE_RUNTIME_OBSERVATION_FILTER_H_

#include <span>

#include <Eigen/Core>

#include "core/base/tensor.h"

namespace saccade {

// Count, mean and sum of squared deviations of vectors in ℝⁿ.
class Moments {
 public:
  explicit Moments(int size = 0)
      : mean_(Eigen::VectorXd::Zero(size)), m2_(Eigen::VectorXd::Zero(size)) {}

  void Clear();
  // Welford's update by the vectors that lie in `rows` (any number × size); allocates nothing.
  void Add(std::span<const double> rows);
  void Merge(const Moments& other);

  int size() const { return static_cast<int>(mean_.size()); }
  double count() const { return count_; }
  const Eigen::VectorXd& mean() const { return mean_; }
  Eigen::VectorXd Variance() const;  // population variance; zero before two samples

  TensorMap Save() const;             // throws kInput when a moment is not finite
  void Load(const TensorMap& state);  // and here, or when the size is another one

 private:
  double count_ = 0;
  Eigen::VectorXd mean_;
  Eigen::VectorXd m2_;
};

// Vectors on their way into Moments, several at a time: one by one, each would find statistics and
// code gone from the caches. Holds up to `rows` (a multiple of moments.size()) until Flush.
class MomentsFeed {
 public:
  MomentsFeed(Moments& moments, std::span<double> rows) : moments_(moments), rows_(rows) {}

  void Add(std::span<const double> x);
  void Flush();

 private:
  Moments& moments_;
  std::span<double> rows_;
  std::size_t used_ = 0;
};

class ObservationFilter {
 public:
  // The identity on ℝⁿ, clipped to ±clip.
  ObservationFilter(int size, double clip);

  void Update(const Moments& moments);

  // y (n) of x (n); allocates nothing.
  void Apply(std::span<const double> x, std::span<float> y) const;

 private:
  double clip_;
  Eigen::VectorXd mean_;
  Eigen::VectorXd scale_;  // 1 / std
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_OBSERVATION_FILTER_H_

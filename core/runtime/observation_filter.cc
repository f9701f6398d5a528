#include "core/runtime/observation_filter.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace saccade {

void Moments::Clear() {
  count_ = 0;
  mean_.setZero();
  m2_.setZero();
}

void Moments::Add(std::span<const double> rows) {
  const auto n = static_cast<std::size_t>(size());
  SACCADE_CHECK(n > 0 ? rows.size() % n == 0 : rows.empty());
  double* mean = mean_.data();
  double* m2 = m2_.data();
  for (; !rows.empty(); rows = rows.subspan(n)) {
    const double* x = rows.data();
    count_ += 1;
    for (std::size_t i = 0; i < n; ++i) {
      const double delta = x[i] - mean[i];
      mean[i] += delta / count_;
      m2[i] += delta * (x[i] - mean[i]);
    }
  }
}

void Moments::Merge(const Moments& other) {
  if (other.count_ == 0) return;
  const double total = count_ + other.count_;
  const Eigen::VectorXd delta = other.mean_ - mean_;
  m2_ += other.m2_;
  m2_.array() += delta.array().square() * (count_ * other.count_ / total);
  mean_ += delta * (other.count_ / total);
  count_ = total;
}

Eigen::VectorXd Moments::Variance() const {
  return count_ < 2 ? Eigen::VectorXd::Zero(size()) : Eigen::VectorXd(m2_ / count_);
}

TensorMap Moments::Save() const {
  if (!mean_.allFinite() || !m2_.allFinite()) {
    throw InputError(
        "observations have been so large that their statistics are no longer finite; bound them in "
        "the environment, or set observation.normalize to false");
  }
  const auto vector = [](const Eigen::VectorXd& v) {
    return Tensor::From(std::span<const double>(v.data(), static_cast<std::size_t>(v.size())));
  };
  return {{"count", Tensor::Scalar(count_)}, {"mean", vector(mean_)}, {"m2", vector(m2_)}};
}

void Moments::Load(const TensorMap& state) {
  const auto mean = Require<double>(state, "mean", size());
  const auto m2 = Require<double>(state, "m2", size());
  const double count = Require<double>(state, "count", 1)[0];
  const auto is_finite = [](double value) { return std::isfinite(value); };
  const auto is_moment = [](double value) { return std::isfinite(value) && value >= 0; };
  if (!is_moment(count) || !std::ranges::all_of(mean, is_finite) ||
      !std::ranges::all_of(m2, is_moment)) {
    throw InputError(
        "the statistics of observations hold a value that cannot be; the file is damaged");
  }
  count_ = count;
  mean_ = Eigen::Map<const Eigen::VectorXd>(mean.data(), size());
  m2_ = Eigen::Map<const Eigen::VectorXd>(m2.data(), size());
}

void MomentsFeed::Add(std::span<const double> x) {
  SACCADE_CHECK(x.size() <= rows_.size() - used_);
  std::copy_n(x.data(), x.size(), rows_.data() + used_);
  used_ += x.size();
  if (used_ == rows_.size()) Flush();
}

void MomentsFeed::Flush() {
  moments_.Add(rows_.first(used_));
  used_ = 0;
}

ObservationFilter::ObservationFilter(int size, double clip)
    : clip_(clip), mean_(Eigen::VectorXd::Zero(size)), scale_(Eigen::VectorXd::Ones(size)) {}

void ObservationFilter::Update(const Moments& moments) {
  constexpr double kSmallestStd = 1e-7;  // below it a component counts as constant
  SACCADE_CHECK(moments.size() == mean_.size());
  if (moments.count() < 2) return;
  mean_ = moments.mean();
  const Eigen::ArrayXd std = moments.Variance().array().sqrt();
  scale_ = (std < kSmallestStd).select(1.0, std.inverse());
}

void ObservationFilter::Apply(std::span<const double> x, std::span<float> y) const {
  const Eigen::Map<const Eigen::ArrayXd> in(x.data(), mean_.size());
  Eigen::Map<Eigen::ArrayXf> out(y.data(), mean_.size());
  out = ((in - mean_.array()) * scale_.array()).max(-clip_).min(clip_).cast<float>();
}

}  // namespace saccade

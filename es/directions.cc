#include "es/directions.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include <Eigen/QR>

#include "core/base/error.h"
#include "core/base/rng.h"

namespace saccade::es {
namespace {

constexpr int kMaxStoredValues = 1 << 22;  // 32 MB

void DrawGaussian(std::uint64_t seed, int generation, int index, Eigen::Ref<Eigen::VectorXd> out) {
  RandomStream random(seed, Stream::kPerturbation, static_cast<std::uint32_t>(generation),
                      static_cast<std::uint32_t>(index));
  random.FillNormal({out.data(), static_cast<std::size_t>(out.size())});
}

// Directions that can be drawn one at a time; the first ones are kept.
class DrawnDirections : public Directions {
 public:
  using Directions::Directions;

  void Prepare(int generation) final {
    generation_ = generation;
    PrepareDraws();
    stored_.resize(dimension(), std::min(count(), kMaxStoredValues / dimension()));
    for (int i = 0; i < stored_.cols(); ++i) Draw(i, stored_.col(i));
  }

  void Get(int index, Eigen::Ref<Eigen::VectorXd> out) const final {
    if (index < stored_.cols()) {
      out = stored_.col(index);
    } else {
      Draw(index, out);
    }
  }

 protected:
  int generation() const { return generation_; }
  virtual void PrepareDraws() {}
  virtual void Draw(int index, Eigen::Ref<Eigen::VectorXd> out) const = 0;

 private:
  int generation_ = 0;
  Eigen::MatrixXd stored_;  // (n × first few)
};

class GaussianDirections final : public DrawnDirections {
 public:
  using DrawnDirections::DrawnDirections;

 protected:
  void Draw(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    DrawGaussian(seed(), generation(), index, out);
  }
};

class OrthogonalDirections final : public Directions {
 public:
  OrthogonalDirections(int dimension, int count, std::uint64_t seed, bool fixed_length)
      : Directions(dimension, count, seed), fixed_length_(fixed_length) {}

  void Prepare(int generation) override {
    directions_.resize(dimension(), count());
    DrawGaussians(seed(), generation, directions_);
    for (int begin = 0; begin < count(); begin += dimension()) {
      Orthogonalise(directions_.middleCols(begin, std::min(dimension(), count() - begin)));
    }
  }

  void Get(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    out = directions_.col(index);
  }

 private:
  void Orthogonalise(Eigen::Ref<Eigen::MatrixXd> block) const {
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(block);
    const Eigen::MatrixXd q =
        qr.householderQ() * Eigen::MatrixXd::Identity(block.rows(), block.cols());
    for (int i = 0; i < block.cols(); ++i) {
      const double length = fixed_length_ ? std::sqrt(block.rows()) : block.col(i).norm();
      block.col(i) = std::copysign(length, qr.matrixQR()(i, i)) * q.col(i);
    }
  }

  bool fixed_length_;
  Eigen::MatrixXd directions_;  // (n × count)
};

// x ← H x without the factor 1/√m, in place; x has a power of two of elements.
void WalshHadamard(Eigen::VectorXd& x) {
  const Eigen::Index size = x.size();
  for (Eigen::Index half = 1; half < size; half *= 2) {
    for (Eigen::Index begin = 0; begin < size; begin += 2 * half) {
      for (Eigen::Index i = begin; i < begin + half; ++i) {
        const double sum = x[i] + x[i + half];
        x[i + half] = x[i] - x[i + half];
        x[i] = sum;
      }
    }
  }
}

class HadamardDirections final : public DrawnDirections {
 public:
  HadamardDirections(int dimension, int count, std::uint64_t seed)
      : DrawnDirections(dimension, count, seed),
        size_(static_cast<int>(std::bit_ceil(static_cast<unsigned>(dimension)))) {}

 protected:
  void PrepareDraws() override {
    const int blocks = (count() + size_ - 1) / size_;
    signs_.resize(size_, 3 * blocks);
    for (int block = 0; block < blocks; ++block) {
      RandomStream random(seed(), Stream::kPerturbation, generation(), block);
      for (double& sign : signs_.middleCols(3 * block, 3).reshaped()) sign = random.Sign();
    }
  }

  // The transposed row: √m D₃ H D₂ H D₁ H e, where H e = (±1)/√m has signs (-1)^popcount(row & j).
  void Draw(int index, Eigen::Ref<Eigen::VectorXd> out) const override {
    const unsigned row = static_cast<unsigned>(index % size_);
    const auto signs = signs_.middleCols(index / size_ * 3, 3);
    Eigen::VectorXd x(size_);
    for (int j = 0; j < size_; ++j) {
      x[j] = std::popcount(row & static_cast<unsigned>(j)) % 2 == 0 ? signs(j, 0) : -signs(j, 0);
    }
    WalshHadamard(x);
    x.array() *= signs.col(1).array();
    WalshHadamard(x);
    out = x.cwiseProduct(signs.col(2)).head(dimension()) / size_;
  }

 private:
  int size_;               // m
  Eigen::MatrixXd signs_;  // (m × 3 per block)
};

}  // namespace

Directions::Directions(int dimension, int count, std::uint64_t seed)
    : dimension_(dimension), count_(count), seed_(seed) {
  SACCADE_CHECK(dimension > 0 && count > 0);
}

Eigen::VectorXd Directions::Combine(const Eigen::VectorXd& weights) const {
  SACCADE_CHECK(weights.size() == count_);
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(dimension_);
  Eigen::VectorXd direction(dimension_);
  for (int i = 0; i < count_; ++i) {
    if (weights[i] == 0) continue;  // not worth drawing
    Get(i, direction);
    sum += weights[i] * direction;
  }
  return sum;
}

void DrawGaussians(std::uint64_t seed, int generation, Eigen::Ref<Eigen::MatrixXd> out) {
  for (int i = 0; i < out.cols(); ++i) DrawGaussian(seed, generation, i, out.col(i));
}

std::unique_ptr<Directions> MakeGaussianDirections(int dimension, int count, std::uint64_t seed) {
  return std::make_unique<GaussianDirections>(dimension, count, seed);
}

std::unique_ptr<Directions> MakeOrthogonalDirections(int dimension, int count, std::uint64_t seed,
                                                     bool fixed_length) {
  return std::make_unique<OrthogonalDirections>(dimension, count, seed, fixed_length);
}

std::unique_ptr<Directions> MakeHadamardDirections(int dimension, int count, std::uint64_t seed) {
  return std::make_unique<HadamardDirections>(dimension, count, seed);
}

}  // namespace saccade::es

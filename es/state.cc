#include "es/state.h"

#include <vector>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade::es {
namespace {

using RowMajorMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::vector<double> FiniteValues(const TensorMap& state, const std::string& name,
                                 std::int64_t size) {
  std::vector<double> values = Require<double>(state, name, size);
  if (!Eigen::Map<const Eigen::ArrayXd>(values.data(), std::ssize(values)).isFinite().all()) {
    throw InputError(
        fmt::format("array '{}' holds a value that is not finite; the file is damaged", name));
  }
  return values;
}

// What could not be read again is not written.
template <class Values>
void RequireFinite(const std::string& name, const Values& values) {
  if (values.allFinite()) return;
  throw InputError(
      fmt::format("the search has left all bounds: '{}' of the strategy is no longer finite; start "
                  "a new run with a lower learning rate, sigma or weight decay",
                  name));
}

}  // namespace

void Put(TensorMap& state, const std::string& name, double value) {
  RequireFinite(name, Eigen::Vector<double, 1>(value));
  state[name] = Tensor::Scalar<double>(value);
}

void Put(TensorMap& state, const std::string& name, const Eigen::VectorXd& vector) {
  RequireFinite(name, vector);
  state[name] = Tensor::From<double>({vector.data(), static_cast<std::size_t>(vector.size())});
}

void PutMatrix(TensorMap& state, const std::string& name, const Eigen::MatrixXd& matrix) {
  RequireFinite(name, matrix);
  const RowMajorMatrix rows = matrix;
  state[name] = Tensor::From<double>({rows.data(), static_cast<std::size_t>(rows.size())},
                                     {rows.rows(), rows.cols()});
}

double GetScalar(const TensorMap& state, const std::string& name) {
  return FiniteValues(state, name, 1)[0];
}

double GetPositive(const TensorMap& state, const std::string& name) {
  return GetPositiveVector(state, name, 1)[0];
}

Eigen::VectorXd GetVector(const TensorMap& state, const std::string& name, int size) {
  const std::vector<double> values = FiniteValues(state, name, size);
  return Eigen::Map<const Eigen::VectorXd>(values.data(), size);
}

Eigen::VectorXd GetPositiveVector(const TensorMap& state, const std::string& name, int size) {
  Eigen::VectorXd vector = GetVector(state, name, size);
  if ((vector.array() <= 0).any()) {
    throw InputError(
        fmt::format("array '{}' holds a value that is not positive; the file is damaged", name));
  }
  return vector;
}

Eigen::MatrixXd GetMatrix(const TensorMap& state, const std::string& name, int rows, int cols) {
  const std::int64_t wanted = cols < 0 ? -1 : std::int64_t{rows} * cols;
  const std::vector<double> values = FiniteValues(state, name, wanted);
  if (std::ssize(values) % rows != 0) {
    throw InputError(
        fmt::format("array '{}' has {} elements, which are no {} rows", name, values.size(), rows));
  }
  return Eigen::Map<const RowMajorMatrix>(values.data(), rows, std::ssize(values) / rows);
}

}  // namespace saccade::es

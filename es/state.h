// Vectors, matrices and numbers of a strategy's state, as named arrays and back.
//
// Put stores bit for bit, and throws kInput when a value is not finite; so do the Get functions, and
// when an array is missing or has another size. Matrices are stored row by row, as Tensor wants it.
//
// Thread safety: free functions without state. Cost: one copy.

#ifndef SACCADE_ES_STATE_H_
#define SACCADE_ES_STATE_H_

#include <string>

#include <Eigen/Core>

#include "core/base/tensor.h"

namespace saccade::es {

void Put(TensorMap& state, const std::string& name, double value);
void Put(TensorMap& state, const std::string& name, const Eigen::VectorXd& vector);
void PutMatrix(TensorMap& state, const std::string& name, const Eigen::MatrixXd& matrix);

double GetScalar(const TensorMap& state, const std::string& name);
// As GetScalar, and greater than zero: a standard deviation or a variance.
double GetPositive(const TensorMap& state, const std::string& name);
Eigen::VectorXd GetVector(const TensorMap& state, const std::string& name, int size);
Eigen::VectorXd GetPositiveVector(const TensorMap& state, const std::string& name, int size);
// Any number of columns when `cols` is negative.
Eigen::MatrixXd GetMatrix(const TensorMap& state, const std::string& name, int rows, int cols);

}  // namespace saccade::es

#endif  // SACCADE_ES_STATE_H_

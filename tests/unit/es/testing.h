// What the tests of strategies share: making them from YAML and driving them with a function.

#ifndef SACCADE_TESTS_UNIT_ES_TESTING_H_
#define SACCADE_TESTS_UNIT_ES_TESTING_H_

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <Eigen/QR>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/registry.h"
#include "core/base/error.h"
#include "core/base/rng.h"
#include "core/plugin/loader.h"
#include "es/register.h"

namespace saccade::es {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Function = std::function<double(const Eigen::VectorXd&)>;

// All strategies, the skeleton among them.
inline const Registry& Strategies() {
  static const Registry registry = [] {
    Registry all;
    RegisterStrategies(all);
    LoadPlugin(SACCADE_TEST_SKELETON, all);
    return all;
  }();
  return registry;
}

// `yaml` is the `strategy` of a configuration: "{name: snes, population: 8}".
inline std::unique_ptr<Strategy> Make(const std::string& yaml, const Eigen::VectorXd& start,
                                      std::uint64_t seed = 1) {
  config::Node node = config::ParseYaml(yaml, "test");
  config::Diagnostics diagnostics;
  const auto factory = Strategies().strategies().Read(node, "strategy", diagnostics);
  diagnostics.ThrowIfAny();
  return factory->Make({start, seed});
}

inline std::string ErrorOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "no error";
}

inline Eigen::VectorXd CandidateOf(const Strategy& strategy, int index) {
  Eigen::VectorXd x(strategy.dimension());
  strategy.Candidate(index, {x.data(), static_cast<std::size_t>(x.size())});
  return x;
}

// Opens a generation; one candidate per column.
inline Eigen::MatrixXd AskAll(Strategy& strategy) {
  const int count = strategy.Ask();
  Eigen::MatrixXd candidates(strategy.dimension(), count);
  for (int i = 0; i < count; ++i) candidates.col(i) = CandidateOf(strategy, i);
  return candidates;
}

inline void TellAll(Strategy& strategy, const Eigen::VectorXd& fitness) {
  strategy.Tell({fitness.data(), static_cast<std::size_t>(fitness.size())});
}

inline Eigen::VectorXd Evaluate(const Function& f, const Eigen::MatrixXd& candidates) {
  Eigen::VectorXd fitness(candidates.cols());
  for (int i = 0; i < fitness.size(); ++i) fitness[i] = f(candidates.col(i));
  return fitness;
}

inline void RunGenerations(Strategy& strategy, const Function& f, int generations) {
  for (int g = 0; g < generations; ++g) {
    const Eigen::MatrixXd candidates = AskAll(strategy);
    TellAll(strategy, Evaluate(f, candidates));
  }
}

inline Eigen::VectorXd RandomVector(int n, std::uint32_t index) {
  Eigen::VectorXd z(n);
  RandomStream(1, Stream::kTest, 0, index).FillNormal({z.data(), static_cast<std::size_t>(n)});
  return z;
}

inline Eigen::MatrixXd RandomMatrix(int rows, int cols, std::uint32_t index) {
  return RandomVector(rows * cols, index).reshaped(rows, cols);
}

inline Eigen::MatrixXd RandomRotation(int n, std::uint32_t index) {
  return Eigen::HouseholderQR<Eigen::MatrixXd>(RandomMatrix(n, n, index)).householderQ();
}

inline Eigen::VectorXd Saved(const Strategy& strategy, const std::string& name) {
  const std::vector<double> values = Require<double>(strategy.Save(), name);
  return Eigen::Map<const Eigen::VectorXd>(values.data(), std::ssize(values));
}

inline bool SameBytes(const TensorMap& a, const TensorMap& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.first == y.first && x.second.shape() == y.second.shape() &&
           std::ranges::equal(x.second.bytes(), y.second.bytes());
  });
}

// Every entry of the second moment of the columns of `samples`, which have mean zero, is within
// five standard errors of `covariance`; for Gaussians that of entry ij is √((C_ii C_jj + C_ij²)/N).
inline void ExpectCovariance(const Eigen::MatrixXd& samples, const Eigen::MatrixXd& covariance) {
  const double count = static_cast<double>(samples.cols());
  const Eigen::MatrixXd measured = samples * samples.transpose() / count;
  for (int i = 0; i < covariance.rows(); ++i) {
    for (int j = 0; j <= i; ++j) {
      const double spread = covariance(i, i) * covariance(j, j) + std::pow(covariance(i, j), 2);
      EXPECT_NEAR(measured(i, j), covariance(i, j), 5 * std::sqrt(spread / count))
          << "entry " << i << ", " << j;
    }
  }
}

// The mean of `values`, which are independent, is within four standard errors of `expected`.
inline void ExpectMean(const Eigen::VectorXd& values, double expected) {
  const double mean = values.mean();
  const double count = static_cast<double>(values.size());
  const double error = std::sqrt((values.array() - mean).square().sum() / (count - 1) / count);
  EXPECT_NEAR(mean, expected, 4 * error);
}

}  // namespace saccade::es

#endif  // SACCADE_TESTS_UNIT_ES_TESTING_H_

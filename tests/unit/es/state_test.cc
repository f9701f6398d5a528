#include "es/state.h"

#include <limits>

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace saccade::es {
namespace {

TEST(State, WhatCouldNotBeReadAgainIsNotSaved) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  TensorMap state;
  EXPECT_THROW(Put(state, "x", kInfinity), Error);
  EXPECT_THROW(Put(state, "x", Eigen::VectorXd(Eigen::Vector2d(1, kInfinity))), Error);
  EXPECT_THROW(PutMatrix(state, "x", Eigen::Matrix2d::Constant(-kInfinity)), Error);
  EXPECT_TRUE(state.empty());
}

}  // namespace
}  // namespace saccade::es

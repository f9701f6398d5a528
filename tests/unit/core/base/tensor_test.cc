#include "core/base/tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace saccade {
namespace {

using testing::ElementsAre;

const TensorMap& Arrays() {
  static const TensorMap arrays = {
      {"count", Tensor::Scalar<std::int64_t>(3)},
      {"mean", Tensor::From<float>(std::vector<float>{1, 2})},
  };
  return arrays;
}

template <class T>
std::string Refusal(const std::string& name, std::int64_t size) {
  try {
    Require<T>(Arrays(), name, size);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "";
}

TEST(Require, GivesTheElements) {
  EXPECT_THAT(Require<double>(Arrays(), "mean", 2), ElementsAre(1, 2));
  EXPECT_THAT(Require<std::int64_t>(Arrays(), "count"), ElementsAre(3));
}

TEST(Require, NamesTheArrayThatIsWrong) {
  EXPECT_EQ(Refusal<double>("m2", 2), "array 'm2' is missing; present: count, mean");
  EXPECT_EQ(Refusal<double>("mean", 3), "array 'mean' is (2) float32, but 3 elements are needed");
  EXPECT_EQ(Refusal<double>("count", 1), "array 'count' is () int64, but must be float64");
}

}  // namespace
}  // namespace saccade

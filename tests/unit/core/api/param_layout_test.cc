#include "core/api/param_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace saccade {
namespace {

using testing::ThrowsMessage;

TEST(ParamLayout, BlocksFollowEachOther) {
  ParamLayout layout;
  layout.Add("weight", 2, 3);
  EXPECT_EQ(layout.Add("bias", 2, 1).offset, 6);
  EXPECT_EQ(layout.size(), 8);
  EXPECT_EQ(layout.ToString(), "weight 2×3, bias 2×1");
}

// A checkpoint would keep one of the two.
TEST(ParamLayout, EveryBlockHasANameOfItsOwn) {
  ParamLayout layout;
  layout.Add("weight", 2, 3);
  EXPECT_THAT([&] { layout.Add("weight", 2, 3); },
              ThrowsMessage<Error>("block 1 of the weights is called 'weight' too; give every "
                                   "block a name of its own"));
  EXPECT_THAT([&] { layout.Add("", 2, 3); },
              ThrowsMessage<Error>("block 1 of the weights has no name; give every block a name of "
                                   "its own"));
  EXPECT_EQ(layout.size(), 6);
}

TEST(ParamLayout, BlocksOfNothingAreRefused) {
  ParamLayout layout;
  EXPECT_THAT([&] { layout.Add("weight", 0, 3); },
              ThrowsMessage<Error>("block 'weight' of the weights is 0 × 3, after 0 weights; both "
                                   "must be positive, and all weights at most 2147483647"));
}

}  // namespace
}  // namespace saccade

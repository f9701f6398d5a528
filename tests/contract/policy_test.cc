// The contract of core/api/policy.h, for every registered policy and for the skeleton.

#include "core/runtime/contract/policy_contract.h"
#include "tests/contract/broken.h"
#include "tests/contract/everything.h"

namespace saccade::contract {
namespace {

class EveryPolicy : public testing::TestWithParam<std::string> {
 protected:
  std::vector<Finding> Check(const PolicyContext& context) {
    const auto factory = Everything().policies().Find(GetParam());
    return CheckPolicy(*factory->Make(context), context, {});
  }
};
INSTANTIATE_TEST_SUITE_P(Policy, EveryPolicy, testing::ValuesIn(Everything().policies().Names()),
                         [](const auto& param_info) { return param_info.param; });

TEST_P(EveryPolicy, KeepsTheContractOnStates) {
  ExpectKept(Check({.state_size = 11, .pixels = {}, .action_size = 4}));
  ExpectKept(Check({.state_size = 1, .pixels = {}, .action_size = 1}));
}

TEST_P(EveryPolicy, KeepsTheContractOnPixels) {
  if (GetParam() == "skeleton") GTEST_SKIP() << "it needs a state";
  ExpectKept(Check({.state_size = 0, .pixels = PixelSpec{6, 5, 3}, .action_size = 2}));
}

TEST_P(EveryPolicy, KeepsTheContractOnBoth) {
  ExpectKept(Check({.state_size = 3, .pixels = PixelSpec{4, 4, 1}, .action_size = 2}));
}

}  // namespace
}  // namespace saccade::contract

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/plugin/loader.h"
#include "core/runtime/allocation_counter.h"
#include "tests/unit/policies/reference.h"

namespace saccade {
namespace {

class SkeletonPolicyTest : public testing::Test {
 protected:
  void SetUp() override { info_ = LoadPlugin(SACCADE_TEST_SKELETON, registry_); }

  std::unique_ptr<Policy> Make(const std::string& options, const PolicyContext& context) {
    config::Node node = config::ParseYaml(options, "p.yaml");
    config::Diagnostics diagnostics;
    const auto factory = registry_.policies().Read(node, "policy", diagnostics);
    diagnostics.ThrowIfAny();
    return factory->Make(context);
  }

  Registry registry_;
  PluginInfo info_;
};

TEST_F(SkeletonPolicyTest, BringsOnePolicy) {
  EXPECT_EQ(info_.name, "skeleton-policy");
  EXPECT_THAT(info_.entries, testing::ElementsAre("policy 'skeleton'"));
}

// With a constant input u, the filter's answer is aₖ = (1 - λᵏ) u.
TEST_F(SkeletonPolicyTest, FiltersWhatTheMatrixSays) {
  const auto policy =
      Make("{name: skeleton, smoothing: 0.75}", {.state_size = 3, .action_size = 2});
  EXPECT_EQ(policy->layout().ToString(), "weight 2×3");
  const std::vector<float> weights = {1, 0, 2, -1, 3, 4};  // columns (1, 0), (2, -1), (3, 4)
  const std::vector<float> state = {1, 1, 2};
  const auto runner = policy->MakeRunner();
  runner->Bind(weights);
  for (int episode = 0; episode < 2; ++episode) {
    runner->Reset();
    for (int k = 1; k <= 4; ++k) {
      const float part = 1 - static_cast<float>(std::pow(0.75, k));  // exact in binary
      EXPECT_THAT(reference::Act(*runner, {state, {}}, 2),
                  testing::ElementsAre(9 * part, 7 * part));
    }
  }
}

TEST_F(SkeletonPolicyTest, ActAllocatesNothing) {
  const auto policy = Make("{name: skeleton}", {.state_size = 30, .action_size = 20});
  const auto weights = reference::Normals(policy->layout().size(), 1);
  const auto state = reference::Normals(30, 2);
  std::vector<float> action(20);
  const auto runner = policy->MakeRunner();
  const AllocationCounter counter;
  runner->Bind(weights);
  runner->Reset();
  for (int i = 0; i < 10; ++i) runner->Act({state, {}}, action);
  EXPECT_EQ(counter.count(), 0);
}

TEST_F(SkeletonPolicyTest, NeedsAState) {
  EXPECT_THROW(Make("{name: skeleton}", {.pixels = PixelSpec{8, 8, 3}, .action_size = 1}), Error);
}

}  // namespace
}  // namespace saccade

// The contract of core/api/strategy.h, for every registered strategy and for the skeleton. What is
// special to one of them stands in tests/unit/es.

#include <algorithm>

#include <fmt/format.h>

#include "core/runtime/contract/strategy_contract.h"
#include "tests/contract/broken.h"
#include "tests/contract/everything.h"

namespace saccade::contract {
namespace {

class EveryStrategy : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Strategy, EveryStrategy,
                         testing::ValuesIn(Everything().strategies().Names()),
                         [](const auto& param_info) {
                           std::string name = param_info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_P(EveryStrategy, KeepsTheContract) {
  const auto factory = Everything().strategies().Find(GetParam());
  for (const int dimension : {10, 30}) {  // guided-es by default needs ten
    const StrategyContext context{Eigen::VectorXd::LinSpaced(dimension, -1, 1), 7};
    ExpectKept(CheckStrategy([&] { return factory->Make(context); }));
  }
}

// The last candidate of these is the mean, in every generation.
TEST(StrategyWithoutMirroring, KeepsTheContract) {
  for (const char* name : {"openai-es", "guided-es"}) {
    config::Node node = config::ParseYaml(
        fmt::format("{{name: {}, perturbation: {{antithetic: false}}}}", name), "test");
    config::Diagnostics diagnostics;
    const auto factory = Everything().strategies().Read(node, "strategy", diagnostics);
    diagnostics.ThrowIfAny();
    const StrategyContext context{Eigen::VectorXd::LinSpaced(12, -1, 1), 7};
    ExpectKept(CheckStrategy([&] { return factory->Make(context); }));
  }
}

}  // namespace
}  // namespace saccade::contract

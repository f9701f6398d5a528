// What a whole episode promises: it allocates nothing after the first one, and threads do not
// matter.

#include "core/runtime/worker.h"

#include <string>

#include "core/runtime/allocation_counter.h"
#include "core/runtime/contract/experiment_contract.h"
#include "tests/contract/broken.h"
#include "tests/contract/everything.h"

namespace saccade::contract {
namespace {

Experiment Make(const std::string& env, const std::string& policy) {
  const std::string yaml = "env: {name: " + env + "}\npolicy: {name: " + policy +
                           "}\nstrategy: {name: openai-es, population: 4}\n";
  return {Everything(), config::ParseYaml(yaml, "test")};
}

class EveryPair : public testing::TestWithParam<std::tuple<const char*, const char*>> {};
INSTANTIATE_TEST_SUITE_P(Worker, EveryPair,
                         testing::Combine(testing::Values("lqr-toy", "cheetah-run", "reacher-easy",
                                                          "finger-turn-hard"),
                                          testing::Values("linear", "mlp", "lstm")),
                         [](const auto& param_info) {
                           std::string name = std::string(std::get<0>(param_info.param)) + "_" +
                                              std::get<1>(param_info.param);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST_P(EveryPair, AllocatesNothingAfterTheFirstEpisode) {
  const Experiment experiment = Make(std::get<0>(GetParam()), std::get<1>(GetParam()));
  const int states = experiment.env().spec().state_size();
  Worker worker(experiment);
  const ObservationFilter filter(states, 10);
  Moments moments(states);
  const std::vector<double> weights(static_cast<std::size_t>(experiment.policy().layout().size()),
                                    0.1);
  worker.Bind(weights);
  worker.Run({.index = 0}, filter, &moments);
  const AllocationCounter counter;
  worker.Bind(weights);
  const EpisodeResult episode = worker.Run({.index = 1}, filter, &moments);
  EXPECT_EQ(counter.count(), 0);
  EXPECT_GT(episode.length, 50);
}

TEST_P(EveryPair, FitsTogether) {
  ExpectKept(CheckTogether(Make(std::get<0>(GetParam()), std::get<1>(GetParam())), {}));
}

}  // namespace
}  // namespace saccade::contract

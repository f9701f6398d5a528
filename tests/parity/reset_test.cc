// Resets have the reference's distributions, though not its draws.

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/parity/fixture.h"

namespace saccade {
namespace {

// The two-sample Kolmogorov–Smirnov statistic: the largest distance between the distribution
// functions.
double KolmogorovSmirnov(std::vector<double> a, std::vector<double> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::vector<double> all = a;
  all.insert(all.end(), b.begin(), b.end());
  const auto fraction = [](const std::vector<double>& sample, double x) {
    const auto below = std::upper_bound(sample.begin(), sample.end(), x) - sample.begin();
    return static_cast<double>(below) / static_cast<double>(sample.size());
  };
  double largest = 0;
  for (const double x : all) largest = std::max(largest, std::abs(fraction(a, x) - fraction(b, x)));
  return largest;
}

// The value that the statistic exceeds with probability `p` when both samples come from one
// distribution (Smirnov's limit): √(-½ ln(p/2)) √((m + n) / (m n)).
double Critical(double p, std::size_t m, std::size_t n) {
  const double sizes =
      static_cast<double>(m + n) / (static_cast<double>(m) * static_cast<double>(n));
  return std::sqrt(-0.5 * std::log(p / 2) * sizes);
}

class ResetTest : public testing::TestWithParam<std::string> {
 protected:
  static constexpr std::size_t kResets = 1000;

  // The columns of one array of the state over many resets.
  std::vector<std::vector<double>> Draw(const std::string& name) {
    std::vector<std::vector<double>> columns;
    for (std::uint32_t i = 0; i < kResets; ++i) {
      env_->Reset({.seed = 11, .stream = Stream::kTest, .generation = 0, .index = i},
                  storage_.buffer());
      const std::vector<double> values = env_->GetState().at(name).Values<double>();
      columns.resize(values.size());
      for (std::size_t k = 0; k < values.size(); ++k) columns[k].push_back(values[k]);
    }
    return columns;
  }

  std::vector<std::vector<double>> Recorded(const std::string& name) const {
    const Tensor& tensor = fixture_.arrays.at("resets/" + name);
    const std::vector<double> values = tensor.Values<double>();
    const auto size = static_cast<std::size_t>(tensor.shape().at(1));
    std::vector<std::vector<double>> columns(size);
    for (std::size_t i = 0; i < values.size(); ++i) columns[i % size].push_back(values[i]);
    return columns;
  }

  Fixture fixture_{GetParam()};
  std::shared_ptr<const EnvBlueprint> blueprint_ = MakeBlueprint(GetParam());
  std::unique_ptr<Env> env_ = blueprint_->MakeEnv();
  ObservationStorage storage_{blueprint_->spec()};
};

// One test per number of the state: 500 in all, so with p = 1e-5 each, one false alarm in 200
// choices of the seed; the seed is fixed.
TEST_P(ResetTest, EveryNumberHasTheRecordedDistribution) {
  const TensorMap known = env_->GetState();
  for (const std::string& name : fixture_.NamesBelow("resets")) {
    if (!known.contains(name)) continue;
    const auto ours = Draw(name);
    const auto theirs = Recorded(name);
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t k = 0; k < ours.size(); ++k) {
      EXPECT_LT(KolmogorovSmirnov(ours[k], theirs[k]),
                Critical(1e-5, ours[k].size(), theirs[k].size()))
          << name << "[" << k << "]";
    }
  }
}

// A component that never moves would be a wrong address.
TEST_P(ResetTest, EveryObservationVaries) {
  const EnvSpec& spec = blueprint_->spec();
  RandomStream random(5, Stream::kTest, 0, 0);
  std::vector<double> action(spec.action_low.size());
  std::vector<double> lowest;
  std::vector<double> highest;
  for (std::uint32_t episode = 0; episode < 20; ++episode) {
    env_->Reset({.seed = 12, .stream = Stream::kTest, .index = episode}, storage_.buffer());
    for (int step = 0; step < 200; ++step) {
      SampleAction(spec, random, action);
      env_->Step(action, storage_.buffer());
      if (lowest.empty()) lowest.assign(storage_.state().begin(), storage_.state().end());
      if (highest.empty()) highest = lowest;
      for (std::size_t k = 0; k < lowest.size(); ++k) {
        lowest[k] = std::min(lowest[k], storage_.state()[k]);
        highest[k] = std::max(highest[k], storage_.state()[k]);
      }
    }
  }
  for (std::size_t k = 0; k < lowest.size(); ++k) EXPECT_LT(lowest[k], highest[k]) << k;
}

INSTANTIATE_TEST_SUITE_P(Control, ResetTest, testing::ValuesIn(RecordedTasks()),
                         [](const testing::TestParamInfo<std::string>& task) {
                           return TestName(task.param);
                         });

}  // namespace
}  // namespace saccade

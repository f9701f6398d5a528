// Arrays that a rollout cannot start from or play: of the wrong shape, not finite, a bomb.

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/npy.h"
#include "core/base/npz.h"
#include "tests/e2e/bad_input.h"

namespace saccade {
namespace {

using testing::HasSubstr;
using testing_tools::BadInput;
using testing_tools::Finished;

TEST_F(BadInput, ArraysOfTheWrongShape) {
  const std::vector<double> six(6);
  Write("actions.npy", EncodeNpy(Tensor::From(std::span<const double>(six), {3, 2})));
  ExpectInputError({"rollout", "cartpole-swingup", "--actions", "actions.npy", "--dump", "b.npz"},
                   "actions.npy: is (3 × 2) float64, but cartpole-swingup needs T × 1");
  WriteNpz(folder() / "init.npz", {{"qpos", Tensor::From(std::span<const double>(six))}});
  ExpectInputError({"rollout", "cartpole-swingup", "--init", "init.npz", "--dump", "b.npz"},
                   "init.npz: array 'qpos' is (6) float64, but 2 elements are needed");
}

TEST_F(BadInput, StatesThatAreNoNumbers) {
  const std::vector<double> qpos = {0, std::numeric_limits<double>::quiet_NaN()};
  WriteNpz(folder() / "init.npz", {{"qpos", Tensor::From(std::span<const double>(qpos))}});
  ExpectInputError({"rollout", "cartpole-swingup", "--init", "init.npz", "--dump", "b.npz"},
                   "init.npz: array 'qpos': element 1 is nan; every element must be finite");
}

TEST_F(BadInput, AStateOrAnActionThatIsForgotten) {
  const std::vector<double> two(2);
  WriteNpz(folder() / "init.npz", {{"qvel", Tensor::From(std::span<const double>(two))}});
  ExpectInputError({"rollout", "cartpole-swingup", "--init", "init.npz", "--dump", "b.npz"},
                   "init.npz: array 'qpos' is missing; present: qvel");
  const std::vector<double> actions = {0, std::numeric_limits<double>::quiet_NaN()};
  Write("actions.npy", EncodeNpy(Tensor::From(std::span<const double>(actions), {2, 1})));
  ExpectInputError({"rollout", "cartpole-swingup", "--actions", "actions.npy", "--dump", "b.npz"},
                   "actions.npy: action [1, 0] is nan; every action must be finite");
  Write("actions.npy", EncodeNpy(Tensor::From(std::span<const double>(), {0, 1})));
  ExpectInputError({"rollout", "cartpole-swingup", "--actions", "actions.npy", "--dump", "b.npz"},
                   "actions.npy: has no actions; it needs at least one row");
}

TEST_F(BadInput, ADumpIsNoInitialState) {
  ASSERT_EQ(Saccade({"rollout", "cartpole-swingup", "--steps", "2", "--dump", "d.npz"}).exit_code,
            0);
  ExpectInputError(
      {"rollout", "cartpole-swingup", "--init", "d.npz", "--dump", "b.npz"},
      "d.npz: is the dump of a rollout, with T+1 rows of states; write the row to start from, as "
      "numpy does with np.savez('init.npz', qpos=dump['qpos'][0], …)");
}

// Steps that the episode will never reach take no memory.
TEST_F(BadInput, AHundredMillionStepsAreAnEpisode) {
  const Finished run =
      Saccade({"rollout", "humanoid-stand", "--steps", "100000000", "--dump", "b.npz"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("humanoid-stand: 1000 steps"));
}

// Many names for the same compressed bytes: each is small enough for the archive, all are not.
TEST_F(BadInput, AnArchiveThatUnpacksToMoreThanItCanHold) {
  const std::vector<std::uint8_t> zeros(1'000'000);
  const std::string one = EncodeNpz({{"a", Tensor::From(std::span<const std::uint8_t>(zeros))}});
  const std::size_t directory = one.rfind("PK\x01\x02");
  const std::size_t end = one.rfind("PK\x05\x06");
  const std::string entry = one.substr(directory, end - directory);
  const auto little = [](std::uint64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
    return text;
  };
  constexpr int kCount = 26;
  std::string bomb = one.substr(0, directory);
  for (int i = 0; i < kCount; ++i) {
    std::string copy = entry;
    copy[46] = static_cast<char>('a' + i);  // the first letter of the member's name
    bomb += copy;
  }
  bomb += one.substr(end, 8) + little(kCount, 2) + little(kCount, 2) +
          little(kCount * entry.size(), 4) + little(directory, 4) + little(0, 2);
  Write("bomb.npz", bomb);
  const Finished run =
      Saccade({"rollout", "cartpole-swingup", "--init", "bomb.npz", "--dump", "b.npz"});
  EXPECT_EQ(run.exit_code, 2) << run.out;
  EXPECT_THAT(run.err, HasSubstr("makes the archive unpack to more than its bytes can hold"));
}

}  // namespace
}  // namespace saccade

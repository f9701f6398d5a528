// Resets draw from the distributions that the file names.

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mujoco/mujoco.h>

#include "tests/unit/envs/mjcf_testing.h"

namespace saccade {
namespace {

using testing::ElementsAre;
using testing_mjcf::MjcfTest;

class ResetTest : public MjcfTest {
 protected:
  static constexpr std::uint32_t kResets = 4000;

  // qpos and qvel after many resets, one row each.
  std::vector<std::vector<double>> Draw(const std::string& reset) const {
    const auto blueprint = MakeRobot("reset: " + reset + "\n");
    const auto env = blueprint->MakeEnv();
    ObservationStorage storage(blueprint->spec());
    std::vector<std::vector<double>> rows;
    for (std::uint32_t i = 0; i < kResets; ++i) {
      env->Reset({.seed = 7, .stream = Stream::kTest, .index = i}, storage.buffer());
      rows.emplace_back(storage.state().begin(), storage.state().end());
    }
    return rows;
  }

  struct Moments {
    double mean = 0;
    double deviation = 0;
    double largest = 0;  // distance from the mean's expected value
  };
  static Moments Of(const std::vector<double>& x, double centre) {
    Moments moments;
    for (const double value : x) {
      moments.mean += value / kResets;
      moments.deviation += (value - centre) * (value - centre) / kResets;
      moments.largest = std::max(moments.largest, std::abs(value - centre));
    }
    moments.deviation = std::sqrt(moments.deviation);
    return moments;
  }
  static std::vector<double> Column(const std::vector<std::vector<double>>& rows, std::size_t k) {
    std::vector<double> column;
    for (const auto& row : rows) column.push_back(row[k]);
    return column;
  }
  // Half the rotation vector of a unit quaternion, times two.
  static std::array<double, 3> RotationVector(const double* quaternion) {
    std::array<double, 3> vector;
    mju_quat2Vel(vector.data(), quaternion, 1);
    return vector;
  }

  // Five standard errors of 4000 draws.
  static void ExpectMoments(const std::vector<double>& x, double centre, double deviation) {
    const Moments moments = Of(x, centre);
    EXPECT_NEAR(moments.mean, centre, 5 * deviation / std::sqrt(kResets));
    EXPECT_NEAR(moments.deviation, deviation, 5 * deviation / std::sqrt(2 * kResets));
  }
};

TEST_F(ResetTest, WithoutNoiseAnEpisodeStartsAtTheKeyframe) {
  for (const auto& row : Draw("{keyframe: home}")) {
    ASSERT_THAT(row, ElementsAre(1, 2, 3, 1, 0, 0, 0, 1, 0, 0, 0, 0.5,  //
                                 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.25));
  }
}

TEST_F(ResetTest, UniformNoiseIsThatOfEveryDegreeOfFreedom) {
  const auto rows = Draw("{keyframe: home, noise: [{qpos: 0.2, qvel: 0.4}]}");
  const double per_size = 1 / std::sqrt(3.0);
  const double home[] = {1, 2, 3};
  for (std::size_t k = 0; k < 3; ++k) {
    ExpectMoments(Column(rows, k), home[k], 0.2 * per_size);
    EXPECT_LE(Of(Column(rows, k), home[k]).largest, 0.2);
    EXPECT_GT(Of(Column(rows, k), home[k]).largest, 0.199);
  }
  ExpectMoments(Column(rows, 11), 0.5, 0.2 * per_size);
  for (std::size_t k = 12; k < 22; ++k) {
    ExpectMoments(Column(rows, k), k == 21 ? 0.25 : 0, 0.4 * per_size);
  }
  for (const std::size_t first : {3u, 7u}) {  // the quaternions of the free and the ball joint
    std::vector<double> turn;
    for (const auto& row : rows) {
      ASSERT_NEAR(std::hypot(std::hypot(row[first], row[first + 1]),
                             std::hypot(row[first + 2], row[first + 3])),
                  1, 1e-14);
      turn.push_back(RotationVector(&row[first])[1]);
    }
    ExpectMoments(turn, 0, 0.2 * per_size);
  }
}

TEST_F(ResetTest, RulesMeetTheJointsTheyNameAndAddUp) {
  const auto rows = Draw(
      "{noise: [{joints: [elbow], distribution: normal, qpos: 0.3}, {joints: [elbow, shoulder], "
      "qpos: 0.1, qvel: 0.2}]}");
  ExpectMoments(Column(rows, 11), 0, std::sqrt(0.3 * 0.3 + 0.1 * 0.1 / 3));
  EXPECT_GT(Of(Column(rows, 11), 0).largest, 0.7);  // a normal has no bounds
  ExpectMoments(Column(rows, 21), 0, 0.2 / std::sqrt(3.0));
  EXPECT_GT(Of(Column(rows, 8), 0).largest, 0.01);
  for (const std::size_t k : {0u, 1u, 4u, 12u, 17u}) {  // of the free joint
    EXPECT_EQ(Of(Column(rows, k), 0).largest, 0) << k;
  }
}

}  // namespace
}  // namespace saccade

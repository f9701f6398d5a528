#include "core/runtime/evaluation_file.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/testing/temporary_folder.h"

namespace saccade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class EvaluationFile : public testing::Test {
 protected:
  SavedEvaluation ReadBack(const std::string& text) const {
    WriteFileAtomically(path_, text);
    return ReadEvaluation(path_);
  }
  testing_tools::TemporaryFolder temporary_;
  std::filesystem::path path_ = temporary_.path() / "evaluation.json";
};

SavedEvaluation Example() {
  std::vector<EpisodeResult> episodes(3);
  episodes[0].total_reward = 2;
  episodes[0].length = 7;
  episodes[1].total_reward = std::numeric_limits<double>::infinity();
  episodes[1].length = 1;
  episodes[1].diverged = true;
  episodes[2].total_reward = 4;
  episodes[2].length = 9;
  return MakeEvaluation("best.safetensors", "walker-walk", {"env.action_repeat=2"},
                        18'446'744'073'709'551'615u, episodes);
}

TEST_F(EvaluationFile, ComesBackAsItWas) {
  const SavedEvaluation read = ReadBack(ToJson(Example()));
  EXPECT_EQ(read.policy, "best.safetensors");
  EXPECT_EQ(read.env, "walker-walk");
  EXPECT_THAT(read.overrides, ElementsAre("env.action_repeat=2"));
  EXPECT_EQ(read.seed, 18'446'744'073'709'551'615u);
  EXPECT_EQ(read.summary.episodes, 2);
  EXPECT_EQ(read.summary.diverged, 1);
  EXPECT_EQ(read.summary.mean, 3);
  EXPECT_EQ(read.summary.standard_error, Example().summary.standard_error);
  EXPECT_EQ(read.summary.mean_length, 8);
  EXPECT_THAT(read.lengths, ElementsAre(7, 1, 9));
  ASSERT_EQ(read.returns.size(), 3u);
  EXPECT_TRUE(std::isnan(read.returns[1]));
}

TEST_F(EvaluationFile, IsRefusedWithAFieldMissingOrOfAnotherType) {
  const std::pair<const char*, const char*> mutations[] = {
      {"\"mean\"", "\"meen\""},
      {"[\n    7", "[\n    null"},
      {"[\n    7", "[\n    7.5"},
      {"[\n    7", "[\n    5000000000"},
      {"\"episodes\": 2", "\"episodes\": 5000000000"},
      {"\"seed\": 1", "\"seed\": -1"},
      {"\"lengths\": [", "\"lengths\": 3, \"others\": ["},
  };
  for (const auto& [good, bad] : mutations) {
    std::string text = ToJson(Example());
    text.replace(text.find(good), std::string(good).size(), bad);
    try {
      ReadBack(text);
      FAIL() << bad;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("evaluation.json: is not what saccade eval --json"));
    }
  }
}

}  // namespace
}  // namespace saccade

// What is wrong with a configuration or an option is said at its place, and nothing is begun.

#include <sys/stat.h>

#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/rng.h"
#include "tests/e2e/bad_input.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using testing_tools::BadInput;
using testing_tools::Finished;

TEST_F(BadInput, EveryProblemOfAFileAtItsPlace) {
  Write("bad.yaml",
        "seed: 010\n"
        "env: {name: cartpole-swngup}\n"
        "policy: {name: linear, bias: maybe}\n"
        "strategy: {name: snes, population: 2000000, sgima: 0.1}\n"
        "training: {generations: many, episodes_per_candidate: 0}\n"
        "colour: red\n");
  ExpectInputError(
      {"train", "bad.yaml"},
      "bad.yaml:1:7: seed: '010' looks like an octal or hexadecimal number; write it in decimal "
      "without leading zeros\n"
      "bad.yaml:2:13: env.name: unknown environment 'cartpole-swngup'; did you mean "
      "'cartpole-swingup'?\n"
      "bad.yaml:3:30: policy.bias: 'maybe' is not true or false\n"
      "bad.yaml:4:36: strategy.population: 2000000 is out of range: must be in [0, 1000000]\n"
      "bad.yaml:4:45: strategy.sgima: unknown key; did you mean 'sigma'?\n"
      "bad.yaml:5:25: training.generations: 'many' is not a whole number\n"
      "bad.yaml:5:55: training.episodes_per_candidate: 0 is out of range: must be in [1, 1000000]\n"
      "bad.yaml:6:1: colour: unknown key; known here: seed, env, policy, strategy, observation, "
      "action, training, evaluation, checkpoint");
}

TEST_F(BadInput, FilesThatAreNoConfiguration) {
  ExpectInputError({"train", "missing.yaml"},
                   "missing.yaml: cannot read: No such file or directory");
  Write("empty.yaml", "");
  ExpectInputError({"train", "empty.yaml"}, "empty.yaml: is empty; write at least one key");
  Write("twice.yaml", "seed: 1\nseed: 2\n");
  ExpectInputError({"train", "twice.yaml"},
                   "twice.yaml:2:1: duplicate key 'seed', first written in line 1; keep one");
  Write("two.yaml", "seed: 1\n---\nseed: 2\n");
  ExpectInputError({"train", "two.yaml"},
                   "two.yaml:2:1: a second document ('---') begins here; keep one");
  Write("latin.yaml", "seed: 1\nenv: {name: caf\xe9}\n");
  ExpectInputError({"train", "latin.yaml"},
                   "latin.yaml: is not UTF-8: the byte 0xe9 at offset 23, in line 2; save the text "
                   "as UTF-8");
  ExpectInputError({"train", "."}, ".: is a folder, not a regular file; give the name of a file");
  ExpectInputError({"train", "/dev/zero"},
                   "/dev/zero: is a device or a pipe, not a regular file; give the name of a file");
  ASSERT_EQ(::mkfifo((folder() / "pipe").c_str(), 0600), 0);
  ExpectInputError({"train", "pipe"},
                   "pipe: is a device or a pipe, not a regular file; give the name of a file");
  EXPECT_FALSE(fs::exists(folder() / "runs"));  // nothing was begun
}

TEST_F(BadInput, AMegabyteOfNoise) {
  RandomStream random(1, Stream::kTest, 0, 0);
  std::string noise(1 << 20, '\0');
  for (char& c : noise) c = static_cast<char>(random.NextU32());
  Write("noise.yaml", noise);
  ExpectInputError({"train", "noise.yaml"},
                   fmt::format("noise.yaml: is not a text file (a zero byte at offset {}); give a "
                               "YAML file",
                               noise.find('\0')));
  noise.push_back('#');
  Write("noise.yaml", noise);
  ExpectInputError({"train", "noise.yaml"},
                   "noise.yaml: has 1048577 bytes; at most 1048576 are accepted here");
}

TEST_F(BadInput, AnchorsThatExplode) {
  const std::string message =
      "the file has more than 100000 values or 4194304 bytes of text once its aliases are "
      "expanded; write fewer aliases";
  std::string values = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    std::string aliases;
    for (int k = 0; k < 10; ++k) aliases += fmt::format("{}*a{}", k == 0 ? "" : ", ", i - 1);
    values += fmt::format("a{}: &a{} [{}]\n", i, i, aliases);
  }
  Write("values.yaml", values);
  ExpectInputError({"train", "values.yaml"}, "values.yaml:4:5: " + message);

  std::string text = "a: &a \"" + std::string(100'000, 'x') + "\"\nb: [*a";
  for (int i = 0; i < 50'000; ++i) text += ", *a";
  Write("text.yaml", text + "]\n");
  ExpectInputError({"train", "text.yaml"}, "text.yaml:1:4: " + message);
}

TEST_F(BadInput, ThousandsOfDuplicatesAreSaidBriefly) {
  std::string text;
  for (int i = 0; i < 40'000; ++i) text += "a:\n";
  Write("many.yaml", text);
  const Finished run = Saccade({"train", "many.yaml"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(
      run.err,
      AllOf(StartsWith("saccade: many.yaml:2:1: duplicate key 'a', first written in line 1; "
                       "keep one\n"),
            EndsWith("\n… and 39949 more\n")));
}

TEST_F(BadInput, NumbersOfTheCommandLine) {
  ExpectInputError({"train", "c.yaml", "--dry-run", "--set", "seed=\"1\""},
                   "--set seed: seed: '1' in quotes is a text, not a whole number");
  ExpectInputError(
      {"train", "c.yaml", "--dry-run", "--set", "policy={name: mlp, initial_output_scale: 1e39}"},
      "--set policy: policy.initial_output_scale: 1e39 is out of range: must be in [0, "
      "1000000]");
  ExpectInputError({"rollout", "c.yaml", "--dump", "o.npz"},
                   "c.yaml: is a file or folder; here goes the name of an environment (saccade "
                   "list envs)");
  for (const char* seed : {"-1", "18446744073709551616", "1.5", ""}) {
    const Finished run = Saccade({"eval", "run", "--seed", seed});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err,
                HasSubstr(fmt::format("'{}' is not a whole number from 0 to 2^64 - 1", seed)));
  }
  for (const char* threads : {"0", "1025", "1.5", "two", "010", "0x2", "+2", ""}) {
    const Finished run = Saccade({"train", "c.yaml", "--threads", threads});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, HasSubstr(fmt::format(
                             "--threads: '{}' is not a whole number from 1 to 1024", threads)));
  }
  const Finished out = Saccade({"train", "c.yaml", "--out", ""});
  EXPECT_EQ(out.exit_code, 2);
  EXPECT_THAT(out.err, HasSubstr("--out: the name is empty; write one, or leave the option out"));
  EXPECT_FALSE(fs::exists(folder() / "runs"));
}

TEST_F(BadInput, SizesThatDoNotFitComeWithTheirArithmetic) {
  ExpectInputError(
      {"train", "c.yaml", "--set", "policy={name: mlp, hidden: [1000000000]}"},
      "--set policy: policy: layer 'layer0' needs 5 inputs × 1000000000 outputs + 1000000000 "
      "biases = 6000000000 weights, after 0 before it; a policy has at most 268435456: use smaller "
      "layers or smaller images");
  for (const char* way : {"--dry-run", "--threads=1"}) {
    ExpectInputError({"train", "c.yaml", way, "--set", "env.observation=pixels", "--set",
                      "strategy={name: cma-es}"},
                     "--set strategy: strategy: cma-es: 7057 weights would need a 7057 × 7057 "
                     "covariance matrix, too slow to decompose; it serves up to 1000 weights. Use "
                     "cr-fm-nes, sep-cma-es or snes");
    ExpectInputError({"train", "c.yaml", way, "--set", "strategy.population=100000", "--set",
                      "training.episodes_per_candidate=1000"},
                     "--set training.episodes_per_candidate: training.episodes_per_candidate: "
                     "100000 candidates × 1000 episodes = 100000000 episodes in a generation; at "
                     "most 1000000 are possible: lower it, or the strategy's population");
  }
  ExpectInputError(
      {"train", "c.yaml", "--set", "env={name: lqr-toy}", "--set",
       "strategy={name: guided-es, subspace: 50}"},
      "--set strategy: strategy.subspace: 50 must not exceed the number of weights, 3");
  EXPECT_FALSE(fs::exists(folder() / "runs"));
}

}  // namespace
}  // namespace saccade

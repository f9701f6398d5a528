// saccade check, as a user meets it.

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/e2e/cli_fixture.h"

namespace saccade {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_tools::CliTest;
using testing_tools::Finished;

class CheckTest : public CliTest {
 protected:
  // With the environments "check-sound" and "check-broken".
  Finished Check(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"--plugin", SACCADE_TEST_CHECKED, "check"});
    return Saccade(arguments);
  }
};

TEST_F(CheckTest, AnEnvironmentThatKeepsItsPromises) {
  const Finished check = Check({"check-sound"});
  EXPECT_EQ(check.exit_code, 0) << check.err;
  EXPECT_EQ(check.out,
            "environment check-sound\n"
            "  ok      the spec is complete\n"
            "  ok      episodes run\n"
            "  ok      the same key gives the same episode\n"
            "  ok      another key gives another episode\n"
            "  ok      observations are written\n"
            "  ok      rewards are numbers\n"
            "  ok      episodes end in time\n"
            "  ok      Reset forgets\n"
            "  ok      Step allocates nothing\n"
            "  ok      LoadState continues\n"
            "  -       named states can be set (not checked: the environment has none)\n"
            "  ok      finite actions are survived\n"
            "  ok      Envs share nothing\n"
            "\n"
            "No rule is broken.\n");
}

// Neither the environment nor the strategy has broken anything, and nothing runs before.
TEST_F(CheckTest, AStrategyThatRefusesTheSizeBreaksNoRule) {
  const Finished check = Saccade(
      {"check", "c.yaml", "--set", "env.observation=pixels", "--set", "strategy={name: cma-es}"});
  EXPECT_EQ(check.exit_code, 2);
  EXPECT_EQ(check.out, "");
  EXPECT_THAT(check.err, testing::StartsWith(
                             "saccade: --set strategy: strategy: cma-es: 7057 weights would need"));
}

// A folder of a run is easily called so.
TEST_F(CheckTest, ANameIsTheEnvironmentWhateverLiesHere) {
  MakeFolder(folder() / "cartpole-balance");
  const Finished check = Saccade({"check", "cartpole-balance", "--episodes", "1"});
  EXPECT_EQ(check.exit_code, 0) << check.err;
  EXPECT_EQ(check.err,
            "warning: cartpole-balance is taken for the environment; for what is on disk write "
            "./cartpole-balance\n");
  EXPECT_THAT(check.out, HasSubstr("environment cartpole-balance\n"));
}

TEST_F(CheckTest, AGenerationThatIsTooLargeIsARuleOfItsOwn) {
  const Finished check =
      Saccade({"check", "c.yaml", "--episodes", "1", "--set", "strategy.population=100000", "--set",
               "training.episodes_per_candidate=1000"});
  EXPECT_EQ(check.exit_code, 2);
  EXPECT_THAT(check.out, HasSubstr("  FAILED  a generation is not too large\n"
                                   "          --set training.episodes_per_candidate: "
                                   "training.episodes_per_candidate: 100000 candidates × 1000 "
                                   "episodes = 100000000 episodes"));
}

// The place, what is there, and what to do.
TEST_F(CheckTest, AnEnvironmentThatAllocates) {
  const Finished check = Check({"check-broken", "--seed", "4", "--episodes", "1"});
  EXPECT_EQ(check.exit_code, 2);
  EXPECT_EQ(check.err, "");
  EXPECT_THAT(check.out,
              AllOf(HasSubstr("  FAILED  Step allocates nothing\n"
                              "          episode 1, step 3: 1 allocation; take all memory in the "
                              "constructor or in the first episode, and give vectors their size "
                              "there\n"),
                    HasSubstr("\n1 of 13 rules is broken.\n")));
}

TEST_F(CheckTest, OptionsOfTheEnvironmentAreSet) {
  const Finished check = Check({"check-broken", "--set", "allocate_at=0"});
  EXPECT_EQ(check.exit_code, 0) << check.out;
  const Finished misspelt = Check({"check-broken", "--set", "allocate_a=0"});
  EXPECT_EQ(misspelt.exit_code, 2);
  EXPECT_THAT(misspelt.err, HasSubstr("did you mean 'allocate_at'?"));
}

TEST_F(CheckTest, AConfigurationWithAllItNames) {
  const Finished check = Check({"c.yaml"});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
  EXPECT_THAT(check.out,
              AllOf(HasSubstr("environment cartpole-balance\n"), HasSubstr("\npolicy linear\n"),
                    HasSubstr("\nstrategy snes\n"), HasSubstr("\ntogether\n"),
                    HasSubstr("  ok      episodes allocate nothing\n"),
                    HasSubstr("  ok      threads do not matter\n"), Not(HasSubstr("FAILED"))));
}

TEST_F(CheckTest, AConfigurationWithABrokenPart) {
  const Finished check = Check({"c.yaml", "--set", "env={name: check-broken}"});
  EXPECT_EQ(check.exit_code, 2);
  EXPECT_THAT(check.out,
              AllOf(HasSubstr("FAILED  Step allocates nothing"), HasSubstr("\nstrategy snes\n"),
                    Not(HasSubstr("\ntogether\n")), HasSubstr("rules is broken.\n")));
}

TEST_F(CheckTest, WhatThereIsNot) {
  const Finished check = Saccade({"check", "cartpole-balanse"});
  EXPECT_EQ(check.exit_code, 2);
  EXPECT_THAT(check.err, HasSubstr("unknown environment 'cartpole-balanse'; did you mean "
                                   "'cartpole-balance'?"));
}

// A program that counts allocations must not hand the blocks of one allocator to another one.
TEST_F(CheckTest, AnotherAllocatorDoesNotMixWithOurs) {
  if (!std::string(SACCADE_TEST_SANITIZE).empty())
    GTEST_SKIP() << "the sanitizer has the allocator";
  const Finished list = testing_tools::Run(
      {"/usr/bin/env", "LD_PRELOAD=" SACCADE_TEST_ALLOCATOR, SACCADE_BINARY, "list", "envs"},
      folder());
  EXPECT_EQ(list.exit_code, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr("cartpole-balance"));
}

}  // namespace
}  // namespace saccade

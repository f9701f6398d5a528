// What a hostile or unlucky user meets: every answer is an error that says what, where and what to
// do, with exit code 2 (the input) or 3 (the machine), and nothing that was saved is lost.

#ifndef SACCADE_TESTS_E2E_BAD_INPUT_H_
#define SACCADE_TESTS_E2E_BAD_INPUT_H_

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/e2e/cli_fixture.h"

namespace saccade::testing_tools {

class BadInput : public CliTest {
 protected:
  void TrainRun(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"train", "c.yaml", "--out", "run"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished run = Saccade(arguments);
    ASSERT_EQ(run.exit_code, 0) << run.err;
  }

  void ExpectMachineError(const Finished& run, const std::string& message) const {
    EXPECT_EQ(run.exit_code, 3) << run.out << run.err;
    EXPECT_EQ(run.err, "saccade: " + message + "\n");
  }

  // The binary through a shell, for limits and redirections: $0 is saccade.
  Finished Shell(const std::string& script) const {
    return testing_tools::Run({"/bin/sh", "-c", script, SACCADE_BINARY}, folder());
  }
};

}  // namespace saccade::testing_tools

#endif  // SACCADE_TESTS_E2E_BAD_INPUT_H_

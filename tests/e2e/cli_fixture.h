// A test that calls the binary as a user does, in a folder of its own with a small configuration.

#ifndef SACCADE_TESTS_E2E_CLI_FIXTURE_H_
#define SACCADE_TESTS_E2E_CLI_FIXTURE_H_

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/testing/subprocess.h"
#include "tests/testing/temporary_folder.h"

namespace saccade::testing_tools {

class CliTest : public testing::Test {
 protected:
  // c.yaml in the folder: four generations of cartpole-balance, less than a second.
  CliTest() { WriteFileAtomically(folder_ / "c.yaml", kConfig); }

  std::vector<std::string> Command(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), SACCADE_BINARY);
    return arguments;
  }
  Finished Saccade(const std::vector<std::string>& arguments) const {
    return testing_tools::Run(Command(arguments), folder_);
  }
  // Runs and expects exit code 2 and this one message.
  void ExpectInputError(const std::vector<std::string>& arguments,
                        const std::string& message) const {
    const Finished run = Saccade(arguments);
    EXPECT_EQ(run.exit_code, 2) << run.err;
    EXPECT_EQ(run.err, "saccade: " + message + "\n");
  }

  // The only failure for which a test of pictures may be skipped.
  static bool LacksOpenGl(const Finished& run) {
    return run.exit_code == 3 && run.err.find("no OpenGL") != std::string::npos;
  }

  void Write(const std::string& name, const std::string& content) const {
    WriteFileAtomically(folder_ / name, content);
  }
  std::string Read(const std::string& name) const { return ReadFile(folder_ / name); }

  // How many generations a run has recorded.
  std::ptrdiff_t Records(const std::string& run = "run") const {
    const std::string metrics = Read(run + "/metrics.jsonl");
    return std::count(metrics.begin(), metrics.end(), '\n');
  }

  const std::filesystem::path& folder() const { return folder_; }

 private:
  static constexpr const char* kConfig = R"(seed: 3
env: {name: cartpole-balance}
policy: {name: linear}
strategy: {name: snes, population: 4, sigma: 0.1}
training: {generations: 4}
evaluation: {every: 2, episodes: 2}
)";

  TemporaryFolder temporary_;
  std::filesystem::path folder_ = temporary_.path();
};

}  // namespace saccade::testing_tools

#endif  // SACCADE_TESTS_E2E_CLI_FIXTURE_H_

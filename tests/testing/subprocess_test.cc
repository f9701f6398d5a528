// A program meets the signals as in a terminal, and waiting for its file comes to an end whatever it
// does.

#include "tests/testing/subprocess.h"

#include <csignal>

#include <gtest/gtest.h>

#include "tests/testing/temporary_folder.h"

namespace saccade::testing_tools {
namespace {

using std::chrono::milliseconds;

// What WaitForFile("there") of a shell script complains of.
std::string Complaint(const std::string& script, milliseconds timeout) {
  const TemporaryFolder folder;
  Subprocess shell({"/bin/sh", "-c", script}, folder.path());
  try {
    shell.WaitForFile("there", timeout);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(Subprocess, WaitsForItsFile) {
  EXPECT_EQ(Complaint("sleep 0.1; : >there; exec sleep 100", milliseconds(60'000)), "");
  EXPECT_EQ(Complaint(": >there", milliseconds(60'000)), "");  // its last deed
}

TEST(Subprocess, SaysWhyItsFileWillNotCome) {
  EXPECT_EQ(Complaint("echo so; echo far >&2; exit 7", milliseconds(60'000)),
            "there: not there when the program ended with exit code 7; it said:\nso\nfar\n");
  EXPECT_EQ(Complaint("echo so far; exec sleep 100", milliseconds(200)),
            "there: not there after 200 ms; it said:\nso far\n");
}

TEST(Subprocess, DoesNotIgnoreWhatTheTestIgnores) {
  const auto before = ::signal(SIGHUP, SIG_IGN);
  const Finished shell = testing_tools::Run({"/bin/sh", "-c", "kill -HUP $$"}, ".");
  ::signal(SIGHUP, before);
  EXPECT_EQ(shell.exit_code, 128 + SIGHUP);
}

}  // namespace
}  // namespace saccade::testing_tools

// Folders that cannot be used: in use, of another kind, closed, gone.

#include <unistd.h>

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/bad_input.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing_tools::BadInput;
using testing_tools::Finished;
using testing_tools::Subprocess;

TEST_F(BadInput, FoldersThatCannotBeUsed) {
  TrainRun();
  ExpectInputError(
      {"train", "c.yaml", "--out", "run"},
      "run: already in use; go on with it (--resume run), or choose another folder (--out)");
  fs::create_directory(folder() / "mine");
  Write("mine/notes.txt", "keep");
  ExpectInputError({"train", "c.yaml", "--out", "mine"},
                   "mine: holds other files; choose another folder for the run (--out)");
  ExpectInputError({"train", "c.yaml", "--out", "c.yaml"},
                   "c.yaml: is a file; choose another name for the folder of the run (--out)");
  ExpectMachineError(Saccade({"train", "c.yaml", "--out", "c.yaml/run"}),
                     "c.yaml/run: cannot write: Not a directory; choose a folder that "
                     "can be written to");
  ExpectInputError({"train", "--resume", "."},
                   ".: is not the folder of a run: it has no config.resolved.yaml; give one that "
                   "saccade train wrote");
  const std::string too_long(300, 'a');
  ExpectInputError({"eval", too_long}, too_long + ": no such file or folder");
}

// Root may write everywhere, and therefore becomes nobody.
TEST_F(BadInput, AFolderWithoutPermission) {
  fs::create_directory(folder() / "closed");
  fs::permissions(folder() / "closed", fs::perms::owner_read | fs::perms::owner_exec |
                                           fs::perms::others_read | fs::perms::others_exec);
  fs::permissions(folder() / "c.yaml", fs::perms::others_read, fs::perm_options::add);
  fs::permissions(folder(), fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
  std::vector<std::string> command = Command({"train", "c.yaml", "--out", "closed/run"});
  if (::geteuid() == 0) {
    const std::vector<std::string> as_nobody = {"/usr/bin/setpriv", "--reuid=65534",
                                                "--regid=65534", "--clear-groups"};
    command.insert(command.begin(), as_nobody.begin(), as_nobody.end());
    if (testing_tools::Run(
            {as_nobody[0], as_nobody[1], as_nobody[2], as_nobody[3], SACCADE_BINARY, "--version"},
            folder())
            .exit_code != 0) {
      GTEST_SKIP() << "nobody may not run " << SACCADE_BINARY;
    }
  }
  ExpectMachineError(testing_tools::Run(command, folder()),
                     "closed/run: cannot write: Permission denied; choose a folder that "
                     "can be written to");
}

TEST_F(BadInput, ASecondProcessInTheSameFolder) {
  Subprocess training(
      Command({"train", "c.yaml", "--out", "run", "--set", "training.generations=1000000"}),
      folder());
  training.WaitForFile("run/checkpoints/best.safetensors");
  ExpectInputError({"train", "--resume", "run"},
                   "run: another process is training in this folder; wait for it, or train in "
                   "another folder");
}

TEST_F(BadInput, AFolderThatIsDeletedDuringTraining) {
  Subprocess training(
      Command({"train", "c.yaml", "--out", "run", "--set", "training.generations=1000000"}),
      folder());
  training.WaitForFile("run/checkpoints/best.safetensors");
  fs::rename(folder() / "run", folder() / "gone");
  const Finished run = training.Wait();
  EXPECT_EQ(run.exit_code, 3);
  // Which one depends on what the training was about to do.
  EXPECT_THAT(run.err,
              AnyOf(StartsWith("saccade: run/config.resolved.yaml: has gone while the run"),
                    AllOf(StartsWith("saccade: run/checkpoints/"),
                          HasSubstr(": cannot write: No such file or directory; "))));
}

// Nobody would read what is written on.
TEST_F(BadInput, RecordsThatAreDeletedDuringTraining) {
  Subprocess training(
      Command({"train", "c.yaml", "--out", "run", "--set", "training.generations=1000000"}),
      folder());
  training.WaitForFile("run/checkpoints/best.safetensors");
  fs::remove(folder() / "run/metrics.jsonl");
  const Finished run = training.Wait();
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err,
              StartsWith("saccade: run/metrics.jsonl: has gone while it was being written; "
                         "keep it where it is\nWhat was saved until then is whole."));
}

// Killed or without space before its first generation: the same command works again.
TEST_F(BadInput, AFolderInWhichNothingWasBegunIsNotInUse) {
  fs::create_directories(folder() / "run/checkpoints");
  Write("run/.lock", "");
  Write("run/config.resolved.yaml.77.tmp", "half");
  TrainRun();
}

}  // namespace
}  // namespace saccade

// Disks that are full and outputs that cannot be written or that nobody reads: what was saved until
// then is whole, and training goes on from it.

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/npz.h"
#include "tests/e2e/bad_input.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_tools::BadInput;
using testing_tools::Finished;

// A disk of 40 KB, which only root can make.
class SmallDisk {
 public:
  explicit SmallDisk(fs::path path) : path_(std::move(path)) {
    fs::create_directory(path_);
    mounted_ = ::mount("saccade_test", path_.c_str(), "tmpfs", 0, "size=40k") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  void Grow() const {
    ASSERT_EQ(::mount("saccade_test", path_.c_str(), "tmpfs", MS_REMOUNT, "size=1m"), 0);
  }

 private:
  fs::path path_;
  bool mounted_ = false;
};

// The file system refuses what goes beyond a size, as a full disk does.
TEST_F(BadInput, ADiskThatIsFullFromTheStart) {
  const Finished run = Shell("ulimit -f 4; exec \"$0\" train c.yaml --out run");
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err,
            "saccade: run/checkpoints/000001.safetensors: cannot write: File too large; raise the "
            "limit on the size of files (ulimit -f)\n");
  const Finished again = Saccade({"train", "--resume", "run"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(Records(), 4);
}

// The records and the events outgrow the limit before any checkpoint does: the generation that
// could not be recorded has no checkpoint, or the resumed run would lack its record.
TEST_F(BadInput, AFileThatMayNotGrowLeavesNoGap) {
  const Finished run =
      Shell("ulimit -f 16; exec \"$0\" train c.yaml --out run --set training.generations=1000");
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, HasSubstr(": cannot write: File too large; "));
  const std::ptrdiff_t recorded = Records();
  EXPECT_GT(recorded, 4);
  const Finished again = Saccade(
      {"train", "--resume", "run", "--set", fmt::format("training.generations={}", recorded + 2)});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.err, "");
  EXPECT_EQ(Records(), recorded + 2);
}

TEST_F(BadInput, ADiskThatFillsInTheMiddleOfARun) {
  const SmallDisk disk(folder() / "disk");
  if (!disk.mounted()) GTEST_SKIP() << "only root may make a small disk";
  const Finished run =
      Saccade({"train", "c.yaml", "--out", "disk/run", "--set", "training.generations=1000"});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err,
              AllOf(StartsWith("saccade: disk/run/"),
                    HasSubstr(": cannot write: No space left on device; free some space or choose "
                              "another folder\nWhat was saved until then is whole. To go on:\n  "
                              "saccade train --resume disk/run\n")));
  disk.Grow();
  const Finished again =
      Saccade({"train", "--resume", "disk/run", "--set", "training.generations=20"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  const std::string metrics = Read("disk/run/metrics.jsonl");
  EXPECT_EQ(std::count(metrics.begin(), metrics.end(), '\n'), 20);
  EXPECT_EQ(again.err, "");  // no gap
}

TEST_F(BadInput, OutputThatCannotBeWritten) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full on this machine";
  const std::string message =
      "standard output: cannot write: No space left on device; some of what was to be printed is "
      "lost";
  ExpectMachineError(Shell("exec \"$0\" list >/dev/full"), message);
  ExpectMachineError(Shell("exec \"$0\" --help >/dev/full"), message);
  ExpectMachineError(Shell("exec \"$0\" train c.yaml --out run >/dev/full"), message);
  EXPECT_EQ(Records(), 4);  // trained nevertheless
  // A device of our own: a file must not take the place of the system's.
  if (::mknod((folder() / "full").c_str(), S_IFCHR | 0600, ::makedev(1, 7)) != 0) return;
  ExpectMachineError(Saccade({"eval", "run", "--episodes", "1", "--json", "full"}),
                     "full: cannot write: No space left on device; free some space or choose "
                     "another folder");
  EXPECT_TRUE(fs::is_character_file(folder() / "full"));
}

// What a run lives on, and what the command reads, is no place for its output.
TEST_F(BadInput, OutputsThatWouldDestroySomething) {
  EXPECT_EQ(Saccade({"train", "c.yaml", "--out", "run"}).exit_code, 0);
  const std::string config = Read("run/config.resolved.yaml");
  for (const char* file : {"run/config.resolved.yaml", "run/metrics.jsonl", "run/.lock",
                           "run/checkpoints/best.safetensors"}) {
    ExpectInputError({"eval", "run", "--episodes", "1", "--json", file},
                     std::string(file) + ": belongs to a run; choose another name for the output");
  }
  EXPECT_EQ(Read("run/config.resolved.yaml"), config);
  ExpectInputError(
      {"eval", "run", "--json", "same", "--csv", "./same"},
      "same: is read or written by this command already; the output needs a name of its own");
  const std::vector<double> two(2);
  const Tensor state = Tensor::From(std::span<const double>(two));
  WriteNpz(folder() / "d.npz", {{"qpos", state}, {"qvel", state}});
  ExpectInputError(
      {"rollout", "cartpole-balance", "--init", "d.npz", "--dump", "d.npz"},
      "d.npz: is read or written by this command already; the output needs a name of its own");
  ExpectInputError({"eval", "run", "--json", "run"}, "run: is a folder; give the name of a file");
  Write("robot.xml", "<mujoco/>");
  ExpectInputError({"rollout", "cartpole-balance", "--dump", "robot.xml"},
                   "robot.xml: is there already and no .npz file; choose another name for the "
                   "output, or remove it first");
  ExpectInputError({"eval", "run", "--csv", "robot.xml"},
                   "robot.xml: is there already and no .csv file; choose another name for the "
                   "output, or remove it first");
  ExpectInputError({"render", "run", "--size", "8x8", "-o", "robot.xml/"},
                   "robot.xml/: robot.xml is no folder; choose another name");
  EXPECT_EQ(Read("robot.xml"), "<mujoco/>");
}

// Where a pipe takes what is written, standard output does too.
TEST_F(BadInput, AResultGoesThroughAPipe) {
  EXPECT_EQ(Saccade({"train", "c.yaml", "--out", "run"}).exit_code, 0);
  const Finished piped =
      Shell("{ \"$0\" eval run --episodes 1 --json /dev/stdout; echo code $?; } | cat");
  EXPECT_THAT(piped.out, HasSubstr("code 0")) << piped.err;
  EXPECT_THAT(piped.out, Not(HasSubstr("std error")));  // the table
  EXPECT_THAT(piped.out, HasSubstr("\"standard_error\": null"));
}

// As a program does that writes to its standard output: what stands there stays.
TEST_F(BadInput, AResultIsAppendedToWhatTheOutputHolds) {
  TrainRun();
  const std::string eval = "\"$0\" eval run --episodes 1 --json ";
  const auto expect_between = [&](const std::string& script) {
    const Finished run = Shell(script);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    const std::string log = Read("log.txt");
    EXPECT_THAT(log, StartsWith("before\n{")) << script;
    EXPECT_THAT(log, testing::EndsWith("}\nafter\n")) << script;
    EXPECT_THAT(log, Not(HasSubstr("std error")));
    EXPECT_FALSE(fs::is_symlink(folder() / "log.txt"));
  };
  expect_between("{ echo before; " + eval + "/dev/stdout; echo after; } >log.txt");
  expect_between("echo before >log.txt; { " + eval + "/dev/stdout; echo after; } >>log.txt");
  fs::create_symlink("/dev/fd/3", folder() / "link.json");
  expect_between("{ echo before >&3; " + eval +
                 "link.json >/dev/null; echo after >&3; } 3>log.txt");
  EXPECT_TRUE(fs::is_symlink(folder() / "link.json"));
  ExpectMachineError(Shell(eval + "/dev/fd/3 3</dev/null"),
                     "/dev/fd/3: cannot write: Bad file descriptor; open it for writing, as in "
                     "3>FILE");
}

TEST_F(BadInput, NothingElseIsPrintedWhereTheResultGoes) {
  const Finished bench = Shell(
      "\"$0\" bench envs --env cartpole-balance --env acrobot-swingup --repeats 1 --json "
      "/dev/stdout | cat");
  EXPECT_EQ(nlohmann::json::parse(bench.out).size(), 2u) << bench.out;
  EXPECT_THAT(bench.err, HasSubstr("acrobot-swingup, random actions"));
  const Finished rollout =
      Shell("\"$0\" rollout cartpole-balance --steps 3 --dump /dev/stdout | cat >x.npz");
  EXPECT_THAT(rollout.err, HasSubstr("cartpole-balance: 3 steps"));
  EXPECT_EQ(ReadNpz(folder() / "x.npz").at("reward").shape().at(0), 3);
}

// Before the work, not after it.
TEST_F(BadInput, OutputsAreLookedAtFirst) {
  EXPECT_EQ(Saccade({"train", "c.yaml", "--out", "run"}).exit_code, 0);
  const Finished run =
      Saccade({"eval", "run", "--episodes", "1000000", "--json", "c.yaml/x.json"});  // for hours
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, StartsWith("saccade: c.yaml: cannot write: "));
  EXPECT_EQ(Saccade({"eval", "run", "--episodes", "1", "--json", "new/folder/x.json"}).exit_code,
            0);
  EXPECT_TRUE(fs::exists(folder() / "new/folder/x.json"));
}

TEST_F(BadInput, AFilmThatIsInterruptedLeavesNothing) {
  testing_tools::Subprocess film(Command({"render", "cartpole-balance", "-o", "film/"}), folder());
  film.WaitForFile(fmt::format("film.{}.tmp/000003.png", film.pid()));  // of 1001
  film.Signal(SIGTERM);
  const Finished ended = film.Wait();
  EXPECT_EQ(ended.exit_code, 130);
  EXPECT_THAT(ended.out,
              testing::MatchesRegex("Interrupted after [0-9]+ steps; nothing was written.\n"));
  for (const auto& entry : fs::directory_iterator(folder())) {
    EXPECT_THAT(entry.path().filename().string(), Not(StartsWith("film")));
  }
}

// Nobody reads on: the generation is finished and saved, and no file takes the closed output's
// place.
TEST_F(BadInput, OutputThatNobodyReads) {
  const Finished head = Shell(
      "\"$0\" train c.yaml --out run --set training.generations=1000000 | head -n 1 >/dev/null");
  EXPECT_EQ(head.exit_code, 0);
  EXPECT_THAT(head.err, HasSubstr("Go on with:\n  saccade train --resume run\n"));
  const std::ptrdiff_t done = Records();
  EXPECT_GT(done, 0);
  const Finished resumed =
      Saccade({"train", "--resume", "run", "--set", fmt::format("training.generations={}", done)});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(Records(), done);

  // Whoever ignores SIGPIPE is not stopped by it; that something was lost is said at the end.
  const Finished deaf = Shell(
      "trap '' PIPE; { sleep 0.2; \"$0\" train c.yaml --out deaf; echo code $? >&2; } | true");
  EXPECT_THAT(deaf.err, HasSubstr("standard output: cannot write: "));
  EXPECT_THAT(deaf.err, HasSubstr("code 3"));
  EXPECT_TRUE(fs::exists(folder() / "deaf/checkpoints/000004.safetensors"));

  EXPECT_EQ(Shell("exec \"$0\" train c.yaml --out closed >&-").exit_code, 0);
  EXPECT_EQ(Read("closed/.lock"), "");
}

}  // namespace
}  // namespace saccade

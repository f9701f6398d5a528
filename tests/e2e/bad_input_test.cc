// What a hostile or unlucky user meets: every answer is an error that says what, where and what to
// do, with exit code 2 (the input) or 3 (the machine), and nothing that was saved is lost.

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/npy.h"
#include "core/base/npz.h"
#include "core/base/rng.h"
#include "tests/e2e/cli_fixture.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing_tools::CliTest;
using testing_tools::Finished;
using testing_tools::Subprocess;

class BadInput : public CliTest {
 protected:
  void Write(const std::string& name, const std::string& content) const {
    WriteFileAtomically(folder() / name, content);
  }
  std::string Read(const std::string& name) const { return ReadFile(folder() / name); }

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

  std::ptrdiff_t Records() const {
    const std::string metrics = Read("run/metrics.jsonl");
    return std::count(metrics.begin(), metrics.end(), '\n');
  }
};

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

// ---- Configurations

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
  for (const char* seed : {"-1", "18446744073709551616", "1.5", ""}) {
    const Finished run = Saccade({"eval", "run", "--seed", seed});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err,
                HasSubstr(fmt::format("'{}' is not a whole number from 0 to 2^64 - 1", seed)));
  }
  const Finished threads = Saccade({"train", "c.yaml", "--threads", "1025"});
  EXPECT_EQ(threads.exit_code, 2);
  EXPECT_THAT(threads.err, HasSubstr("--threads: Value 1025 not in range 1 to 1024"));
  const Finished out = Saccade({"train", "c.yaml", "--out", ""});
  EXPECT_EQ(out.exit_code, 2);
  EXPECT_THAT(out.err, HasSubstr("--out: the name is empty; write one, or leave the option out"));
  EXPECT_FALSE(fs::exists(folder() / "runs"));
}

TEST_F(BadInput, SizesThatDoNotFitComeWithTheirArithmetic) {
  ExpectInputError(
      {"train", "c.yaml", "--set", "policy={name: mlp, hidden: [1000000000]}"},
      "policy: layer 'layer0' needs 5 inputs × 1000000000 outputs + 1000000000 biases = 6000000000 "
      "weights, after 0 before it; a policy has at most 268435456: use smaller layers or smaller "
      "images");
  const Finished run = Saccade({"train", "c.yaml", "--set", "strategy.population=100000", "--set",
                                "training.episodes_per_candidate=1000"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err,
            "saccade: training.episodes_per_candidate: 100000 candidates × 1000 episodes = "
            "100000000 episodes in a generation; at most 1000000 are possible: lower it, or "
            "strategy.population\n");
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

// ---- Checkpoints

TEST_F(BadInput, TruncatedAndDamagedCheckpoints) {
  TrainRun();
  const std::string newest = "run/checkpoints/000004.safetensors";
  const std::string good = Read(newest);
  Write(newest, good.substr(0, good.size() - 10));
  const std::string truncated = fmt::format(
      "{}: truncated: the header says {} bytes, the file has {}; use an earlier "
      "checkpoint",
      newest, good.size(), good.size() - 10);
  ExpectInputError({"eval", "run"}, truncated);
  ExpectInputError({"train", "--resume", "run"},
                   truncated + ": delete this one, and --resume takes the one before");
  std::string flipped = good;
  flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
  Write(newest, flipped);
  ExpectInputError({"eval", "run"}, newest +
                                        ": checksum differs: the file is damaged; use an "
                                        "earlier checkpoint");
  fs::remove(folder() / newest);
  EXPECT_EQ(Saccade({"train", "--resume", "run"}).exit_code, 0);
  EXPECT_EQ(Records(), 4);
}

TEST_F(BadInput, ACheckpointOfAnotherArchitecture) {
  TrainRun();
  const std::string message =
      "run/checkpoints/000004.safetensors: holds the weights of another architecture\n"
      "  in the file: output/weight 1×5, output/bias 1×1\n"
      "  expected:    output/weight 6×24, output/bias 6×1";
  ExpectInputError({"eval", "run", "--set", "env.name=walker-walk"}, message);
  std::string resolved = Read("run/config.resolved.yaml");
  resolved.replace(resolved.find("cartpole-balance"), 16, "walker-walk");
  Write("run/config.resolved.yaml", resolved);
  ExpectInputError({"train", "--resume", "run"}, message);
}

// ---- Folders

TEST_F(BadInput, FoldersThatCannotBeUsed) {
  TrainRun();
  ExpectInputError(
      {"train", "c.yaml", "--out", "run"},
      "run: already in use; go on with it (--resume run), or choose another folder (--out)");
  ExpectInputError({"train", "c.yaml", "--out", "c.yaml"},
                   "c.yaml: is a file; choose another name for the folder of the run (--out)");
  ExpectMachineError(Saccade({"train", "c.yaml", "--out", "c.yaml/run"}),
                     "c.yaml/run/checkpoints: cannot write: Not a directory; choose a folder that "
                     "can be written to");
  ExpectInputError({"train", "--resume", "."},
                   ".: is not the folder of a run: it has no config.resolved.yaml");
  const std::string too_long(300, 'a');
  ExpectInputError({"eval", too_long}, too_long + ": no such file or folder");
}

TEST_F(BadInput, AFolderWithoutPermission) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::create_directory(folder() / "closed");
  fs::permissions(folder() / "closed", fs::perms::owner_read | fs::perms::owner_exec);
  ExpectMachineError(
      Saccade({"train", "c.yaml", "--out", "closed/run"}),
      "closed/run/checkpoints: cannot write: Permission denied; choose a folder that "
      "can be written to");
}

TEST_F(BadInput, ASecondProcessInTheSameFolder) {
  Subprocess training(
      Command({"train", "c.yaml", "--out", "run", "--set", "training.generations=1000000"}),
      folder());
  training.WaitForFile("run/checkpoints/best.safetensors");
  ExpectInputError(
      {"train", "--resume", "run"},
      "run: another process is training in this folder; wait for it, or choose another "
      "folder with --out");
}

TEST_F(BadInput, AFolderThatIsDeletedDuringTraining) {
  Subprocess training(
      Command({"train", "c.yaml", "--out", "run", "--set", "training.generations=1000000"}),
      folder());
  training.WaitForFile("run/checkpoints/best.safetensors");
  fs::rename(folder() / "run", folder() / "gone");
  const Finished run = training.Wait();
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, AllOf(StartsWith("saccade: run/checkpoints/"),
                             HasSubstr(": cannot write: No such file or directory; ")));
}

// Killed or without space before its first generation: the same command works again.
TEST_F(BadInput, AFolderInWhichNothingWasBegunIsNotInUse) {
  fs::create_directories(folder() / "run/checkpoints");
  Write("run/.lock", "");
  Write("run/config.resolved.yaml.77.tmp", "half");
  TrainRun();
}

TEST_F(BadInput, ARunWithoutACheckpointBeginsAnew) {
  TrainRun();
  const std::string last = Read("run/checkpoints/000004.safetensors");
  for (int i = 1; i <= 4; ++i) {
    fs::remove(folder() / fmt::format("run/checkpoints/{:06}.safetensors", i));
  }
  ASSERT_EQ(Saccade({"train", "--resume", "run"}).exit_code, 0);
  EXPECT_EQ(Records(), 4);
  EXPECT_TRUE(fs::exists(folder() / "run/checkpoints/000004.safetensors"));
}

TEST_F(BadInput, RecordsThatAreMissingOrNoRecords) {
  TrainRun();
  const std::string metrics = Read("run/metrics.jsonl");
  const std::string two = metrics.substr(0, metrics.find('\n', metrics.find('\n') + 1) + 1);
  Write("run/metrics.jsonl", two);
  const Finished gap = Saccade({"train", "--resume", "run"});
  EXPECT_EQ(gap.exit_code, 0);
  EXPECT_EQ(gap.err,
            "warning: run/metrics.jsonl: has no records of generations 3 to 4; the curve has a gap "
            "there\n");
  Write("run/metrics.jsonl", metrics + std::string(100, '\0') + "\n");  // a power failure
  EXPECT_EQ(Saccade({"train", "--resume", "run"}).err, "");
  EXPECT_EQ(Read("run/metrics.jsonl"), metrics);
  Write("run/metrics.jsonl", "noise\n" + metrics);
  EXPECT_THAT(Saccade({"train", "--resume", "run"}).err,
              AllOf(StartsWith("saccade: run/metrics.jsonl:1: is not a record of a generation: "),
                    EndsWith("; delete the line\n")));
}

// ---- Disks and outputs

// The file system refuses what goes beyond a size, as a full disk does.
TEST_F(BadInput, ADiskThatIsFullFromTheStart) {
  const Finished run = Shell("ulimit -f 4; exec \"$0\" train c.yaml --out run");
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err,
              AllOf(StartsWith("saccade: run/"),
                    HasSubstr(": cannot write: File too large; raise the limit on the size "
                              "of files (ulimit -f)")));
  const Finished again = Saccade({"train", "--resume", "run"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(Records(), 4);
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

// Nobody reads on: the generation is finished and saved, and no file takes the closed output's
// place.
TEST_F(BadInput, OutputThatNobodyReads) {
  const Finished head = Shell(
      "\"$0\" train c.yaml --out run --set training.generations=1000000 | head -n 1 >/dev/null");
  EXPECT_EQ(head.exit_code, 0);
  const std::ptrdiff_t done = Records();
  EXPECT_GT(done, 0);
  const Finished resumed =
      Saccade({"train", "--resume", "run", "--set", fmt::format("training.generations={}", done)});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(Records(), done);

  EXPECT_EQ(Shell("exec \"$0\" train c.yaml --out closed >&-").exit_code, 0);
  EXPECT_EQ(Read("closed/.lock"), "");
}

TEST_F(BadInput, ATerminalThatGoesAway) {
  Subprocess training(
      Command({"train", "c.yaml", "--out", "run", "--set", "training.generations=1000000", "--set",
               "checkpoint.every=1000000", "--set", "evaluation.every=1"}),
      folder());
  training.WaitForFile("run/checkpoints/best.safetensors");
  training.Signal(SIGHUP);
  EXPECT_EQ(training.Wait().exit_code, 130);
  const auto done = Records();
  EXPECT_TRUE(fs::exists(folder() / fmt::format("run/checkpoints/{:06}.safetensors", done)));
}

// ---- Other people's code

class Hostile : public BadInput {
 protected:
  // Four generations of the hostile plug-in's environment, with `options` of it.
  Finished TrainHostile(const std::string& options, const std::string& policy = "linear") const {
    return Saccade({"--plugin", std::string(SACCADE_TEST_PLUGINS) + "/hostile.so", "train",
                    "c.yaml", "--out", "run", "--threads", "2", "--set",
                    "env={name: hostile, " + options + "}", "--set", "policy.name=" + policy});
  }
};

TEST_F(Hostile, AnEnvironmentThatThrows) {
  const Finished run = TrainHostile("does: throw, generation: 2");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err,
            "saccade: candidate 0, episode (seed 3, generation 2, index 0): the environment or the "
            "policy threw: out of luck\n"
            "What was saved until then is whole. To go on:\n  saccade train --resume run\n");
  EXPECT_TRUE(fs::exists(folder() / "run/checkpoints/000002.safetensors"));
}

TEST_F(Hostile, AnEnvironmentThatThrowsANumber) {
  const Finished run = TrainHostile("does: throw-number");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err,
            "saccade: candidate 0, episode (seed 3, generation 0, index 0): the environment or the "
            "policy threw something that is not a std::exception\n");
}

TEST_F(Hostile, AnEnvironmentThatThrowsWhenItIsMade) {
  const Finished run = TrainHostile("does: throw-when-made");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err, fmt::format("saccade: environment 'hostile' of {}/hostile.so: threw 'no such "
                                 "robot' when it was made; it should throw saccade::InputError and "
                                 "say what to change\n",
                                 SACCADE_TEST_PLUGINS));
}

// A diverging simulation is data: the candidates fail, the run goes on, the mean stays a number.
TEST_F(Hostile, WhatIsNoNumberIsAFailureOfItsCandidate) {
  for (const char* does : {"diverge", "nan-reward", "nan-observation"}) {
    fs::remove_all(folder() / "run");
    const Finished run = TrainHostile(fmt::format("does: {}, generation: 1", does));
    EXPECT_EQ(run.exit_code, 0) << does << run.err;
    EXPECT_THAT(run.out, HasSubstr("diverged 4")) << does;
    const std::string metrics = Read("run/metrics.jsonl");
    EXPECT_THAT(metrics, AllOf(HasSubstr("\"failed\":0"), HasSubstr("\"failed\":4"))) << does;
    const Finished eval = Saccade({"--plugin", std::string(SACCADE_TEST_PLUGINS) + "/hostile.so",
                                   "eval", "run", "--episodes", "2"});
    EXPECT_EQ(eval.exit_code, 0) << eval.err;
    EXPECT_THAT(eval.out, Not(HasSubstr("nan"))) << does;  // generation 0: nothing goes wrong
  }
}

TEST_F(Hostile, ActionsThatAreNoNumbers) {
  const Finished run = TrainHostile("does: nothing", "nan");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("diverged 4"));
}

TEST_F(Hostile, AnEpisodeThatBeginsWithNoNumber) {
  const Finished run = TrainHostile("does: nan-first-observation");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err,
            "saccade: candidate 0, episode (seed 3, generation 0, index 0): hostile: the first "
            "observation of an episode is not finite: 'x' is [nan]; an episode must begin in a "
            "state that can be observed\n");
}

TEST_F(BadInput, APlugInFromAnotherBuild) {
  const Finished run =
      Saccade({"--plugin", std::string(SACCADE_TEST_PLUGINS) + "/foreign.so", "list"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err,
              AllOf(HasSubstr("foreign.so: was built differently from this program; rebuild it "
                              "against this Saccade, with its compiler\n  the plug-in: "),
                    HasSubstr("\n  this program: saccade ")));
}

TEST_F(BadInput, ABrokenModel) {
  fs::create_directory(folder() / "models");
  Write("models/cartpole.xml", "<mujoco><worldbody><geom size=\"</worldbody>\n");
  const Finished run =
      testing_tools::Run({"/usr/bin/env", "SACCADE_MODELS=" + (folder() / "models").string(),
                          SACCADE_BINARY, "rollout", "cartpole-balance", "--dump", "b.npz"},
                         folder());
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, AllOf(StartsWith("saccade: " + (folder() / "models/cartpole.xml").string()),
                             HasSubstr("XML")));
}

TEST_F(BadInput, NoGlDevice) {
  Write("libEGL.so.1", "no library");
  Write("libOSMesa.so.8", "no library");
  const Finished run =
      testing_tools::Run({"/usr/bin/env", "LD_LIBRARY_PATH=" + folder().string(), SACCADE_BINARY,
                          "render", "cartpole-balance", "-o", "x.gif", "--size", "16x16"},
                         folder());
  EXPECT_EQ(run.exit_code, 3) << run.err;
  EXPECT_THAT(run.err, AllOf(HasSubstr("libEGL.so.1: "), HasSubstr("libOSMesa.so.8: "),
                             HasSubstr("libegl1 and libgl1-mesa-dri, or libosmesa6")));
}

TEST_F(BadInput, PicturesThatCannotBe) {
  ExpectInputError({"render", "cartpole-balance", "--size", "0x0", "-o", "x.gif"},
                   "--size 0x0: expected two numbers from 1 to 4096 with an x between, such as "
                   "240x320");
  ExpectInputError(
      {"render", "cartpole-balance", "--camera", "nope", "-o", "x.gif"},
      "there is no camera 'nope' in the model 'cart-pole'. It has fixed (0), lookatcart "
      "(1), the free camera (-1)");
}

// ---- Resuming, bit for bit

// Killed at any moment, at another number of threads, with old checkpoints removed: the same last
// checkpoint (but for the seconds that it took), the same best one, one record per generation.
TEST_F(BadInput, KilledAgainAndAgainIsTheSameRun) {
  const std::string weights = "evaluation.every=1";
  ASSERT_EQ(Saccade({"train", "c.yaml", "--out", "whole", "--threads", "2", "--set",
                     "training.generations=12", "--set", weights, "--set", "checkpoint.every=3"})
                .exit_code,
            0);
  {
    Subprocess training(
        Command({"train", "c.yaml", "--out", "run", "--threads", "1", "--set",
                 "training.generations=12", "--set", weights, "--set", "checkpoint.every=3"}),
        folder());
    training.WaitForFile("run/checkpoints/best.safetensors");
    training.Signal(SIGKILL);
    training.Wait();
  }
  for (int round = 0; round < 3; ++round) {
    Subprocess training(
        Command({"train", "--resume", "run", "--threads", round % 2 == 0 ? "3" : "1"}), folder());
    std::this_thread::sleep_for(std::chrono::milliseconds(40 + 30 * round));
    training.Signal(SIGKILL);
    training.Wait();
  }
  ASSERT_EQ(Saccade({"train", "--resume", "run"}).exit_code, 0);

  const auto eval = [&](const std::string& file) {
    const Finished run = Saccade({"eval", file, "--episodes", "3", "--csv", "e.csv"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return Read("e.csv");
  };
  for (const char* file : {"000009", "000012", "best"}) {
    const std::string path = std::string("/checkpoints/") + file + ".safetensors";
    EXPECT_EQ(eval("run" + path), eval("whole" + path)) << file;
  }
  // Without what depends on the clock.
  const auto returns = [&](const std::string& run) {
    std::string kept;
    const std::string metrics = Read(run + "/metrics.jsonl");
    for (std::size_t begin = 0, end; (end = metrics.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      const std::string line = metrics.substr(begin, end - begin);
      kept += line.substr(0, line.find(",\"seconds\"")) +
              line.substr(line.find(",\"candidates\""),
                          line.find(",\"share_physics\"") - line.find(",\"candidates\"")) +
              "\n";
    }
    return kept;
  };
  EXPECT_EQ(returns("run"), returns("whole"));
  EXPECT_EQ(Records(), 12);
}

}  // namespace
}  // namespace saccade

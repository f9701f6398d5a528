// What is shown on a terminal: one line that is redrawn and never wider than the terminal.

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/cli_fixture.h"

namespace saccade {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class TerminalTest : public testing_tools::CliTest {
 protected:
  // Everything that a command writes to a terminal of `columns`.
  std::string RunOn(unsigned short columns, const char* kind,
                    const std::vector<std::string>& arguments) const {
    const Session session = Begin(columns, kind, arguments);
    std::string output;
    char buffer[4096];
    // The end of the program is an error of the terminal (EIO).
    for (ssize_t count; (count = ::read(session.terminal, buffer, sizeof buffer)) > 0;) {
      output.append(buffer, static_cast<std::size_t>(count));
    }
    EXPECT_EQ(HangUp(session), 0) << output;
    return output;
  }

  struct Session {
    pid_t pid;
    int terminal;
  };
  // Starts a command on a terminal of its own.
  Session Begin(unsigned short columns, const char* kind,
                const std::vector<std::string>& arguments) const {
    const std::vector<std::string> command = Command(arguments);
    std::vector<char*> argv;
    for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    int terminal = -1;
    const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, &size);
    if (pid == 0) {
      ::setenv("TERM", kind, 1);
      if (::chdir(folder().c_str()) != 0) ::_exit(126);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    return {pid, terminal};
  }
  // Takes the terminal away. The exit code; -1 where a signal ended the command.
  static int HangUp(const Session& session) {
    ::close(session.terminal);
    int status = 0;
    ::waitpid(session.pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::string TrainOn(unsigned short columns, const char* kind) const {
    return RunOn(columns, kind, {"train", "c.yaml", "--out", "run"});
  }

  // The lines of progress, whole or redrawn.
  static std::vector<std::string> ProgressOf(const std::string& output) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < output.size();) {
      const std::size_t end = std::min(output.find_first_of("\r\n", begin), output.size());
      const std::string line = output.substr(begin, end - begin);
      if (line.find("gen ") != std::string::npos) lines.push_back(line);
      begin = end + 1;
    }
    return lines;
  }

  // Characters of UTF-8 that are seen: not the escape at the end that clears the rest.
  static std::ptrdiff_t Width(const std::string& line) {
    const std::string seen = line.substr(0, line.find('\x1b'));
    return std::ranges::count_if(seen, [](char c) { return (c & 0xC0) != 0x80; });
  }
};

TEST_F(TerminalTest, TheLineFitsAndSaysTheMostImportant) {
  const auto lines = ProgressOf(TrainOn(80, "xterm"));
  ASSERT_FALSE(lines.empty());
  for (const std::string& line : lines) EXPECT_LT(Width(line), 80) << line;
  EXPECT_THAT(lines.back(), AllOf(StartsWith("━━━━━━━━━━ gen 4/4  return "), HasSubstr("eval "),
                                  HasSubstr("ETA "), HasSubstr(" steps/s")));
}

TEST_F(TerminalTest, ANarrowOneLeavesTheBarOut) {
  const auto lines = ProgressOf(TrainOn(30, "xterm"));
  ASSERT_FALSE(lines.empty());
  for (const std::string& line : lines) {
    EXPECT_LT(Width(line), 30) << line;
    EXPECT_THAT(line, StartsWith("gen "));
  }
}

TEST_F(TerminalTest, ALongGenerationCountsItsEpisodes) {
  const auto lines = ProgressOf(RunOn(
      100, "xterm",
      {"train", "c.yaml", "--threads", "1", "--set", "training.generations=1", "--set",
       "training.episodes_per_candidate=400", "--set", "evaluation.every=0", "--out", "run"}));
  ASSERT_GE(lines.size(), 2U);  // the last one is of the whole generation
  EXPECT_THAT(lines.front(), testing::ContainsRegex("gen 0/1  episode [0-9]+/1600"));
  EXPECT_THAT(lines.back(), AllOf(HasSubstr("gen 1/1  return "), Not(HasSubstr("episode"))));
}

TEST_F(TerminalTest, ADumbOneGetsPlainLines) {
  const std::string output = TrainOn(80, "dumb");
  EXPECT_THAT(output, Not(HasSubstr("\x1b")));
  EXPECT_THAT(ProgressOf(output), Contains(HasSubstr("gen 4/4  return ")));
}

// As Ctrl-C, although nothing can be said any more.
TEST_F(TerminalTest, TheOneThatGoesAwayInterruptsTheTraining) {
  const Session session =
      Begin(80, "xterm",
            {"train", "c.yaml", "--out", "run", "--set", "training.generations=1000000", "--set",
             "checkpoint.every=1000000"});
  std::string output;
  char buffer[4096];
  while (output.find("gen ") == std::string::npos) {
    const ssize_t count = ::read(session.terminal, buffer, sizeof buffer);
    ASSERT_GT(count, 0) << output;
    output.append(buffer, static_cast<std::size_t>(count));
  }
  EXPECT_EQ(HangUp(session), 130);
  EXPECT_TRUE(std::filesystem::exists(folder() /
                                      fmt::format("run/checkpoints/{:06}.safetensors", Records())));
}

TEST_F(TerminalTest, EvaluationCountsItsEpisodesAndWipesTheLine) {
  ASSERT_EQ(Saccade({"train", "c.yaml", "--out", "run"}).exit_code, 0);
  const std::string output =
      RunOn(80, "xterm", {"eval", "run", "--episodes", "20", "--threads", "1"});
  EXPECT_THAT(output, HasSubstr("\repisode 1/20\x1b[K"));
  EXPECT_THAT(output, HasSubstr("\r\x1b[Krun/checkpoints"));
  EXPECT_THAT(RunOn(8, "xterm", {"eval", "run", "--episodes", "20"}),
              HasSubstr("\repisode\x1b[K"));  // what fits
}

}  // namespace
}  // namespace saccade

// `saccade view` on a display without a screen (Xvfb), with a user who is a program (xdotool).

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/e2e/cli_fixture.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing_tools::Finished;
using testing_tools::Subprocess;

class ViewTest : public testing_tools::CliTest {
 protected:
  static constexpr const char* kXvfb = "/usr/bin/Xvfb";
  static constexpr const char* kXdotool = "/usr/bin/xdotool";

  void SetUp() override {
    if (!fs::exists(kXvfb) || !fs::exists(kXdotool)) GTEST_SKIP() << "needs xvfb and xdotool";
    // It looks for a number that is free, and writes it when it is ready.
    server_ = std::make_unique<Subprocess>(
        std::vector<std::string>{"/bin/sh", "-c",
                                 fmt::format("exec {} -displayfd 3 -screen 0 800x600x24 "
                                             "-nolisten tcp 3>number",
                                             kXvfb)},
        folder());
    server_->WaitForFile("number");
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (std::string number; !number.ends_with('\n'); number = Read("number")) {
      if (std::chrono::steady_clock::now() > limit) throw std::runtime_error("no display");
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    display_ = ":" + Read("number");
    display_.pop_back();  // the end of the line
  }

  std::vector<std::string> OnDisplay(std::vector<std::string> command) const {
    command.insert(command.begin(), {"/usr/bin/env", "DISPLAY=" + display_});
    return command;
  }

  // Starts it in a window that fills less than the screen, and waits for that.
  void View(std::vector<std::string> arguments, const std::string& size = "640x400") {
    arguments.insert(arguments.begin(), {"view", "--size", size});
    viewer_ = std::make_unique<Subprocess>(OnDisplay(Command(arguments)), folder());
    Do({"search", "--sync", "--onlyvisible", "--name", "saccade view"});
    Do({"mousemove", "100", "100"});
  }

  void Do(const std::vector<std::string>& what) const {
    std::vector<std::string> command = {"/usr/bin/timeout", "60", kXdotool};
    command.insert(command.end(), what.begin(), what.end());
    const Finished run = testing_tools::Run(OnDisplay(command), folder());
    ASSERT_EQ(run.exit_code, 0) << run.err;
  }
  void Press(const std::string& key) const { Do({"key", key}); }

  // Stands for the bytes of the next picture that is saved.
  std::size_t Picture() {
    Press("s");
    const std::string name = fmt::format("cheetah-run-{}.png", ++pictures_);
    viewer_->WaitForFile(name);
    const std::string bytes = Read(name);
    EXPECT_EQ(bytes.substr(0, 4), "\x89PNG");
    return std::hash<std::string>()(bytes);
  }

  Finished Leave() {
    Press("q");
    return viewer_->Wait();
  }

  std::unique_ptr<Subprocess> server_;
  std::string display_;
  std::unique_ptr<Subprocess> viewer_;
  int pictures_ = 0;
};

TEST_F(ViewTest, ObeysKeys) {
  View({"cheetah-run", "--paused", "--actions", "random"});
  const std::size_t begin = Picture();
  EXPECT_EQ(Picture(), begin);  // it is paused
  Press("period");
  Press("Right");
  const std::size_t second = Picture();
  EXPECT_NE(second, begin);
  Press("r");
  EXPECT_EQ(Picture(), begin);
  Press("c");
  EXPECT_NE(Picture(), begin);  // another camera
  Press("C");
  EXPECT_EQ(Picture(), begin);
  Press("h");
  EXPECT_NE(Picture(), begin);
  Press("h");
  EXPECT_EQ(Picture(), begin);
  Press("n");
  EXPECT_NE(Picture(), begin);  // another seed
  const Finished run = Leave();
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_THAT(run.out, HasSubstr("cheetah-run-1.png\ncheetah-run-2.png\n"));
}

TEST_F(ViewTest, RunsUntilPaused) {
  View({"cheetah-run"});
  const std::size_t one = Picture();
  EXPECT_NE(Picture(), one);
  Press("space");
  Picture();
  const std::size_t paused = Picture();
  EXPECT_EQ(Picture(), paused);
  Press("minus");
  EXPECT_NE(Picture(), paused);  // the panel says how fast it will go on
  Press("plus");
  EXPECT_EQ(Picture(), paused);
  EXPECT_EQ(Leave().exit_code, 0);
}

TEST_F(ViewTest, LooksAroundWithTheMouse) {
  View({"cheetah-run", "--paused"});
  const std::size_t camera = Picture();
  Do({"mousemove", "100", "100", "mousedown", "1", "mousemove", "160", "120", "mouseup", "1"});
  const std::size_t turned = Picture();
  EXPECT_NE(turned, camera);
  Do({"mousemove", "200", "200"});  // no button is down
  EXPECT_EQ(Picture(), turned);
  Do({"mousedown", "3", "mousemove", "220", "230", "mouseup", "3"});
  const std::size_t shifted = Picture();
  EXPECT_NE(shifted, turned);
  Do({"click", "4"});
  EXPECT_NE(Picture(), shifted);
  Press("f");
  EXPECT_EQ(Picture(), camera);
  EXPECT_EQ(Leave().exit_code, 0);
}

// Where the side camera has the body.
TEST_F(ViewTest, PullsAtABody) {
  View({"cheetah-run", "--paused"}, "360x400");  // too narrow for a panel
  for (int i = 0; i < 5; ++i) Press("period");
  const std::size_t left_alone = Picture();
  Press("r");
  Do({"mousemove", "167", "203", "keydown", "ctrl", "mousedown", "1", "mousemove", "170", "120"});
  for (int i = 0; i < 5; ++i) Press("Right");
  Do({"mouseup", "1", "keyup", "ctrl"});
  EXPECT_NE(Picture(), left_alone);
  // Let go of before the first step, it is not pulled at.
  Press("r");
  Do({"mousemove", "167", "203", "keydown", "ctrl", "mousedown", "1", "mousemove", "170", "120",
      "mouseup", "1", "keyup", "ctrl"});
  for (int i = 0; i < 5; ++i) Press("period");
  EXPECT_EQ(Picture(), left_alone);
  EXPECT_EQ(Leave().exit_code, 0);
}

TEST_F(ViewTest, PlaysAPolicyAlsoElsewhere) {
  Write("d.yaml", R"(seed: 3
env: {name: cheetah-run, observation: both, action_repeat: 100, pixels: {height: 8, width: 12, frame_stack: 3}}
policy: {name: linear}
strategy: {name: snes, population: 4, sigma: 10}
training: {generations: 1}
)");
  const Finished train = Saccade({"train", "d.yaml", "--out", "run"});
  ASSERT_EQ(train.exit_code, 0) << train.err;
  const std::string size = "640x580";  // room for actions in the panel
  View({"run", "--paused", "--set", "env.action_repeat=5"}, size);
  const std::size_t begin = Picture();
  Press("period");
  const std::size_t run = Picture();
  Press("r");
  EXPECT_EQ(Picture(), begin);  // with nothing done yet
  EXPECT_EQ(Leave().exit_code, 0);
  View({"cheetah-run", "--policy", "run", "--paused", "--set", "action_repeat=5"}, size);
  Press("period");
  EXPECT_EQ(Picture(), run);
  EXPECT_EQ(Leave().exit_code, 0);
}

TEST_F(ViewTest, EndsWhenItIsInterrupted) {
  View({"cheetah-run"});
  viewer_->Signal(SIGINT);
  EXPECT_EQ(viewer_->Wait().exit_code, 130);
}

TEST_F(ViewTest, BeginsAnEpisodeAgainThatHasEnded) {
  View({"cheetah-run", "--paused", "--set", "action_repeat=1000"});
  const std::size_t begin = Picture();
  Press("period");
  EXPECT_NE(Picture(), begin);
  Press("period");  // nothing is left, and it is not paused by it
  Press("space");
  Press("r");
  EXPECT_EQ(Picture(), begin);
  EXPECT_EQ(Leave().exit_code, 0);
}

TEST_F(ViewTest, SaysThatTheWindowIsLost) {
  View({"cheetah-run"});
  Do({"search", "--name", "saccade view", "windowclose"});
  const Finished run = viewer_->Wait();
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_THAT(run.err, testing::StartsWith("saccade: the window is lost: Bad"));
}

TEST_F(ViewTest, SaysThatTheDisplayIsLost) {
  View({"cheetah-run"});
  server_->Signal(SIGTERM);
  const Finished run = viewer_->Wait();
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err, "saccade: the display is lost\n");
}

using ViewErrors = testing_tools::CliTest;

TEST_F(ViewErrors, NeedsADisplay) {
  const Finished run = testing_tools::Run(
      {"/usr/bin/env", "-u", "DISPLAY", SACCADE_BINARY, "view", "cheetah-run"}, folder());
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_EQ(run.err,
            "saccade: a window needs a display: X11: The DISPLAY environment variable is missing; "
            "log in with ssh -X, or make a video instead: saccade render\n");
}

TEST_F(ViewErrors, RefusesWhatCannotBeShown) {
  ExpectInputError({"view", "lqr-toy"}, "lqr-toy: this environment has nothing to draw");
  ExpectInputError({"view", "cheetah-run", "--camera", "sid"},
                   "there is no camera 'sid' in the model 'cheetah'; did you mean 'side'? It has "
                   "side (0), back (1), the free camera (-1)");
  for (const std::string option : {"--policy", "--actions"}) {
    ExpectInputError({"view", "c.yaml", option, "random"},
                     option +
                         " random: c.yaml is a file or folder, whose policy acts; name an "
                         "environment in its place, or leave the option out");
  }
}

}  // namespace
}  // namespace saccade

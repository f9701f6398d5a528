// What `saccade render` shows, and that its sidecar says how to make it again.

#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/npz.h"
#include "tests/e2e/cli_fixture.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing_tools::CliTest;
using testing_tools::Finished;

TEST_F(CliTest, RenderMakesAFilmAndSaysHowToMakeItAgain) {
  ASSERT_EQ(
      Saccade({"train", "c.yaml", "--out", "run", "--set", "training.generations=1"}).exit_code, 0);
  const Finished render = Saccade(
      {"render", "run", "-o", "film.gif", "--size", "64x48", "--set", "env.action_repeat=20"});
  ASSERT_EQ(render.exit_code, 0) << render.err;
  EXPECT_EQ(ReadFile(folder() / "film.gif").substr(0, 6), "GIF89a");
  const std::string sidecar = ReadFile(folder() / "film.gif.json");
  EXPECT_THAT(sidecar, HasSubstr("saccade render film.gif.policy.safetensors --episode 0 "
                                 "--seed 0 --size 64x48"));

  // The command makes the same film, also when the run has gone on and keeps that policy no more.
  fs::rename(folder() / "film.gif", folder() / "before.gif");
  ASSERT_EQ(Saccade({"train", "--resume", "run", "--set", "training.generations=30"}).exit_code, 0);
  ASSERT_FALSE(fs::exists(folder() / "run/checkpoints/000001.safetensors"));
  const std::string begin = "\"command\": \"saccade ";
  const std::size_t at = sidecar.find(begin) + begin.size();
  const std::string command = sidecar.substr(at, sidecar.find('"', at) - at);
  ASSERT_EQ(testing_tools::Run({"/bin/sh", "-c", SACCADE_BINARY " " + command}, folder()).exit_code,
            0);
  EXPECT_TRUE(ReadFile(folder() / "film.gif") == ReadFile(folder() / "before.gif"));
  EXPECT_EQ(ReadFile(folder() / "film.gif.json"), sidecar);
}

TEST_F(CliTest, RenderLeavesTheFilesOfOthersAlone) {
  ASSERT_EQ(
      Saccade({"train", "c.yaml", "--out", "run", "--set", "training.generations=1"}).exit_code, 0);
  for (const char* file : {"walker.safetensors", "walker.json", "walker.policy.safetensors"}) {
    WriteFileAtomically(folder() / file, "somebody's");
  }
  fs::create_symlink("run/checkpoints/best.safetensors", folder() / "champion.safetensors");
  for (const char* out : {"walker/", "champion/"}) {
    const Finished render = Saccade({"render", "champion.safetensors", "-o", out, "--size", "8x8",
                                     "--set", "env.action_repeat=100"});
    ASSERT_EQ(render.exit_code, 0) << render.err;
  }
  for (const char* file : {"walker.safetensors", "walker.json", "walker.policy.safetensors"}) {
    EXPECT_EQ(Read(file), "somebody's");
  }
  EXPECT_TRUE(fs::is_symlink(folder() / "champion.safetensors"));
  EXPECT_TRUE(fs::exists(folder() / "champion.film.policy.safetensors"));
  EXPECT_TRUE(fs::exists(folder() / "champion.film.json"));
}

TEST_F(CliTest, RenderShowsTheEpisodeThatEvalCounts) {
  ASSERT_EQ(
      Saccade({"train", "c.yaml", "--out", "run", "--set", "training.generations=1"}).exit_code, 0);
  const std::string few_frames = "env.action_repeat=100";
  ASSERT_EQ(Saccade({"eval", "run", "--episodes", "3", "--seed", "9", "--json", "e.json", "--set",
                     few_frames})
                .exit_code,
            0);
  const auto returns = nlohmann::json::parse(Read("e.json")).at("returns");
  for (int episode = 0; episode < 3; ++episode) {
    const std::string film = fmt::format("{}.gif", episode);
    const Finished render =
        Saccade({"render", "run", "--seed", "9", "--episode", std::to_string(episode), "-o", film,
                 "--size", "8x8", "--set", few_frames});
    ASSERT_EQ(render.exit_code, 0) << render.err;
    EXPECT_EQ(nlohmann::json::parse(Read(film + ".json")).at("return"), returns.at(episode));
  }
  EXPECT_NE(returns.at(0), returns.at(1));
}

// Of another seed it is another film.
TEST_F(CliTest, TheFilmOfASeedIsNamedAfterIt) {
  const Finished run = Saccade({"render", "cartpole-swingup", "--seed", "5", "--set",
                                "action_repeat=100", "--size", "32x32"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(fs::exists(folder() / "cartpole-swingup-seed-5-episode-0.mp4"));
  EXPECT_FALSE(fs::exists(folder() / "cartpole-swingup-episode-0.mp4"));
}

// "render cartpole-swingup" is the environment, whatever lies here; its film is none of a run's.
TEST_F(CliTest, TheFilmOfAnEnvironmentLiesHere) {
  fs::create_directories(folder() / "cartpole-swingup/videos");
  const Finished run =
      Saccade({"render", "cartpole-swingup", "--set", "action_repeat=100", "--size", "32x32"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(fs::exists(folder() / "cartpole-swingup-episode-0.mp4"));
  EXPECT_TRUE(fs::is_empty(folder() / "cartpole-swingup/videos"));
}

TEST_F(CliTest, RenderLooksThroughTheCameraThatIsNamed) {
  const auto seen_by = [&](const std::string& camera) {
    const Finished render = Saccade({"render", "cartpole-swingup", "--camera", camera, "-o",
                                     camera + ".png", "--size", "64x48"});
    EXPECT_EQ(render.exit_code, 0) << render.err;
    return Read(camera + ".png");
  };
  const std::string fixed = seen_by("fixed");
  EXPECT_TRUE(seen_by("0") == fixed);  // its number
  EXPECT_FALSE(seen_by("lookatcart") == fixed);
  EXPECT_THAT(Read("lookatcart.png.json"), HasSubstr("--camera lookatcart"));
}

TEST_F(CliTest, RenderWritesArraysOfEveryFrame) {
  const auto render = [&](const std::string& out, const std::vector<std::string>& more) {
    std::vector<std::string> command = {
        "render", "cartpole-balance", "--set", "action_repeat=100", "--size", "16x12", "-o", out};
    command.insert(command.end(), more.begin(), more.end());
    const Finished run = Saccade(command);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return ReadNpz(folder() / out);
  };
  const TensorMap colours = render("colours.npz", {});
  EXPECT_EQ(colours.size(), 1);
  const TensorMap all = render("all.npz", {"--depth", "--segmentation"});
  const auto shape = [&](const char* name) { return all.at(name).ShapeText(); };
  EXPECT_EQ(shape("frames"), "(11 × 12 × 16 × 3) uint8");
  EXPECT_EQ(shape("depth"), "(11 × 12 × 16) float32");
  EXPECT_EQ(shape("segmentation"), "(11 × 12 × 16 × 2) int64");
  EXPECT_THAT(Read("all.npz.json"), HasSubstr(" -o all.npz --depth --segmentation"));
  // Both looks show the same scene in other colours.
  const TensorMap fast = render("fast.npz", {"--look", "fast", "--depth", "--segmentation"});
  EXPECT_NE(fast.at("frames").Values<std::uint8_t>(), all.at("frames").Values<std::uint8_t>());
  EXPECT_EQ(fast.at("depth").Values<float>(), all.at("depth").Values<float>());
  EXPECT_EQ(all.at("frames").Values<std::uint8_t>(), colours.at("frames").Values<std::uint8_t>());

  // What an environment is stepped to is drawn in the same way.
  ASSERT_EQ(Saccade({"rollout", "cartpole-balance", "--steps", "2", "--frames", "12x16", "--depth",
                     "--dump", "r.npz"})
                .exit_code,
            0);
  const TensorMap rollout = ReadNpz(folder() / "r.npz");
  EXPECT_EQ(rollout.at("depth").ShapeText(), "(3 × 12 × 16) float32");
  EXPECT_FALSE(rollout.contains("segmentation"));
}

TEST_F(CliTest, APictureShowsDepthOrSegmentation) {
  const auto picture = [&](const std::string& out, const char* what) {
    std::vector<std::string> command = {"render", "cheetah-run", "--size", "32x24", "-o", out};
    if (what != nullptr) command.push_back(what);
    EXPECT_EQ(Saccade(command).exit_code, 0);
    return Read(out);
  };
  const std::string colours = picture("a.png", nullptr);
  const std::string depth = picture("d.png", "--depth");
  const std::string segmentation = picture("s.png", "--segmentation");
  EXPECT_NE(colours, depth);
  EXPECT_NE(colours, segmentation);
  EXPECT_NE(depth, segmentation);
}

}  // namespace
}  // namespace saccade

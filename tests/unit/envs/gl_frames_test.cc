// The frames that Python's mujoco and dm_control draw; see scripts/make_frame_fixtures.

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "core/base/file.h"
#include "envs/mujoco/gl_library.h"
#include "tests/unit/envs/gl_testing.h"

// What is not ours to mend. OpenCV brings GDAL, whose registration of image formats takes its locks
// in two orders; OSMesa forgets 160 bytes per context.
extern "C" {
const char* __tsan_default_suppressions() { return "deadlock:libgdal\n"; }  // NOLINT
const char* __lsan_default_suppressions() { return "leak:libOSMesa\n"; }    // NOLINT
}

namespace saccade {
namespace {

using nlohmann::json;
using testing_gl::DrawOnce;
using testing_gl::GlTest;
using testing_gl::World;

const std::string kFolder = SACCADE_SOURCE_DIR "/tests/parity/fixtures/frames/";

World WorldOf(const json& frame) {
  World world = World::Suite(frame["domain"]);
  const auto write = [](const json& values, mjtNum* out) {
    const auto numbers = values.get<std::vector<mjtNum>>();
    std::copy(numbers.begin(), numbers.end(), out);
  };
  write(frame["qpos"], world.data()->qpos);
  for (const auto& [name, geom] : frame["geoms"].items()) {
    const int id = mj_name2id(world.model(), mjOBJ_GEOM, name.c_str());
    write(geom["pos"], world.model()->geom_pos + 3 * id);
    write(geom["size"], world.model()->geom_size + 3 * id);
  }
  mj_forward(world.model(), world.data());
  return world;
}

// Peak signal-to-noise ratio in decibels; infinite for equal images.
double Psnr(const Image& image, const cv::Mat& bgr) {
  double squares = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      for (int c = 0; c < 3; ++c) {
        const int other = bgr.at<cv::Vec3b>(y, x)[2 - c];
        const double difference = image.data()[3 * (y * image.width() + x) + c] - other;
        squares += difference * difference;
      }
    }
  }
  return 10 * std::log10(255.0 * 255.0 * static_cast<double>(image.data().size()) / squares);
}

// Draws every frame again with `backend`.
void Compare(const std::string& backend) {
  const json index = json::parse(ReadFile(kFolder + "frames.json"));
  const GlInfo info = MakeGlContext(backend)->info();
  if (!info.software()) GTEST_SKIP() << "the frames are llvmpipe's, not of " << info.renderer;
  for (const json& frame : index["frames"]) {
    const std::string file = frame["file"];
    const cv::Mat expected = cv::imread(kFolder + file);
    ASSERT_EQ(expected.rows, frame["height"]);
    ASSERT_EQ(expected.cols, frame["width"]);
    World world = WorldOf(frame);
    const double psnr =
        Psnr(DrawOnce(world, frame["camera"], expected.rows, expected.cols, {.backend = backend}),
             expected);
    // The same OpenGL draws the same bytes. Another vector width or version of llvmpipe may round
    // otherwise: one level in every sample is 20 log10 255 = 48 dB, a shift by one pixel about 25.
    const bool same_opengl = info.renderer == index["opengl"];
    EXPECT_GT(psnr, same_opengl ? 1e9 : 45)
        << file << ", recorded with " << index["opengl"] << ", drawn by " << info.renderer;
  }
}

using GlFrames = GlTest;

TEST_F(GlFrames, EqualPythons) { Compare("auto"); }

// In a process of its own, which MuJoCo has not bound to EGL.
TEST(GlFramesDeathTest, EqualPythonsThroughOsMesa) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  try {
    GlLibrary(GlLibraryNames{}.osmesa);
  } catch (const Error& error) {
    GTEST_SKIP() << error.what();
  }
  EXPECT_EXIT(
      {
        Compare("osmesa");
        std::exit(testing::Test::HasFailure() ? 1 : 0);
      },
      testing::ExitedWithCode(0), "OSMesa \\(software\\)");
}

}  // namespace
}  // namespace saccade

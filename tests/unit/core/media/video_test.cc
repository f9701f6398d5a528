#include "core/media/video.h"

#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <gif_lib.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/videoio.hpp>

#include "core/base/file.h"
#include "tests/testing/temporary_folder.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;

constexpr int kWidth = 33;
constexpr int kHeight = 25;

// Reddish, and a little brighter every time.
Image Frame(int index) {
  Image image(kHeight, kWidth, 3);
  for (std::size_t i = 0; i < image.view().size(); i += 3) {
    image.view().data[i] = static_cast<std::uint8_t>(180 + 10 * index);
    image.view().data[i + 1] = 40;
    image.view().data[i + 2] = 20;
  }
  return image;
}

class Video : public testing::Test {
 protected:
  fs::path Film(const std::string& name, int frames) const;

 private:
  testing_tools::TemporaryFolder folder_;
};

fs::path Video::Film(const std::string& name, int frames) const {
  const fs::path path = folder_.path() / name;
  const auto video = OpenVideo(path, kWidth, kHeight, 25);
  for (int i = 0; i < frames; ++i) {
    Image frame = Frame(i);
    video->Add(frame.view());
  }
  EXPECT_FALSE(fs::is_regular_file(path));  // nothing has its name before it is whole
  video->Close();
  return path;
}

// (blue, green, red)
cv::Vec3b Middle(const cv::Mat& image) {
  return image.at<cv::Vec3b>(image.rows / 2, image.cols / 2);
}

TEST_F(Video, AnMp4HasEveryFrame) {
  const fs::path path = Film("film.mp4", 4);
  cv::VideoCapture film(path.string());
  ASSERT_TRUE(film.isOpened());
  EXPECT_EQ(film.get(cv::CAP_PROP_FRAME_WIDTH), kWidth + 1);  // padded to even sizes
  EXPECT_EQ(film.get(cv::CAP_PROP_FRAME_HEIGHT), kHeight + 1);
  EXPECT_NEAR(film.get(cv::CAP_PROP_FPS), 25, 1e-6);
  cv::Mat frame;
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(film.read(frame)) << i;
    EXPECT_NEAR(Middle(frame)[2], 180 + 10 * i, 12) << i;
    EXPECT_NEAR(Middle(frame)[1], 40, 12) << i;
    EXPECT_NEAR(Middle(frame)[0], 20, 12) << i;
  }
  EXPECT_FALSE(film.read(frame));
}

// In the container's own words: "avc1", and a profile whose pictures are yuv420p (Baseline, Main
// and High; another one is for yuv422 and yuv444, which browsers do not play).
TEST_F(Video, AnMp4PlaysInABrowser) {
  const std::string bytes = ReadFile(Film("film.mp4", 2));
  EXPECT_NE(bytes.find("avc1"), std::string::npos);
  const std::size_t box = bytes.find("avcC");
  ASSERT_NE(box, std::string::npos);
  EXPECT_THAT(static_cast<unsigned char>(bytes.at(box + 5)), testing::AnyOf(66, 77, 100));
}

// Read back with giflib: every frame, its time, and that it begins anew at the end.
TEST_F(Video, AGifHasEveryFrame) {
  const fs::path path = Film("film.gif", 3);
  int error = 0;
  const std::unique_ptr<GifFileType, void (*)(GifFileType*)> gif(
      DGifOpenFileName(path.c_str(), &error),
      [](GifFileType* file) { DGifCloseFile(file, nullptr); });
  ASSERT_NE(gif, nullptr) << GifErrorString(error);
  ASSERT_EQ(DGifSlurp(gif.get()), GIF_OK);
  EXPECT_EQ(gif->SWidth, kWidth);
  EXPECT_EQ(gif->SHeight, kHeight);
  ASSERT_EQ(gif->ImageCount, 3);
  for (int i = 0; i < 3; ++i) {
    const SavedImage& image = gif->SavedImages[i];
    const GifColorType colour =
        image.ImageDesc.ColorMap->Colors[image.RasterBits[kHeight / 2 * kWidth + kWidth / 2]];
    EXPECT_EQ(colour.Red, 180 + 10 * i);
    EXPECT_EQ(colour.Green, 40);
    EXPECT_EQ(colour.Blue, 20);
    GraphicsControlBlock control;
    ASSERT_EQ(DGifSavedExtensionToGCB(gif.get(), i, &control), GIF_OK);
    EXPECT_EQ(control.DelayTime, 4);  // hundredths of a second, at 25 frames a second
  }
  const ExtensionBlock& loop = gif->SavedImages[0].ExtensionBlocks[0];
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(loop.Bytes), 11), "NETSCAPE2.0");
}

TEST_F(Video, APngIsTheFirstFrameAndAFolderHasAll) {
  const auto colour = [](const fs::path& path) {
    const cv::Mat image = cv::imread(path.string());
    EXPECT_EQ(image.cols, kWidth) << path;
    EXPECT_EQ(image.rows, kHeight) << path;
    return image.empty() ? cv::Vec3b() : Middle(image);
  };
  EXPECT_EQ(colour(Film("film.png", 3)), cv::Vec3b(20, 40, 180));
  const fs::path folder = Film("film/", 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(colour(folder / fmt::format("{:06}.png", i)),
              cv::Vec3b(20, 40, static_cast<std::uint8_t>(180 + 10 * i)));
  }
  EXPECT_FALSE(fs::exists(folder / "000003.png"));
}

}  // namespace
}  // namespace saccade

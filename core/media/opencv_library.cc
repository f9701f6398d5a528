// The one source of libsaccade_opencv.so; see core/media/opencv.h.

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "core/base/error.h"
#include "core/media/opencv.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;

cv::Mat MatOf(const ImageView& image) {
  SACCADE_CHECK(image.channels == 1 || image.channels == 3);
  return {image.height, image.width, image.channels == 1 ? CV_8UC1 : CV_8UC3, image.data};
}

// OpenCV's order of channels; grey stays.
cv::Mat Bgr(const ImageView& image) {
  const cv::Mat rgb = MatOf(image);
  if (image.channels == 1) return rgb;
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  return bgr;
}

std::string EncodePng(const ImageView& image) {
  std::vector<std::uint8_t> bytes;
  SACCADE_CHECK(cv::imencode(".png", Bgr(image), bytes));
  return {bytes.begin(), bytes.end()};
}

// ---- Text and lines

constexpr int kTextFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr int kTextThickness = 1;

double ScaleOf(int size) { return cv::getFontScaleFromHeight(kTextFont, size, kTextThickness); }
cv::Scalar ScalarOf(Rgb color) { return cv::Scalar(color[0], color[1], color[2]); }

void DrawText(const ImageView& out, const std::string& text, int x, int y, int size, Rgb color) {
  cv::Mat image = MatOf(out);
  cv::putText(image, text, {x, y}, kTextFont, ScaleOf(size), ScalarOf(color), kTextThickness,
              cv::LINE_AA);
}

int WidthOfText(const std::string& text, int size) {
  int below_baseline = 0;
  return cv::getTextSize(text, kTextFont, ScaleOf(size), kTextThickness, &below_baseline).width;
}

void DrawLine(const ImageView& out, int x0, int y0, int x1, int y1, Rgb color) {
  constexpr int kThickness = 2;
  cv::Mat image = MatOf(out);
  cv::line(image, {x0, y0}, {x1, y1}, ScalarOf(color), kThickness, cv::LINE_AA);
}

// ---- MP4

int Even(int size) { return size + size % 2; }

class Mp4Writer : public VideoWriter {
 public:
  Mp4Writer(fs::path path, int width, int height, double fps)
      : path_(std::move(path)),
        // The container follows from the ending, so that must come last.
        temporary_(path_.string() + fmt::format(".{}.tmp.mp4", ::getpid())),
        width_(width),
        height_(height) {
    RequireWritable();
    video_.open(temporary_.string(), cv::CAP_FFMPEG, cv::VideoWriter::fourcc('a', 'v', 'c', '1'),
                fps, {Even(width), Even(height)}, true);
    if (!video_.isOpened()) {
      RemoveTemporary();
      throw EnvironmentError(fmt::format(
          "{}: cannot encode H.264 at {}x{} and {} frames per second; OpenCV needs FFmpeg with "
          "libx264 (in Debian: libopencv-videoio406); a .gif needs neither",
          path_.string(), width, height, fps));
    }
  }

  ~Mp4Writer() override {
    video_.release();
    RemoveTemporary();
  }

  void Add(const ImageView& frame) override {
    SACCADE_CHECK(frame.width == width_ && frame.height == height_ && frame.channels == 3);
    cv::Mat padded = Bgr(frame);
    cv::copyMakeBorder(padded, padded, 0, height_ % 2, 0, width_ % 2, cv::BORDER_REPLICATE);
    video_.write(padded);
    ++frames_;
  }

  void Close() override {
    SACCADE_CHECK(frames_ > 0);
    video_.release();
    RequireComplete();
    std::error_code error;
    fs::rename(temporary_, path_, error);
    if (error) Fail(error.message());
  }

 private:
  [[noreturn]] void Fail(const std::string& reason) const {
    throw EnvironmentError(fmt::format(
        "{}: cannot write: {}; free some space or choose another folder", path_.string(), reason));
  }

  // OpenCV would only say no, not why.
  void RequireWritable() const {
    std::FILE* const file = std::fopen(temporary_.c_str(), "wb");
    if (file == nullptr) Fail(std::strerror(errno));
    std::fclose(file);
  }

  // OpenCV does not report a full disk; reading back finds what is missing.
  void RequireComplete() const {
    const cv::VideoCapture video(temporary_.string(), cv::CAP_FFMPEG);
    const int written = static_cast<int>(video.get(cv::CAP_PROP_FRAME_COUNT));
    if (!video.isOpened() || written != frames_) {
      Fail(fmt::format("{} of {} frames can be read back", std::max(0, written), frames_));
    }
  }

  void RemoveTemporary() const {
    std::error_code ignored;
    fs::remove(temporary_, ignored);
  }

  fs::path path_;
  fs::path temporary_;
  int width_;
  int height_;
  int frames_ = 0;
  cv::VideoWriter video_;
};

std::unique_ptr<VideoWriter> OpenMp4(const fs::path& path, int width, int height, double fps) {
  return std::make_unique<Mp4Writer>(path, width, height, fps);
}

}  // namespace
}  // namespace saccade

extern "C" __attribute__((visibility("default"))) const void* saccade_opencv_functions() {
  static const saccade::OpenCvFunctions functions = [] {
    // Errors reach the user through ours; the chatter of decoders and encoders helps nobody.
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    ::setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
    return saccade::OpenCvFunctions{saccade::EncodePng, saccade::DrawText, saccade::WidthOfText,
                                    saccade::DrawLine, saccade::OpenMp4};
  }();
  return &functions;
}

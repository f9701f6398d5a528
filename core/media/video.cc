#include "core/media/video.h"

#include <unistd.h>

#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/media/gif_writer.h"
#include "core/media/image_io.h"
#include "core/media/opencv.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;

class PictureWriter : public VideoWriter {
 public:
  PictureWriter(fs::path path, int width, int height)
      : path_(std::move(path)), width_(width), height_(height) {}

  void Add(const ImageView& frame) override {
    SACCADE_CHECK(frame.width == width_ && frame.height == height_ && frame.channels == 3);
    if (!png_) png_ = EncodePng(frame);
  }
  bool full() const override { return png_.has_value(); }
  void Close() override {
    SACCADE_CHECK(png_.has_value());
    WriteFileAtomically(path_, *png_);
  }

 private:
  fs::path path_;
  int width_;
  int height_;
  std::optional<std::string> png_;
};

class FolderWriter : public VideoWriter {
 public:
  FolderWriter(const fs::path& path, int width, int height)
      : path_((path / "").parent_path()),  // without the '/'
        temporary_(path_.string() + fmt::format(".{}.tmp", ::getpid())),
        width_(width),
        height_(height) {
    MakeFolder(temporary_);
  }

  ~FolderWriter() override {
    std::error_code ignored;
    fs::remove_all(temporary_, ignored);
  }

  void Add(const ImageView& frame) override {
    SACCADE_CHECK(frame.width == width_ && frame.height == height_ && frame.channels == 3);
    WritePng(temporary_ / fmt::format("{:06}.png", frames_++), frame);
  }

  void Close() override {
    SACCADE_CHECK(frames_ > 0);
    std::error_code error;
    fs::rename(temporary_, path_, error);
    if (error) {
      throw EnvironmentError(fmt::format("{}: cannot write: {}; choose another folder",
                                         path_.string(), error.message()));
    }
  }

 private:
  fs::path path_;
  fs::path temporary_;
  int width_;
  int height_;
  int frames_ = 0;
};

void RequireSane(const fs::path& path, int width, int height, double fps) {
  constexpr int kLargest = 16384;  // of H.264 and of common sense
  if (width < 1 || height < 1 || width > kLargest || height > kLargest) {
    throw InputError(fmt::format("{}: a size of {}x{} is not possible; each must be 1 to {}",
                                 path.string(), width, height, kLargest));
  }
  if (!(std::isfinite(fps) && fps > 0)) {
    throw InputError(fmt::format("{}: {} frames per second are not possible", path.string(), fps));
  }
}

enum class Kind { kMp4, kGif, kPicture, kFolder };

Kind KindOf(const fs::path& path, const std::string& others = "") {
  if (path.has_parent_path() && !path.has_filename()) return Kind::kFolder;
  const std::string ending = path.extension().string();
  if (ending == ".mp4") return Kind::kMp4;
  if (ending == ".gif") return Kind::kGif;
  if (ending == ".png") return Kind::kPicture;
  throw InputError(fmt::format(
      "{}: which format? The name must end in .mp4, .gif{} or .png, or in / for a folder of PNGs",
      path.string(), others));
}

}  // namespace

void RequireVideoName(const fs::path& path, const std::string& others) {
  if (KindOf(path, others) != Kind::kFolder) return;
  const fs::path folder = path.parent_path();  // without the '/'
  std::error_code ignored;
  if (!fs::exists(folder, ignored)) return;
  if (!fs::is_directory(folder, ignored)) {
    throw InputError(
        fmt::format("{}: {} is no folder; choose another name", path.string(), folder.string()));
  }
  if (!fs::is_empty(folder, ignored)) {
    throw InputError(
        fmt::format("{}: is not empty; choose another folder or delete it first", path.string()));
  }
}

std::unique_ptr<VideoWriter> OpenVideo(const fs::path& path, int width, int height, double fps) {
  RequireVideoName(path);
  RequireSane(path, width, height, fps);
  switch (KindOf(path)) {
    case Kind::kMp4:
      return OpenCv().open_mp4(path, width, height, fps);
    case Kind::kGif:
      return std::make_unique<GifWriter>(path, width, height, fps);
    case Kind::kPicture:
      return std::make_unique<PictureWriter>(path, width, height);
    case Kind::kFolder:
      return std::make_unique<FolderWriter>(path, width, height);
  }
  return nullptr;
}

}  // namespace saccade

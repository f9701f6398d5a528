#include "core/media/gif_writer.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <gif_lib.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/media/palette.h"

namespace saccade {
namespace {

constexpr long kShortestDelay = 2;  // hundredths of a second; browsers slow down anything shorter
constexpr int kColors = 256;
constexpr std::uint8_t kTransparent = kColors - 1;

using ColorMap = std::unique_ptr<ColorMapObject, decltype(&GifFreeMapObject)>;

int Append(GifFileType* gif, const GifByteType* data, int size) {
  static_cast<std::string*>(gif->UserData)
      ->append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  return size;
}

ColorMap ColorMapOf(const Palette& palette) {
  ColorMap map(GifMakeMapObject(kColors, nullptr), &GifFreeMapObject);
  if (map == nullptr) throw EnvironmentError("a frame of a .gif does not fit into memory");
  const std::vector<Rgb>& colors = palette.colors();
  for (std::size_t i = 0; i < colors.size(); ++i) {
    map->Colors[i] = {colors[i][0], colors[i][1], colors[i][2]};
  }
  return map;
}

}  // namespace

GifWriter::GifWriter(std::filesystem::path path, int width, int height, double fps)
    : path_(std::move(path)), width_(width), height_(height), fps_(fps) {
  int error = 0;
  gif_ = EGifOpen(&bytes_, Append, &error);
  if (gif_ == nullptr) {
    throw EnvironmentError(fmt::format("{}: {}", path_.string(), GifErrorString(error)));
  }
  WriteHeader();
}

GifWriter::~GifWriter() {
  if (gif_ != nullptr) EGifCloseFile(gif_, nullptr);
}

void GifWriter::Require(int result) const {
  if (result != GIF_OK) {
    throw EnvironmentError(fmt::format("{}: {}", path_.string(), GifErrorString(gif_->Error)));
  }
}

long GifWriter::StartOf(long index) const {
  return std::lround(100 * static_cast<double>(index) / fps_);
}

void GifWriter::WriteHeader() {
  EGifSetGifVersion(gif_, true);
  Require(EGifPutScreenDesc(gif_, width_, height_, 8, 0, nullptr));
  constexpr char kApplication[] = "NETSCAPE2.0";  // the extension that everybody loops by
  constexpr std::uint8_t kLoopForever[] = {1, 0, 0};
  Require(EGifPutExtensionLeader(gif_, APPLICATION_EXT_FUNC_CODE));
  Require(EGifPutExtensionBlock(gif_, sizeof kApplication - 1, kApplication));
  Require(EGifPutExtensionBlock(gif_, sizeof kLoopForever, kLoopForever));
  Require(EGifPutExtensionTrailer(gif_));
}

void GifWriter::Add(const ImageView& frame) {
  SACCADE_CHECK(frame.width == width_ && frame.height == height_ && frame.channels == 3);
  const long start = StartOf(frames_++);
  if (waiting_) {
    const long delay = start - waiting_since_;
    if (delay < kShortestDelay) return;
    WriteFrame(*waiting_, delay);
  }
  waiting_.emplace(frame.data, frame.data + frame.size());
  waiting_since_ = start;
}

void GifWriter::WriteFrame(Pixels& pixels, long delay) {
  const std::size_t count = pixels.size() / 3;
  std::vector<bool> changed(count, true);
  for (std::size_t i = 0; i < count && !shown_.empty(); ++i) {
    changed[i] = !std::equal(&pixels[3 * i], &pixels[3 * i] + 3, &shown_[3 * i]);
  }
  const Palette palette({pixels.data(), height_, width_, 3}, changed, kColors - 1);
  std::vector<GifPixelType> indices(count);
  for (std::size_t i = 0; i < count; ++i) {
    indices[i] = changed[i] ? palette.IndexOf(&pixels[3 * i]) : kTransparent;
  }

  const GraphicsControlBlock control = {
      .DisposalMode = DISPOSE_DO_NOT,
      .UserInputFlag = false,
      .DelayTime = static_cast<int>(std::min(delay, 65535L)),
      .TransparentColor = kTransparent,
  };
  GifByteType extension[4];
  const std::size_t size = EGifGCBToExtension(&control, extension);
  Require(EGifPutExtension(gif_, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(size), extension));
  const ColorMap colors = ColorMapOf(palette);
  Require(EGifPutImageDesc(gif_, 0, 0, width_, height_, false, colors.get()));
  for (int y = 0; y < height_; ++y) {
    Require(EGifPutLine(gif_, &indices[static_cast<std::size_t>(y) * width_], width_));
  }
  shown_ = std::move(pixels);
}

void GifWriter::Close() {
  SACCADE_CHECK(waiting_.has_value());
  WriteFrame(*waiting_, std::max(kShortestDelay, StartOf(frames_) - waiting_since_));
  waiting_.reset();
  int error = 0;
  const int result = EGifCloseFile(std::exchange(gif_, nullptr), &error);
  if (result != GIF_OK) {
    throw EnvironmentError(fmt::format("{}: {}", path_.string(), GifErrorString(error)));
  }
  WriteFileAtomically(path_, bytes_);
}

}  // namespace saccade

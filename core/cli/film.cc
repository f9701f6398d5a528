#include "core/cli/film.h"

#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/npz.h"
#include "core/cli/frames.h"
#include "core/media/geometry_picture.h"
#include "core/media/video.h"

namespace saccade::cli {
namespace {

namespace fs = std::filesystem;

bool IsArrays(const fs::path& path) { return path.extension() == ".npz"; }

class Pictures : public Film {
 public:
  Pictures(std::unique_ptr<VideoWriter> video, const FrameSource& source)
      : video_(std::move(video)), source_(source), frame_(source.height, source.width, 3) {
    const std::size_t pixels = frame_.data().size() / 3;
    if (source.depth) depth_.resize(pixels);
    if (source.segmentation) segmentation_.resize(2 * pixels);
  }

  void Add(Env& env) override {
    if (source_.depth) {
      source_.measure(env, {source_.height, source_.width, depth_.data(), nullptr});
      if (!nearest_) nearest_ = NearestOf(depth_);  // of the first frame, or the film would flicker
      DrawDepth(depth_, *nearest_, frame_.view());
    } else if (source_.segmentation) {
      source_.measure(env, {source_.height, source_.width, nullptr, segmentation_.data()});
      DrawSegmentation(segmentation_, frame_.view());
    } else {
      source_.draw(env, frame_.view());
    }
    video_->Add(frame_.view());
  }
  bool full() const override { return video_->full(); }
  void Close() override { video_->Close(); }

 private:
  std::unique_ptr<VideoWriter> video_;
  const FrameSource& source_;
  Image frame_;
  std::vector<float> depth_;
  std::vector<std::int32_t> segmentation_;
  std::optional<float> nearest_;
};

class Arrays : public Film {
 public:
  Arrays(fs::path path, const FrameSource& source) : path_(std::move(path)), rows_(source) {}

  void Add(Env& env) override { rows_.Add(env); }
  void Close() override {
    TensorMap arrays;
    rows_.Take(arrays);
    WriteNpz(path_, arrays);
  }

 private:
  fs::path path_;
  FrameRows rows_;
};

}  // namespace

void RequireFilmName(const fs::path& path, bool depth, bool segmentation) {
  if (IsArrays(path)) return;
  RequireVideoName(path, ", .npz");
  if (depth && segmentation) {
    throw InputError(
        fmt::format("--depth --segmentation: {} shows one of them; leave one out, or write both as "
                    "arrays, with -o FILE.npz",
                    path.string()));
  }
}

std::unique_ptr<Film> OpenFilm(const fs::path& path, const FrameSource& source, double fps,
                               int most_frames) {
  if (IsArrays(path)) {
    RequireRoom(source, most_frames);
    return std::make_unique<Arrays>(path, source);
  }
  return std::make_unique<Pictures>(OpenVideo(path, source.width, source.height, fps), source);
}

}  // namespace saccade::cli

// Frames into a file: a film for people, or single pictures.
//
//   .mp4   H.264 in yuv420p, which every browser plays. The format needs even sizes: an odd last
//          row or column is shown twice. Every frame is kept, at exactly the given rate.
//   .gif   loops forever. Times are whole hundredths of a second and browsers slow down whatever is
//          shorter than two, so frames beyond 50 per second are left out; the speed stays right.
//   .png   the first frame; the others are ignored (see full()).
//   DIR/   every frame as DIR/000000.png, DIR/000001.png, …
//
// Everything is written under a temporary name and takes its own at Close(): an interrupted run
// leaves no broken file, and an old file lives until the new one is whole.
//
// Thread safety: a writer belongs to one thread. Determinism: .gif and .png depend on the frames
// alone; .mp4 also on the encoder. Cost: .mp4 and .png load OpenCV on first use (0.1 s, 60 MB).

#ifndef SACCADE_CORE_MEDIA_VIDEO_H_
#define SACCADE_CORE_MEDIA_VIDEO_H_

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/image.h"

namespace saccade {

class VideoWriter {
 public:
  virtual ~VideoWriter() = default;

  // An RGB frame of the size that the video was opened with.
  virtual void Add(const ImageView& frame) = 0;

  // Whether further frames would change nothing.
  virtual bool full() const { return false; }

  // Makes the file appear; at least one frame must have been added. Without it nothing remains.
  // Throws kEnvironment with the reason (no space, no encoder).
  virtual void Close() = 0;
};

// Throws kInput unless the ending of `path` says what OpenVideo shall write, and a folder is empty or
// not there. Opens nothing. `others`: endings that the caller knows beside, as in ", .npz".
void RequireVideoName(const std::filesystem::path& path, const std::string& others = "");

// The kind follows from `path`, of which a folder ends in '/'. `fps` is in frames per second.
// Throws kInput as RequireVideoName and for a size that is not positive, and kEnvironment when there
// is no such encoder or the place cannot be written to.
std::unique_ptr<VideoWriter> OpenVideo(const std::filesystem::path& path, int width, int height,
                                       double fps);

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_VIDEO_H_

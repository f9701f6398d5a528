// What `saccade render` makes of an episode, frame by frame.
//
//   .mp4 .gif .png DIR/   pictures (core/media/video.h): of the scene in colours, or of its depth or
//                         segmentation (core/media/geometry_picture.h), where the source has it
//   .npz                  arrays of all that the source has (core/runtime/frames.h)

#ifndef SACCADE_CORE_CLI_FILM_H_
#define SACCADE_CORE_CLI_FILM_H_

#include <filesystem>
#include <memory>

#include "core/runtime/frames.h"

namespace saccade::cli {

class Film {
 public:
  virtual ~Film() = default;

  // The environment as it is.
  virtual void Add(Env& env) = 0;
  // Whether further frames would change nothing.
  virtual bool full() const { return false; }
  // Makes the file appear; at least one frame must have been added. Without it nothing remains.
  virtual void Close() = 0;
};

// Throws kInput when `path` names nothing that can be written, or not what the source has.
void RequireFilmName(const std::filesystem::path& path, bool depth, bool segmentation);

// `fps` is in frames per second; of arrays, there will be at most `most_frames`. Throws kInput when
// they are too many to be kept, and as OpenVideo.
std::unique_ptr<Film> OpenFilm(const std::filesystem::path& path, const FrameSource& source,
                               double fps, int most_frames);

}  // namespace saccade::cli

#endif  // SACCADE_CORE_CLI_FILM_H_

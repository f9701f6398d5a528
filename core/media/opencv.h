// What Saccade takes from OpenCV, loaded when it is first needed.
//
// OpenCV's video module brings 240 shared libraries: 0.1 s and 60 MB that `saccade --help` and
// every training run would pay for nothing. So it is linked to a shared library of our own,
// libsaccade_opencv.so, which lies in lib/ beside the program's folder or wherever the program's
// library path leads.
//
// Thread safety: OpenCv() may be called from any thread.

#ifndef SACCADE_CORE_MEDIA_OPENCV_H_
#define SACCADE_CORE_MEDIA_OPENCV_H_

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/image.h"
#include "core/media/video.h"

namespace saccade {

struct OpenCvFunctions {
  std::string (*encode_png)(const ImageView& image);
  void (*draw_caption)(const ImageView& frame, const std::string& text);
  std::unique_ptr<VideoWriter> (*open_mp4)(const std::filesystem::path& path, int width, int height,
                                           double fps);
};

// Throws kEnvironment when the library cannot be loaded.
const OpenCvFunctions& OpenCv();

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_OPENCV_H_

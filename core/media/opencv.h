// What Saccade takes from OpenCV, loaded when it is first needed.
//
// OpenCV's video module brings 240 shared libraries: 0.1 s and 60 MB that `saccade --help` and
// every training run would pay for nothing. So it is linked to a shared library of our own
// (core/media/own_library.h), libsaccade_opencv.so.
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
  void (*draw_text)(const ImageView& out, const std::string& text, int x, int y, int size,
                    Rgb color);
  int (*width_of_text)(const std::string& text, int size);
  void (*draw_line)(const ImageView& out, int x0, int y0, int x1, int y1, Rgb color);
  std::unique_ptr<VideoWriter> (*open_mp4)(const std::filesystem::path& path, int width, int height,
                                           double fps);
};

// Throws kEnvironment when the library cannot be loaded.
const OpenCvFunctions& OpenCv();

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_OPENCV_H_

#include "core/media/opencv.h"

#include "core/media/own_library.h"

namespace saccade {

const OpenCvFunctions& OpenCv() {
  static const auto& functions = FunctionsOf<OpenCvFunctions>(  // tried again after an error
      "libsaccade_opencv.so", "saccade_opencv_functions", "pictures and videos need");
  return functions;
}

}  // namespace saccade

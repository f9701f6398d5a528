#include "core/media/opencv.h"

#include "core/media/own_library.h"

namespace saccade {

const OpenCvFunctions& OpenCv() {
  static const void* const functions =  // tried again after an error
      FunctionsOf("libsaccade_opencv.so", "saccade_opencv_functions", "pictures and videos need");
  return *static_cast<const OpenCvFunctions*>(functions);
}

}  // namespace saccade

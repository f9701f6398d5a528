#include "core/media/image_io.h"

#include "core/base/file.h"
#include "core/media/opencv.h"

namespace saccade {

std::string EncodePng(const ImageView& image) { return OpenCv().encode_png(image); }

void WritePng(const std::filesystem::path& path, const ImageView& image) {
  WriteFileAtomically(path, EncodePng(image));
}

}  // namespace saccade

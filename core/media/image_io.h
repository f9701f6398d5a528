// Still pictures in files.
//
// Thread safety: free functions without state. Cost: OpenCV is loaded on first use.

#ifndef SACCADE_CORE_MEDIA_IMAGE_IO_H_
#define SACCADE_CORE_MEDIA_IMAGE_IO_H_

#include <filesystem>
#include <string>

#include "core/base/image.h"

namespace saccade {

// RGB (3 channels) or grey (1).
std::string EncodePng(const ImageView& image);

// The same into a file, atomically. Throws kEnvironment with the reason.
void WritePng(const std::filesystem::path& path, const ImageView& image);

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_IMAGE_IO_H_

// Animated GIF: one palette per frame, only what changed is stored. See core/media/video.h.
//
// Each frame has up to 255 colours of its own and one transparent entry for the pixels that are
// equal to those of the frame before. There is no dithering: still ground stays still, and the file
// stays small.
//
// Cost: the file is built in memory.
// Reference: GIF89a specification, CompuServe, 1990.

#ifndef SACCADE_CORE_MEDIA_GIF_WRITER_H_
#define SACCADE_CORE_MEDIA_GIF_WRITER_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/media/video.h"

struct GifFileType;

namespace saccade {

class GifWriter : public VideoWriter {
 public:
  GifWriter(std::filesystem::path path, int width, int height, double fps);
  ~GifWriter() override;

  void Add(const ImageView& frame) override;
  void Close() override;

 private:
  using Pixels = std::vector<std::uint8_t>;

  // When frame `index` starts, in hundredths of a second.
  long StartOf(long index) const;
  void WriteHeader();
  void WriteFrame(Pixels& pixels, long delay);
  void Require(int result) const;  // giflib's result

  std::filesystem::path path_;
  int width_;
  int height_;
  double fps_;
  std::string bytes_;
  GifFileType* gif_;
  long frames_ = 0;                // given so far
  std::optional<Pixels> waiting_;  // the last one kept; how long it lasts is not known yet
  long waiting_since_ = 0;         // hundredths of a second
  Pixels shown_;                   // what lies below the waiting one; empty at first
};

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_GIF_WRITER_H_

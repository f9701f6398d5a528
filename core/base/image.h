// A view of an 8-bit image that somebody else owns.
//
// Shape: height × width × channels, row 0 on top, channels interleaved (RGB for 3, grey for 1),
// rows contiguous.

#ifndef SACCADE_CORE_BASE_IMAGE_H_
#define SACCADE_CORE_BASE_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace saccade {

struct ImageView {
  std::uint8_t* data = nullptr;
  int height = 0;
  int width = 0;
  int channels = 0;

  std::size_t size() const { return static_cast<std::size_t>(height) * width * channels; }
  std::uint8_t* row(int y) const { return data + static_cast<std::size_t>(y) * width * channels; }
};

// An image that owns its bytes, zero at first.
class Image {
 public:
  Image() = default;
  Image(int height, int width, int channels)
      : height_(height),
        width_(width),
        channels_(channels),
        data_(static_cast<std::size_t>(height) * width * channels) {}

  int height() const { return height_; }
  int width() const { return width_; }
  int channels() const { return channels_; }
  const std::vector<std::uint8_t>& data() const { return data_; }
  ImageView view() { return {data_.data(), height_, width_, channels_}; }

 private:
  int height_ = 0;
  int width_ = 0;
  int channels_ = 0;
  std::vector<std::uint8_t> data_;
};

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_IMAGE_H_

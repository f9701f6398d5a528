// A view of an 8-bit image that somebody else owns.
//
// Shape: height × width × channels, row 0 on top, channels interleaved (RGB for 3, grey for 1),
// rows contiguous.

#ifndef SACCADE_CORE_BASE_IMAGE_H_
#define SACCADE_CORE_BASE_IMAGE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace saccade {

using Rgb = std::array<std::uint8_t, 3>;

struct ImageView {
  std::uint8_t* data = nullptr;
  int height = 0;
  int width = 0;
  int channels = 0;

  std::size_t size() const { return static_cast<std::size_t>(height) * width * channels; }
  std::uint8_t* row(int y) const { return data + static_cast<std::size_t>(y) * width * channels; }
};

// What a colour weighs in grey: luma of ITU-R BT.601, Y = 0.299 R + 0.587 G + 0.114 B, rounded to
// the nearest level (in integers, so that every machine rounds alike; grey stays what it is).
inline std::uint8_t Luma(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
  return static_cast<std::uint8_t>((299 * red + 587 * green + 114 * blue + 500) / 1000);
}

// The means of blocks of n × n pixels of an RGB image, rounded, into one of height / n × width / n
// pixels in RGB or luma, which may begin where the image does.
void Shrink(const ImageView& image, int n, ImageView out);

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

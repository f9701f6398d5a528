// The colours that stand for a picture of many more.
//
// Variance-based cutting: start with one box around all colours and cut, again and again, the box
// with the largest squared error Σ n_c |c − mean|² at the mean of its widest axis (the one of the
// largest variance). Every box then stands for its mean colour. Colours are told apart by their
// upper 6 bits per channel, but averaged in full.
//
// Determinism: depends on the pixels alone. Cost: O(pixels + colours · log₂ entries) and 1.5 MB.
// Reference: Wu, "Efficient statistical computations for optimal color quantization", Graphics Gems
// II, 1991, whose criterion this is; the cut at the mean is simpler than his.

#ifndef SACCADE_CORE_MEDIA_PALETTE_H_
#define SACCADE_CORE_MEDIA_PALETTE_H_

#include <cstdint>
#include <vector>

#include "core/base/image.h"

namespace saccade {

class Palette {
 public:
  // From the pixels of an RGB `image` for which `used` (one entry per pixel, row by row) is true.
  // Has at most `max_colors` colours, and at least one.
  Palette(const ImageView& image, const std::vector<bool>& used, int max_colors);

  const std::vector<Rgb>& colors() const { return colors_; }

  // The entry for a colour that was among the pixels.
  std::uint8_t IndexOf(const std::uint8_t* rgb) const { return index_of_bin_[Bin(rgb)]; }

 private:
  static std::size_t Bin(const std::uint8_t* rgb) {
    return (static_cast<std::size_t>(rgb[0] >> 2) << 12) |
           (static_cast<std::size_t>(rgb[1] >> 2) << 6) | static_cast<std::size_t>(rgb[2] >> 2);
  }

  std::vector<Rgb> colors_;
  std::vector<std::uint8_t> index_of_bin_;
};

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_PALETTE_H_

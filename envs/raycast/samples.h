// The picture while it is drawn: several samples per pixel, each with colour, depth and a mark.
//
// Rows count from below, as in OpenGL. Depth is 1 at the near plane and 0 at the far one; samples
// start black, at 0, unmarked.

#ifndef SACCADE_ENVS_RAYCAST_SAMPLES_H_
#define SACCADE_ENVS_RAYCAST_SAMPLES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "core/base/image.h"

namespace saccade::raycast {

// How a colour c with opacity a goes onto another, b.
enum class Blend {
  kReplace,  // c
  kAdd,      // b + c, at most 1
  kAlpha,    // a c + (1 − a) b
};

// Where in a pixel its `count` samples are, 1 or 4, from its lower left corner: the pattern of Mesa's
// rasteriser.
std::span<const Eigen::Vector2d> PatternOf(int count);

class SampleBuffer {
 public:
  struct Sample {
    std::array<std::uint8_t, 3> colour = {0, 0, 0};
    bool marked = false;
    int geom = -1;  // in front, of pictures of numbers
    double depth = 0;
  };

  SampleBuffer(int height, int width, int samples_per_pixel);

  int height() const { return height_; }
  int width() const { return width_; }
  std::span<const Eigen::Vector2d> pattern() const { return pattern_; }

  Sample& at(int x, int y, std::size_t sample) {
    return samples_[(static_cast<std::size_t>(y) * width_ + x) * pattern_.size() + sample];
  }

  // The means of the samples, upright.
  void Resolve(ImageView out) const;

 private:
  int height_;
  int width_;
  std::span<const Eigen::Vector2d> pattern_;
  std::vector<Sample> samples_;
};

// Writes `colour`, rounded to 8 bits. As in Mesa's rasteriser alpha is rounded to 8 bits too, and so is
// each of the two products.
void Write(const Eigen::Vector3d& colour, double alpha, Blend blend, SampleBuffer::Sample& out);

}  // namespace saccade::raycast

#endif  // SACCADE_ENVS_RAYCAST_SAMPLES_H_

// Pictures of an environment as arrays, a row per frame.

#ifndef SACCADE_CORE_RUNTIME_FRAMES_H_
#define SACCADE_CORE_RUNTIME_FRAMES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/api/env.h"
#include "core/api/renderer.h"
#include "core/base/image.h"
#include "core/base/tensor.h"

namespace saccade {

// Draws the present state of an environment, in pictures of this shape.
struct FrameSource {
  int height = 0;
  int width = 0;
  bool depth = false;                                      // also wanted
  bool segmentation = false;                               // also wanted
  std::function<void(Env& env, ImageView out)> draw = {};  // empty: no frames
  std::function<void(Env& env, const GeometryView& out)> measure = {};

  // Of the arrays of one frame.
  std::size_t bytes() const;
};

// What a source shows, in arrays:
//
//   frames         uint8 (T × H × W × 3)
//   depth          float32 (T × H × W), metres along the camera's axis     where it is wanted
//   segmentation   int64 (T × H × W × 2), id and type (mjtObj), or -1, -1  where it is wanted
//
// Row 0 is on top. Not thread-safe; keeps all frames in memory.
class FrameRows {
 public:
  explicit FrameRows(const FrameSource& source);

  // The frame of `env` as it is; none when the source has no pictures.
  void Add(Env& env);
  void Take(TensorMap& out) const;

 private:
  const FrameSource& source_;
  Image frame_;
  std::vector<float> one_depth_;
  std::vector<std::int32_t> one_segmentation_;
  std::vector<std::uint8_t> frames_;
  std::vector<float> depth_;
  std::vector<std::int64_t> segmentation_;
  std::int64_t rows_ = 0;
};

}  // namespace saccade

#endif  // SACCADE_CORE_RUNTIME_FRAMES_H_

#include "core/runtime/frames.h"

#include <span>

namespace saccade {

std::size_t FrameSource::bytes() const {
  const std::size_t per_pixel =
      3 + (depth ? sizeof(float) : 0) + (segmentation ? 2 * sizeof(std::int64_t) : 0);
  return per_pixel * static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
}

FrameRows::FrameRows(const FrameSource& source)
    : source_(source), frame_(source.height, source.width, 3) {
  const std::size_t pixels = frame_.data().size() / 3;
  if (source.depth) one_depth_.resize(pixels);
  if (source.segmentation) one_segmentation_.resize(2 * pixels);
}

void FrameRows::Add(Env& env) {
  if (!source_.draw) return;
  source_.draw(env, frame_.view());
  frames_.insert(frames_.end(), frame_.data().begin(), frame_.data().end());
  if (source_.depth || source_.segmentation) {
    source_.measure(env,
                    {source_.height, source_.width, source_.depth ? one_depth_.data() : nullptr,
                     source_.segmentation ? one_segmentation_.data() : nullptr});
  }
  depth_.insert(depth_.end(), one_depth_.begin(), one_depth_.end());
  segmentation_.insert(segmentation_.end(), one_segmentation_.begin(), one_segmentation_.end());
  ++rows_;
}

void FrameRows::Take(TensorMap& out) const {
  if (!source_.draw) return;
  out["frames"] = Tensor::From(std::span<const std::uint8_t>(frames_),
                               {rows_, source_.height, source_.width, 3});
  if (source_.depth) {
    out["depth"] =
        Tensor::From(std::span<const float>(depth_), {rows_, source_.height, source_.width});
  }
  if (source_.segmentation) {
    out["segmentation"] = Tensor::From(std::span<const std::int64_t>(segmentation_),
                                       {rows_, source_.height, source_.width, 2});
  }
}

}  // namespace saccade

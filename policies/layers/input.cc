#include "policies/layers/input.h"

#include <algorithm>
#include <cstdint>

#include <Eigen/Core>
#include <fmt/format.h>

#include "core/base/error.h"
#include "policies/layers/dense.h"

namespace saccade {
namespace {

using Bytes = Eigen::Map<const Eigen::Array<std::uint8_t, Eigen::Dynamic, 1>>;
using Floats = Eigen::Map<Eigen::ArrayXf>;

void CheckSizes(const PolicyContext& context) {
  const PixelSpec pixels = context.pixels.value_or(PixelSpec{});
  const std::int64_t rows = std::int64_t{pixels.height} * pixels.width;
  // Divided, not multiplied: the product of three ints need not fit.
  const bool fits = context.state_size <= kMaxWeights &&
                    (rows == 0 || pixels.channels <= (kMaxWeights - context.state_size) / rows);
  const std::string sum =
      fmt::format("{} state values + {} × {} × {} pixel values", context.state_size, pixels.height,
                  pixels.width, pixels.channels);
  if (!fits) {
    throw InputError(
        fmt::format("{} are more than {} inputs; use smaller images", sum, kMaxWeights));
  }
  if (context.state_size + rows * pixels.channels == 0) {
    throw InputError(
        fmt::format("nothing to see, {} = 0 inputs; switch on the state or the pixels of "
                    "the environment's observation",
                    sum));
  }
  if (context.action_size <= 0) {
    throw InputError(fmt::format(
        "nothing to do, the environment has {} actions; it needs at least 1", context.action_size));
  }
}

}  // namespace

Input::Input(const PolicyContext& context, const InputOptions& options)
    : state_size_(context.state_size),
      pixel_count_(0),
      scale_(options.pixel_range == "unit" ? 1.0f / 255 : 2.0f / 255),
      shift_(options.pixel_range == "unit" ? 0.0f : -1.0f) {
  CheckSizes(context);
  if (context.pixels) {
    const PixelSpec& pixels = *context.pixels;
    pixel_count_ = ImageView{nullptr, pixels.height, pixels.width, pixels.channels}.size();
  }
}

std::span<const float> Input::Gather(const Observation& observation,
                                     std::span<float> storage) const {
  SACCADE_CHECK(observation.state.size() == static_cast<std::size_t>(state_size_));
  if (pixel_count_ == 0) return observation.state;
  SACCADE_CHECK(observation.pixels.size() == pixel_count_ &&
                storage.size() == static_cast<std::size_t>(size()));
  const auto count = static_cast<Eigen::Index>(pixel_count_);
  const auto pixels = std::ranges::copy(observation.state, storage.begin()).out;
  Floats(&*pixels, count) = Bytes(observation.pixels.data, count).cast<float>() * scale_ + shift_;
  return storage;
}

}  // namespace saccade

// Distances and objects as pictures that a person can read.
//
// Thread safety: free functions without state. Deterministic.

#ifndef SACCADE_CORE_MEDIA_GEOMETRY_PICTURE_H_
#define SACCADE_CORE_MEDIA_GEOMETRY_PICTURE_H_

#include <cstdint>
#include <span>

#include "core/base/image.h"

namespace saccade {

// The smallest of `depth` (metres); what DrawDepth takes for white.
float NearestOf(std::span<const float> depth);

// Of every pixel its `depth` (height × width, metres) as a grey: 255 · nearest / depth, so that what
// is `nearest` away, or less, is white and what is twice as far half as bright.
void DrawDepth(std::span<const float> depth, float nearest, ImageView out);

// Of every pixel its object (height × width × 2: id and type) as a colour of its own, always the
// same one; of none (-1) black. Colours of few of many objects look alike.
void DrawSegmentation(std::span<const std::int32_t> segmentation, ImageView out);

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_GEOMETRY_PICTURE_H_

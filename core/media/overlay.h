// A line of text in the corner of a frame.

#ifndef SACCADE_CORE_MEDIA_OVERLAY_H_
#define SACCADE_CORE_MEDIA_OVERLAY_H_

#include <string>

#include "core/base/image.h"

namespace saccade {

// Writes `text` (ASCII; other characters appear as '?') at the lower left of an RGB `frame`, small
// and half-transparent: white on a dark edge, so that it can be read on any ground. What does not
// fit is cut off.
//
// Thread safety: none is needed beyond the frame's. Cost: OpenCV is loaded on first use; one copy
// of the frame's lowest rows.
void DrawCaption(const ImageView& frame, const std::string& text);

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_OVERLAY_H_

#include "core/media/overlay.h"

#include "core/media/opencv.h"

namespace saccade {

void DrawCaption(const ImageView& frame, const std::string& text) {
  OpenCv().draw_caption(frame, text);
}

}  // namespace saccade

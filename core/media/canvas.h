// Drawing on RGB images: surfaces, pictures, lines and text.
//
// What lies beyond the image is cut off. Positions are in pixels, (0, 0) the upper left corner.
//
// Thread safety: free functions; no two calls on one image at once. Cost: text and lines
// load OpenCV on first use.

#ifndef SACCADE_CORE_MEDIA_CANVAS_H_
#define SACCADE_CORE_MEDIA_CANVAS_H_

#include <string>

#include "core/base/image.h"

namespace saccade {

struct Rectangle {
  int x = 0;  // of the upper left corner
  int y = 0;
  int width = 0;
  int height = 0;
};

void Fill(ImageView out, const Rectangle& where, Rgb color);

// Puts an RGB or grey `picture` at (x, y), every pixel `enlarged` times as high and wide.
void DrawPicture(ImageView out, const ImageView& picture, int x, int y, int enlarged = 1);

void DrawLine(ImageView out, int x0, int y0, int x1, int y1, Rgb color);

// Capitals `size` pixels high on a baseline at y. Of what is not ASCII, '?' appears.
void DrawText(ImageView out, const std::string& text, int x, int y, int size, Rgb color);
int WidthOfText(const std::string& text, int size);

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_CANVAS_H_

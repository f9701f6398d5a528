#include "core/media/canvas.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/media/opencv.h"

namespace saccade {
namespace {

// The part of `where` that lies in the image.
Rectangle Inside(const ImageView& out, const Rectangle& where) {
  const int left = std::clamp(where.x, 0, out.width);
  const int top = std::clamp(where.y, 0, out.height);
  return {left, top, std::clamp(where.x + where.width, left, out.width) - left,
          std::clamp(where.y + where.height, top, out.height) - top};
}

}  // namespace

void Fill(ImageView out, const Rectangle& where, Rgb color) {
  SACCADE_CHECK(out.channels == 3);
  const Rectangle inside = Inside(out, where);
  for (int y = inside.y; y < inside.y + inside.height; ++y) {
    std::uint8_t* pixel = out.row(y) + 3 * inside.x;
    for (int x = 0; x < inside.width; ++x, pixel += 3) std::ranges::copy(color, pixel);
  }
}

void DrawPicture(ImageView out, const ImageView& picture, int x, int y, int enlarged) {
  SACCADE_CHECK(out.channels == 3 && (picture.channels == 1 || picture.channels == 3));
  SACCADE_CHECK(enlarged >= 1);
  const Rectangle inside = Inside(out, {x, y, picture.width * enlarged, picture.height * enlarged});
  for (int v = inside.y; v < inside.y + inside.height; ++v) {
    const std::uint8_t* from = picture.row((v - y) / enlarged);
    std::uint8_t* to = out.row(v) + 3 * inside.x;
    for (int u = inside.x; u < inside.x + inside.width; ++u, to += 3) {
      const std::uint8_t* pixel = from + (u - x) / enlarged * picture.channels;
      for (int c = 0; c < 3; ++c) to[c] = pixel[picture.channels == 3 ? c : 0];
    }
  }
}

void DrawLine(ImageView out, int x0, int y0, int x1, int y1, Rgb color) {
  OpenCv().draw_line(out, x0, y0, x1, y1, color);
}

void DrawText(ImageView out, const std::string& text, int x, int y, int size, Rgb color) {
  OpenCv().draw_text(out, text, x, y, size, color);
}

int WidthOfText(const std::string& text, int size) { return OpenCv().width_of_text(text, size); }

}  // namespace saccade

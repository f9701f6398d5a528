// Numbers beside a picture: sections of named rows, with text, bars or both.
//
// Thread safety: free functions without state. Cost: OpenCV is loaded on first use.

#ifndef SACCADE_CORE_MEDIA_PANEL_H_
#define SACCADE_CORE_MEDIA_PANEL_H_

#include <span>
#include <string>
#include <vector>

#include "core/base/image.h"
#include "core/media/canvas.h"

namespace saccade {

struct PanelRow {
  std::string name;
  std::string text = {};          // at the right edge
  std::vector<double> bars = {};  // from -1 to 1, upright beside one another; others are cut
};

struct PanelSection {
  std::string title;
  std::vector<PanelRow> rows;
};

// Draws `sections` that have rows into `where`, one below the other, and nothing outside of it. Of
// rows that do not fit, a last line says how many there are; of bars that do not fit, the first are
// drawn; of text, the beginning.
void DrawPanel(ImageView out, const Rectangle& where, std::span<const PanelSection> sections);

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_PANEL_H_

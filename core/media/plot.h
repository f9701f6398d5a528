// Curves with bands, as an SVG picture.
//
// Lines break where a number is missing (NaN, ±∞); a lone point is a dot. However long a curve, the
// picture stays small: of the points in one pixel column only the first, the lowest, the highest
// and the last are kept, which look the same (M4), and of a band the envelope.
//
// The picture takes its colours from MarkupColors(); SvgFile carries them along.
//
// Thread safety: free functions without state. Determinism: depends on the plot alone.
// Cost: O(points). Reference: Jugel et al., "M4: A Visualization-Oriented Time Series Data
// Aggregation", VLDB 2014.

#ifndef SACCADE_CORE_MEDIA_PLOT_H_
#define SACCADE_CORE_MEDIA_PLOT_H_

#include <string>
#include <vector>

#include "core/media/axis.h"

namespace saccade {

struct PlotPoint {
  double x;
  double y;
};

struct PlotInterval {
  double x;
  double low;
  double high;
};

using PlotLine = std::vector<PlotPoint>;  // by rising x

// One colour and one entry of the legend.
struct PlotSeries {
  std::string name;
  PlotLine line;
  std::vector<PlotInterval> band = {};  // around the line
  std::vector<PlotLine> thin = {};      // what the line is a mean of
};

struct Plot {
  std::string title;  // read aloud where the picture cannot be seen
  std::string x_name;
  std::string y_name;
  std::vector<PlotSeries> series;
  Axis::Scale y_scale = Axis::Scale::kLinear;
};

inline constexpr int kPlotWidth = 760;
inline constexpr int kPlotHeight = 340;  // without the legend

// An <svg> element, to be part of a page. One series has no legend.
std::string SvgElement(const Plot& plot);

// The content of a .svg file.
std::string SvgFile(const Plot& plot);

// The points of `line` that can be seen when x from `low` to `high` is shown in `columns` pixel
// columns; at most four a column, and one NaN for each break.
PlotLine ThinLine(const PlotLine& line, double low, double high, int columns);

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_PLOT_H_

// Two small charts of rectangles, as SVG pictures in the colours of core/media/markup.h.
//
// Thread safety: free functions without state. Determinism: depends on the arguments alone.

#ifndef SACCADE_CORE_MEDIA_BARS_H_
#define SACCADE_CORE_MEDIA_BARS_H_

#include <span>
#include <string>
#include <vector>

#include "core/media/axis.h"

namespace saccade {

// How often numbers fall into each of equal bins between two ends.
struct Histogram {
  double low = 0;
  double high = 1;
  std::vector<int> counts;
};

// Over the ends of `axis`; √n bins, at least 8 and at most 40. Numbers that are none are passed
// over.
Histogram CountInto(std::span<const double> values, const Axis& axis);

// An <svg> element. `x_name` names what was counted; series `color` gives the colour.
std::string SvgElement(const Histogram& histogram, const Axis& axis, const std::string& x_name,
                       std::size_t color);

// Rows of parts that sum to 1: where the time went.
struct StackedBars {
  struct Row {
    std::string name;
    std::vector<double> parts;  // one for each part name, not negative
  };
  std::string title;
  std::vector<std::string> part_names;
  std::vector<Row> rows;
};

// An <svg> element with a legend; a part that is 0 in every row is left out of it.
std::string SvgElement(const StackedBars& bars);

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_BARS_H_

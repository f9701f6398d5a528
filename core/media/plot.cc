#include "core/media/plot.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "core/base/utf8.h"
#include "core/media/markup.h"

namespace saccade {
namespace {

constexpr double kLeft = 58;  // room for the labels of the y axis
constexpr double kRight = 18;
constexpr double kTop = 34;  // for the name of the y axis
constexpr double kBottom = 46;
constexpr double kRow = 22;  // of the legend
constexpr double kInner = kPlotWidth - kLeft - kRight;
constexpr int kXTicks = 7;
constexpr int kYTicks = 5;

bool IsShown(const PlotPoint& p) { return std::isfinite(p.x) && std::isfinite(p.y); }
bool IsShown(const PlotInterval& i) {
  return std::isfinite(i.x) && std::isfinite(i.low) && std::isfinite(i.high);
}

// Characters of UTF-8, not bytes.
std::size_t Length(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), std::not_fn(GoesOnInUtf8)));
}

// An estimate that errs on the wide side: the font is the reader's.
double WidthOf(const std::string& text) { return 7.0 * static_cast<double>(Length(text)); }

// The part of a curve between two breaks, by the pixel column that it is in.
class ColumnThinner {
 public:
  ColumnThinner(double low, double high, int columns, PlotLine& out)
      : low_(low), scale_(high > low ? columns / (high - low) : 0), out_(out) {}

  void Add(const PlotPoint& point) {
    const double column = std::floor((point.x - low_) * scale_);
    if (count_ > 0 && column != column_) Flush();
    column_ = column;
    if (count_ == 0) first_ = lowest_ = highest_ = point;
    if (point.y < lowest_.y) lowest_ = point;
    if (point.y > highest_.y) highest_ = point;
    last_ = point;
    ++count_;
  }

  void Break() {
    Flush();
    if (!out_.empty() && IsShown(out_.back())) {
      constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
      out_.push_back({kNaN, kNaN});
    }
  }

  void Flush() {
    if (count_ == 0) return;
    PlotPoint lower = lowest_, upper = highest_;
    if (upper.x < lower.x) std::swap(lower, upper);  // in the order in which they were
    for (const PlotPoint& point : {first_, lower, upper, last_}) {
      const bool repeats = !out_.empty() && out_.back().x == point.x && out_.back().y == point.y;
      if (!repeats) out_.push_back(point);
    }
    count_ = 0;
  }

 private:
  double low_;
  double scale_;
  PlotLine& out_;
  double column_ = 0;
  std::size_t count_ = 0;  // of points in the column
  PlotPoint first_{}, lowest_{}, highest_{}, last_{};
};

// The envelope of the intervals in each pixel column.
std::vector<PlotInterval> ThinBand(const std::vector<PlotInterval>& band, const Axis& x) {
  std::vector<PlotInterval> thinned;
  double column = -1;
  for (const PlotInterval& interval : band) {
    if (!IsShown(interval)) {
      if (!thinned.empty()) thinned.push_back(interval);
      column = -1;
      continue;
    }
    const double here = std::floor(x.Position(interval.x) * kInner);
    if (here == column) {
      thinned.back().low = std::min(thinned.back().low, interval.low);
      thinned.back().high = std::max(thinned.back().high, interval.high);
    } else {
      thinned.push_back(interval);
    }
    column = here;
  }
  return thinned;
}

Extent ExtentOfX(const Plot& plot) {
  Extent extent;
  for (const PlotSeries& series : plot.series) {
    for (const PlotPoint& point : series.line) extent.Add(point.x);
    for (const PlotLine& line : series.thin) {
      for (const PlotPoint& point : line) extent.Add(point.x);
    }
  }
  if (!extent.empty() && extent.low() > 0) extent.Add(0);  // training begins at nothing
  return extent;
}

Extent ExtentOfY(const Plot& plot) {
  Extent extent;
  for (const PlotSeries& series : plot.series) {
    for (const PlotPoint& point : series.line) extent.Add(point.y);
    for (const PlotLine& line : series.thin) {
      for (const PlotPoint& point : line) extent.Add(point.y);
    }
    for (const PlotInterval& interval : series.band) {
      extent.Add(interval.low);
      extent.Add(interval.high);
    }
  }
  return extent;
}

class PlotWriter {
 public:
  explicit PlotWriter(const Plot& plot)
      : plot_(plot),
        x_(ExtentOfX(plot), kXTicks, Axis::Scale::kLinear, /*rounded=*/false),
        y_(ExtentOfY(plot), kYTicks, plot.y_scale) {}

  std::string Write(std::string_view attributes, std::string_view style) {
    WriteLegend();  // first, because the rest lies below it
    const double height = kPlotHeight + top_ - kTop;
    std::string body = std::exchange(out_, "");
    out_ = fmt::format("<svg {}viewBox=\"0 0 {} {:g}\" role=\"img\" aria-label=\"{}\">\n{}",
                       attributes, kPlotWidth, height, EscapeMarkup(plot_.title), style);
    out_ += body;
    WriteGrid();
    for (std::size_t i = 0; i < plot_.series.size(); ++i) WriteSeries(i);
    if (ExtentOfY(plot_).empty()) WriteNothing();
    return std::exchange(out_, "") + "</svg>\n";
  }

 private:
  double bottom() const { return kPlotHeight + top_ - kTop - kBottom; }
  double X(double x) const { return kLeft + kInner * x_.Position(x); }
  double Y(double y) const {
    return bottom() - (bottom() - top_) * std::clamp(y_.Position(y), 0.0, 1.0);
  }

  void Text(double x, double y, const char* anchor, std::string_view text,
            const char* css_class = "") {
    out_ += SvgText(x, y, anchor, text, css_class);
  }

  void WriteLegend() {
    if (plot_.series.size() < 2) return;
    double x = kLeft, y = 14;
    for (std::size_t i = 0; i < plot_.series.size(); ++i) {
      const double width = 24 + WidthOf(plot_.series[i].name) + 18;
      if (x > kLeft && x + width > kPlotWidth) x = kLeft, y += kRow;
      out_ += fmt::format("<path class=\"line {}\" d=\"M{:.1f} {:.1f}h16\"/>", SeriesClass(i), x,
                          y - 4);
      Text(x + 24, y, "start", plot_.series[i].name, "name");
      x += width;
    }
    top_ = kTop + y + 8;
  }

  void WriteGrid() {
    Text(kLeft, top_ - 14, "start", plot_.y_name);
    for (const double tick : y_.ticks()) {
      out_ += fmt::format("<path class=\"grid\" d=\"M{:g} {:.1f}H{:g}\"/>", kLeft, Y(tick),
                          kPlotWidth - kRight);
      Text(kLeft - 9, Y(tick) + 4, "end", y_.Label(tick));
    }
    out_ += fmt::format("<path class=\"axis\" d=\"M{:g} {:.1f}H{:g}\"/>\n", kLeft, bottom(),
                        kPlotWidth - kRight);
    for (const double tick : x_.ticks()) {
      out_ += fmt::format("<path class=\"axis\" d=\"M{:.1f} {:.1f}v4\"/>", X(tick), bottom());
      Text(X(tick), bottom() + 18, "middle", x_.Label(tick));
    }
    Text(kPlotWidth - kRight, bottom() + 38, "end", plot_.x_name);
  }

  void WriteNothing() {
    Text(kLeft + kInner / 2, (top_ + bottom()) / 2, "middle", "nothing recorded yet");
  }

  void WriteSeries(std::size_t index) {
    const PlotSeries& series = plot_.series[index];
    out_ += fmt::format("<g class=\"{}\"><title>{}</title>\n", SeriesClass(index),
                        EscapeMarkup(series.name));
    WriteBand(ThinBand(series.band, x_));
    for (const PlotLine& line : series.thin) WriteLine(line, "thin");
    WriteLine(series.line, "line");
    out_ += "</g>\n";
  }

  void WriteBand(const std::vector<PlotInterval>& band) {
    for (auto begin = band.begin(); begin != band.end();) {
      const auto is_shown = [](const PlotInterval& interval) { return IsShown(interval); };
      begin = std::find_if(begin, band.end(), is_shown);
      const auto end = std::find_if_not(begin, band.end(), is_shown);
      if (end - begin > 1) WriteArea(begin, end);
      if (end - begin == 1) WriteBar(*begin);
      begin = end;
    }
  }

  template <class Iterator>
  void WriteArea(Iterator begin, Iterator end) {
    std::string path;
    for (auto i = begin; i != end; ++i) {
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", X(i->x), Y(i->high));
    }
    for (auto i = end; i != begin;) {
      --i;
      path += fmt::format("L{:.1f} {:.1f}", X(i->x), Y(i->low));
    }
    out_ += fmt::format("<path class=\"band\" d=\"{}Z\"/>\n", path);
  }

  // A band of one place has no width of its own.
  void WriteBar(const PlotInterval& interval) {
    out_ += fmt::format("<path class=\"thin\" d=\"M{:.1f} {:.1f}V{:.1f}\"/>\n", X(interval.x),
                        Y(interval.low), Y(interval.high));
  }

  void WriteLine(const PlotLine& line, const char* css_class) {
    const PlotLine points = ThinLine(line, x_.low(), x_.high(), static_cast<int>(kInner));
    std::string path;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (!IsShown(points[i])) continue;
      const bool begins = i == 0 || !IsShown(points[i - 1]);
      const bool ends = i + 1 == points.size() || !IsShown(points[i + 1]);
      if (begins && ends) {
        out_ += fmt::format("<circle class=\"solid\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>\n",
                            X(points[i].x), Y(points[i].y));
      } else {
        path += fmt::format("{}{:.1f} {:.1f}", begins ? "M" : "L", X(points[i].x), Y(points[i].y));
      }
    }
    if (!path.empty()) out_ += fmt::format("<path class=\"{}\" d=\"{}\"/>\n", css_class, path);
  }

  const Plot& plot_;
  const Axis x_;
  const Axis y_;
  double top_ = kTop;
  std::string out_;
};

}  // namespace

std::string SvgElement(const Plot& plot) { return PlotWriter(plot).Write("", ""); }

std::string SvgFile(const Plot& plot) {
  const std::string style = fmt::format(
      "<style>{}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"var(--paper)\"/>\n",
      MarkupColors());
  return PlotWriter(plot).Write("xmlns=\"http://www.w3.org/2000/svg\" ", style);
}

PlotLine ThinLine(const PlotLine& line, double low, double high, int columns) {
  PlotLine thinned;
  ColumnThinner thinner(low, high, columns, thinned);
  for (const PlotPoint& point : line) {
    if (IsShown(point)) {
      thinner.Add(point);
    } else {
      thinner.Break();
    }
  }
  thinner.Flush();
  return thinned;
}

}  // namespace saccade

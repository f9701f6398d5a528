#include "core/media/bars.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/media/markup.h"
#include "core/media/plot.h"

namespace saccade {
namespace {

std::string Rectangle(double x, double y, double width, double height) {
  return fmt::format(
      "<rect class=\"solid\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>", x, y,
      width, height);
}

// "0.3 %", "52 %", "99.6 %": a digit more where a whole number would hide the rest.
std::string Percent(double part) {
  const bool is_near_an_end = part < 0.0995 || (part > 0.9005 && part < 1);
  return fmt::format("{:.{}f} %", 100 * part, is_near_an_end ? 1 : 0);
}

// "physics 98.9 %, policy 1.1 %"
std::string Spoken(const StackedBars& bars, const StackedBars::Row& row) {
  std::string text;
  for (std::size_t part = 0; part < bars.part_names.size(); ++part) {
    if (row.parts[part] <= 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", bars.part_names[part],
                        Percent(row.parts[part]));
  }
  return text;
}

}  // namespace

Histogram CountInto(std::span<const double> values, const Axis& axis) {
  const auto bins = std::clamp<long>(std::lround(std::sqrt(values.size())), 8, 40);
  Histogram histogram{axis.low(), axis.high(), std::vector<int>(static_cast<std::size_t>(bins))};
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    const auto bin = static_cast<long>(axis.Position(value) * static_cast<double>(bins));
    ++histogram.counts[static_cast<std::size_t>(std::clamp<long>(bin, 0, bins - 1))];
  }
  return histogram;
}

std::string SvgElement(const Histogram& histogram, const Axis& axis, const std::string& x_name,
                       std::size_t color) {
  constexpr double kWidth = 360, kHeight = 150, kMargin = 14, kBase = 108;
  const int highest =
      std::max(1, *std::max_element(histogram.counts.begin(), histogram.counts.end()));
  const double width = (kWidth - 2 * kMargin) / static_cast<double>(histogram.counts.size());
  std::string out = fmt::format(
      "<svg viewBox=\"0 0 {:g} {:g}\" role=\"img\" aria-label=\"histogram of {}\"><g "
      "class=\"{}\">\n",
      kWidth, kHeight, EscapeMarkup(x_name), SeriesClass(color));
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    const int count = histogram.counts[i];
    if (count == 0) continue;
    const double height = (kBase - 20) * count / highest;
    out += Rectangle(kMargin + width * static_cast<double>(i), kBase - height, width - 1, height);
  }
  out += fmt::format("</g>\n<path class=\"axis\" d=\"M{:g} {:g}H{:g}\"/>\n", kMargin, kBase,
                     kWidth - kMargin);
  for (const double tick : axis.ticks()) {
    const double x = kMargin + (kWidth - 2 * kMargin) * axis.Position(tick);
    out += fmt::format("<path class=\"axis\" d=\"M{:.1f} {:g}v4\"/>", x, kBase);
    out += SvgText(x, kBase + 18, "middle", axis.Label(tick));
  }
  out += SvgText(kMargin, 12, "start",
                 fmt::format("up to {} episode{} a bar", highest, highest == 1 ? "" : "s"));
  out += SvgText(kWidth - kMargin, kBase + 38, "end", x_name);
  return out + "</svg>\n";
}

std::string SvgElement(const StackedBars& bars) {
  constexpr double kRow = 30, kBar = 18, kTop = 30, kName = 18;
  const bool named = bars.rows.size() > 1;
  const double row = kRow + (named ? kName : 0);
  const double height = kTop + row * static_cast<double>(bars.rows.size());
  std::string out = fmt::format("<svg viewBox=\"0 0 {} {:g}\" role=\"img\" aria-label=\"{}\">\n",
                                kPlotWidth, height, EscapeMarkup(bars.title));
  double legend = 0;
  for (std::size_t part = 0; part < bars.part_names.size(); ++part) {
    double sum = 0;
    for (const auto& r : bars.rows) sum += r.parts[part];
    if (sum <= 0) continue;
    const std::string label =
        named ? bars.part_names[part]
              : fmt::format("{} {}", bars.part_names[part], Percent(bars.rows[0].parts[part]));
    out += fmt::format("<g class=\"{}\">{}</g>", SeriesClass(part), Rectangle(legend, 3, 11, 11));
    out += SvgText(legend + 18, 13, "start", label, "name");
    legend += 18 + 6.6 * static_cast<double>(label.size()) + 20;
  }
  for (std::size_t i = 0; i < bars.rows.size(); ++i) {
    double x = 0;
    double y = kTop + row * static_cast<double>(i);
    if (named) {
      out += SvgText(0, y + 12, "start", bars.rows[i].name, "name");
      out += SvgText(kPlotWidth, y + 12, "end", Spoken(bars, bars.rows[i]));
      y += kName;
    }
    for (std::size_t part = 0; part < bars.part_names.size(); ++part) {
      const double width = kPlotWidth * bars.rows[i].parts[part];
      if (width <= 0) continue;
      out += fmt::format("<g class=\"{}\"><title>{} {}</title>{}</g>\n", SeriesClass(part),
                         EscapeMarkup(bars.part_names[part]), Percent(bars.rows[i].parts[part]),
                         Rectangle(x, y, width, kBar));
      x += width;
    }
  }
  return out + "</svg>\n";
}

}  // namespace saccade

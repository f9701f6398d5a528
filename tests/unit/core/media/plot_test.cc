// Axes, curves, bands and bars: what can be seen is what was given.

#include "core/media/plot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/media/bars.h"

namespace saccade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Extent ExtentOf(std::initializer_list<double> values) {
  Extent extent;
  for (const double value : values) extent.Add(value);
  return extent;
}

std::vector<std::string> Labels(const Axis& axis) {
  std::vector<std::string> labels;
  for (const double tick : axis.ticks()) labels.push_back(axis.Label(tick));
  return labels;
}

// Every number of the attribute `name` in `svg`.
std::vector<double> Attributes(const std::string& svg, const std::string& name) {
  std::vector<double> found;
  const std::regex pattern(" " + name + "=\"([-0-9.]+)\"");
  for (std::sregex_iterator i(svg.begin(), svg.end(), pattern), end; i != end; ++i) {
    found.push_back(std::stod((*i)[1]));
  }
  return found;
}

// The d of the only path of a class.
std::string PathOf(const std::string& svg, const std::string& css_class) {
  const std::regex pattern("class=\"" + css_class + "\" d=\"([^\"]*)\"");
  std::smatch match;
  return std::regex_search(svg, match, pattern) ? match[1].str() : "";
}

std::vector<PlotPoint> PointsOf(const std::string& path) {
  std::vector<PlotPoint> points;
  const std::regex pattern("[ML]([-0-9.]+) ([-0-9.]+)");
  for (std::sregex_iterator i(path.begin(), path.end(), pattern), end; i != end; ++i) {
    points.push_back({std::stod((*i)[1]), std::stod((*i)[2])});
  }
  return points;
}

Plot OneLine(PlotLine line) { return {"title", "x", "y", {{"name", std::move(line)}}}; }

TEST(AxisTest, TicksAreRoundAndCoverTheData) {
  EXPECT_THAT(Labels(Axis(ExtentOf({3, 97}), 5)), ElementsAre("0", "20", "40", "60", "80", "100"));
  EXPECT_THAT(Labels(Axis(ExtentOf({-0.9, 1.1}), 4)),
              ElementsAre("−1.0", "−0.5", "0", "0.5", "1.0", "1.5"));
  EXPECT_THAT(Labels(Axis(ExtentOf({0, 4'100'000}), 5)),
              ElementsAre("0", "1 M", "2 M", "3 M", "4 M", "5 M"));
}

// For any interval: the ticks rise by a 1, 2 or 5, lie inside, are not many, and look different.
TEST(AxisTest, TicksKeepTheirRulesForAnyInterval) {
  for (const double low : {-1e12, -3.7, -1e-7, 0.0, 2e-5, 854.1, 1e9}) {
    for (const double width : {1e-6, 0.013, 1.0, 77.0, 1e5, 3e11}) {
      for (const bool rounded : {false, true}) {
        const Axis axis(ExtentOf({low, low + width}), 5, Axis::Scale::kLinear, rounded);
        const auto& ticks = axis.ticks();
        ASSERT_GE(ticks.size(), 2U) << low << " " << width;
        EXPECT_LE(ticks.size(), 8U) << low << " " << width;
        EXPECT_LE(axis.low(), low + 1e-5 * width);
        EXPECT_GE(axis.high(), low + width - 1e-5 * width);
        const double step = ticks[1] - ticks[0];
        const double mantissa = step / std::pow(10, std::floor(std::log10(step * (1 + 1e-3))));
        const double nearest = mantissa < 1.5 ? 1 : mantissa < 3.5 ? 2 : 5;
        EXPECT_NEAR(mantissa, nearest, 1e-2) << low << " " << width;
        for (const double tick : ticks) {
          EXPECT_GE(axis.Position(tick), -1e-5);
          EXPECT_LE(axis.Position(tick), 1 + 1e-5);
        }
      }
    }
  }
}

TEST(AxisTest, OddDataStillHasAnAxis) {
  for (const Extent& extent : {Extent(), ExtentOf({5}), ExtentOf({0}), ExtentOf({kNaN}),
                               ExtentOf({-1e308, 1e308}), ExtentOf({1e-300})}) {
    const Axis axis(extent, 5);
    EXPECT_LT(axis.low(), axis.high());
    EXPECT_TRUE(std::isfinite(axis.Position(0)));
    EXPECT_GE(axis.ticks().size(), 2U);
    EXPECT_LE(axis.ticks().size(), 12U);
  }
}

TEST(AxisTest, ALogarithmicAxisSpreadsDecadesEvenly) {
  const Axis axis(ExtentOf({0.001, 10}), 5, Axis::Scale::kLogarithmic);
  EXPECT_THAT(Labels(axis), ElementsAre("0.001", "0.01", "0.1", "1", "10"));
  EXPECT_NEAR(axis.Position(0.1), 0.5, 1e-12);
  EXPECT_NEAR(axis.Position(10) - axis.Position(1), axis.Position(0.1) - axis.Position(0.01),
              1e-12);
  EXPECT_THAT(Labels(Axis(ExtentOf({0.05, 1.9}), 5, Axis::Scale::kLogarithmic)),
              ElementsAre("0.05", "0.1", "0.2", "0.5", "1", "2"));
  // Below a decade, or with zero among the data, it is a linear one.
  EXPECT_NEAR(Axis(ExtentOf({1, 3}), 4, Axis::Scale::kLogarithmic).Position(2), 0.5, 1e-12);
  EXPECT_NEAR(Axis(ExtentOf({0, 100}), 5, Axis::Scale::kLogarithmic).Position(50), 0.5, 1e-12);
}

TEST(PlotTest, PointsLieWhereTheAxesSay) {
  // y runs from 0 to 100 and x from 0 to 10: the picture must be linear in both, and upright.
  const auto points = PointsOf(PathOf(SvgElement(OneLine({{0, 0}, {5, 100}, {10, 50}})), "line"));
  ASSERT_EQ(points.size(), 3U);
  EXPECT_NEAR(points[1].x - points[0].x, points[2].x - points[1].x, 0.11);
  EXPECT_LT(points[1].y, points[2].y);  // SVG counts downwards
  EXPECT_NEAR(points[2].y - points[1].y, (points[0].y - points[1].y) / 2, 0.11);
}

TEST(PlotTest, ABandReachesFromLowToHigh) {
  Plot plot = OneLine({{0, 50}, {10, 50}});
  plot.series[0].band = {{0, 0, 100}, {10, 25, 75}};
  const std::string svg = SvgElement(plot);
  const auto band = PointsOf(PathOf(svg, "band"));
  const auto line = PointsOf(PathOf(svg, "line"));
  ASSERT_EQ(band.size(), 4U);  // upper edge forwards, lower edge back
  EXPECT_NEAR(band[0].y + band[3].y, 2 * line[0].y, 0.21);
  EXPECT_NEAR(band[1].y + band[2].y, 2 * line[1].y, 0.21);
  EXPECT_NEAR(band[3].y - band[0].y, 2 * (band[2].y - band[1].y), 0.31);
}

TEST(PlotTest, MissingNumbersBreakTheLine) {
  const std::string path =
      PathOf(SvgElement(OneLine({{0, 1}, {1, 2}, {2, kNaN}, {3, 4}, {4, 5}})), "line");
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 2);
  EXPECT_EQ(PointsOf(path).size(), 4U);
  EXPECT_THAT(path, Not(HasSubstr("nan")));
}

TEST(PlotTest, ALonePointIsADotAndNothingIsSaid) {
  EXPECT_EQ(Attributes(SvgElement(OneLine({{100, 7}})), "cx").size(), 1U);
  EXPECT_EQ(Attributes(SvgElement(OneLine({{0, 1}, {1, kNaN}, {2, 3}})), "cx").size(), 2U);
  EXPECT_THAT(SvgElement(OneLine({})), HasSubstr("nothing recorded yet"));
  EXPECT_THAT(SvgElement(OneLine({{0, kNaN}})), HasSubstr("nothing recorded yet"));
}

TEST(PlotTest, ThinningKeepsEveryExtremeAndBothEnds) {
  PlotLine line;
  for (int i = 0; i <= 100'000; ++i) line.push_back({1.0 * i, std::sin(i / 5000.0)});
  line[33'400].y = 9;  // spikes one point wide
  line[66'700].y = -9;
  const PlotLine thinned = ThinLine(line, 0, 100'000, 600);
  EXPECT_LE(thinned.size(), 4U * 601);
  EXPECT_EQ(thinned.front().x, 0);
  EXPECT_EQ(thinned.back().x, 100'000);
  const auto has = [&](double x, double y) {
    return std::any_of(thinned.begin(), thinned.end(),
                       [&](const PlotPoint& p) { return p.x == x && p.y == y; });
  };
  EXPECT_TRUE(has(33'400, 9));
  EXPECT_TRUE(has(66'700, -9));
  EXPECT_TRUE(std::is_sorted(thinned.begin(), thinned.end(),
                             [](const PlotPoint& a, const PlotPoint& b) { return a.x < b.x; }));
}

TEST(PlotTest, ThinningLeavesShortLinesAlone) {
  const PlotLine thinned = ThinLine({{0, 1}, {50, kNaN}, {100, 3}}, 0, 100, 600);
  ASSERT_EQ(thinned.size(), 3U);
  EXPECT_TRUE(std::isnan(thinned[1].y));
}

TEST(PlotTest, AHundredThousandGenerationsAreASmallPicture) {
  Plot plot = OneLine({});
  for (int i = 0; i < 100'000; ++i) {
    plot.series[0].line.push_back({1.0 * i, std::sin(i * 1.7)});
    plot.series[0].band.push_back({1.0 * i, -2, 2});
  }
  EXPECT_LT(SvgElement(plot).size(), 100'000U);
}

TEST(PlotTest, SeveralSeriesHaveALegendAndColoursOfTheirOwn) {
  Plot plot = OneLine({{0, 1}, {1, 2}});
  EXPECT_THAT(SvgElement(plot), Not(HasSubstr("class=\"name\"")));
  plot.series.push_back({"<b>\"&", {{0, 2}, {1, 1}}});
  const std::string svg = SvgElement(plot);
  EXPECT_THAT(svg, HasSubstr("class=\"name\">&lt;b&gt;&quot;&amp;</text>"));
  EXPECT_THAT(svg, HasSubstr("<g class=\"s1\">"));
  EXPECT_THAT(svg, Not(HasSubstr("<b>")));
}

TEST(PlotTest, ALongLegendStaysInThePicture) {
  Plot plot = OneLine({{0, 1}, {1, 2}});
  plot.series.resize(20, {"a strategy with a long name", {{0, 1}, {1, 2}}});
  for (const double x : Attributes(SvgElement(plot), "x")) EXPECT_LE(x, kPlotWidth);
}

TEST(PlotTest, AFileCarriesItsColours) {
  const std::string svg = SvgFile(OneLine({{0, 1}, {1, 2}}));
  EXPECT_THAT(svg, HasSubstr("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  EXPECT_THAT(svg, HasSubstr("prefers-color-scheme:dark"));
}

TEST(HistogramTest, EveryNumberFallsIntoOneBin) {
  std::vector<double> values = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, kNaN};
  const Axis axis(ExtentOf({0, 10}), 5);
  const Histogram histogram = CountInto(values, axis);
  int sum = 0;
  for (const int count : histogram.counts) sum += count;
  EXPECT_EQ(sum, 11);
  EXPECT_GT(histogram.counts.front(), 0);
  EXPECT_GT(histogram.counts.back(), 0);
}

TEST(StackedBarsTest, PartsFillTheWidthInProportion) {
  const StackedBars bars{"time", {"physics", "render", "policy"}, {{"run", {0.75, 0, 0.25}}}};
  const std::string svg = SvgElement(bars);
  const auto widths = Attributes(svg, "width");
  // Two squares of the legend, two parts; what took no time is in neither.
  EXPECT_THAT(widths, ElementsAre(11, 11, 570, 190));
  EXPECT_THAT(svg, HasSubstr("physics 75 %"));
  EXPECT_THAT(svg, Not(HasSubstr("render")));
}

}  // namespace
}  // namespace saccade

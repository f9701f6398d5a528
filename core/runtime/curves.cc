#include "core/runtime/curves.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include <fmt/format.h>

namespace saccade {
namespace {

// One point of a curve and its uncertainty, if the generation has one.
struct Measured {
  double value;
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};
using Measure = std::function<std::optional<Measured>(const GenerationRecord&)>;

PlotSeries SeriesOfRun(const RunRecord& run, const Measure& measure) {
  PlotSeries series;
  for (const GenerationRecord& record : run.generations) {
    const std::optional<Measured> measured = measure(record);
    if (!measured) continue;
    const auto x = static_cast<double>(record.env_steps);
    series.line.push_back({x, measured->value});
    series.band.push_back({x, measured->low, measured->high});
  }
  return series;
}

PlotSeries SeriesOfGroup(const RunGroup& group, const Measure& measure) {
  if (group.runs.size() == 1) return SeriesOfRun(group.first(), measure);
  std::vector<PlotLine> lines;
  for (const RunRecord* run : group.runs) lines.push_back(SeriesOfRun(*run, measure).line);
  return MeanOfLines(std::move(lines));
}

Plot PlotOf(const std::vector<RunGroup>& groups, const std::string& what, const Measure& measure) {
  Plot plot{what + " against environment steps", "environment steps", what, {}};
  for (const RunGroup& group : groups) {
    plot.series.push_back(SeriesOfGroup(group, measure));
    plot.series.back().name = group.name;
  }
  return plot;
}

// Walks along a line once, for questions by rising x.
class Interpolator {
 public:
  explicit Interpolator(const PlotLine& line) : line_(line) {}

  // `x` lies within the line.
  double At(double x) {
    while (next_ + 1 < line_.size() && line_[next_].x < x) ++next_;
    const PlotPoint& right = line_[next_];
    if (next_ == 0 || right.x == x) return right.y;
    const PlotPoint& left = line_[next_ - 1];
    return left.y + (right.y - left.y) * (x - left.x) / (right.x - left.x);
  }

 private:
  const PlotLine& line_;
  std::size_t next_ = 0;
};

// Every x of the lines at which all of them have values.
std::vector<double> CommonGrid(const std::vector<PlotLine>& lines) {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  std::vector<double> grid;
  for (const PlotLine& line : lines) {
    if (line.empty()) return {};
    low = std::max(low, line.front().x);
    high = std::min(high, line.back().x);
    for (const PlotPoint& point : line) grid.push_back(point.x);
  }
  std::erase_if(grid, [&](double x) { return x < low || x > high; });
  std::sort(grid.begin(), grid.end());
  grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
  return grid;
}

}  // namespace

Plot LearningCurve(const std::vector<RunGroup>& groups) {
  return PlotOf(groups, "evaluation return", [](const GenerationRecord& record) {
    if (!record.evaluation) return std::optional<Measured>();
    const EpisodeSummary& e = *record.evaluation;
    return std::optional(Measured{e.mean, e.mean - e.standard_error, e.mean + e.standard_error});
  });
}

Plot PopulationCurve(const std::vector<RunGroup>& groups) {
  return PlotOf(groups, "return of the population", [](const GenerationRecord& record) {
    const EpisodeSummary& p = record.population;
    return std::optional(Measured{p.mean, p.min, p.max});
  });
}

Plot SigmaCurve(const std::vector<RunGroup>& groups) {
  Plot plot = PlotOf(groups, "step size σ", [](const GenerationRecord& record) {
    return std::optional(Measured{record.sigma});
  });
  plot.y_scale = Axis::Scale::kLogarithmic;
  return plot;
}

Plot DivergedCurve(const std::vector<RunGroup>& groups) {
  return PlotOf(groups, "diverged episodes per generation", [](const GenerationRecord& record) {
    return std::optional(Measured{static_cast<double>(record.population.diverged)});
  });
}

PlotSeries MeanOfLines(std::vector<PlotLine> lines) {
  PlotSeries series;
  std::vector<Interpolator> interpolators(lines.begin(), lines.end());
  for (const double x : CommonGrid(lines)) {
    double sum = 0;
    PlotInterval interval{x, std::numeric_limits<double>::infinity(),
                          -std::numeric_limits<double>::infinity()};
    for (Interpolator& interpolator : interpolators) {
      const double y = interpolator.At(x);
      sum += y;
      interval.low = std::min(interval.low, y);
      interval.high = std::max(interval.high, y);
    }
    if (std::isnan(sum)) interval.low = sum;  // a seed without a value: neither mean nor band
    series.line.push_back({x, sum / static_cast<double>(lines.size())});
    series.band.push_back(interval);
  }
  series.thin = std::move(lines);
  return series;
}

}  // namespace saccade

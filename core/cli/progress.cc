#include "core/cli/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <span>

#include <fmt/format.h>

#include "core/base/number_text.h"

namespace saccade::cli {

namespace {

// As many of `fields` as fit into `columns`; the first one always.
std::string Join(std::span<const std::string> fields, std::size_t columns) {
  std::string line = fields.front();
  for (const std::string& field : fields.subspan(1)) {
    if (line.size() + 2 + field.size() <= columns) line += "  " + field;
  }
  return line;
}

}  // namespace

Progress::Progress(const TrainingOptions& training)
    : training_(training), evaluated_(std::numeric_limits<double>::quiet_NaN()) {}

void Progress::OnGeneration(const Trainer&, const GenerationRecord& record) {
  if (record.evaluation) evaluated_ = record.evaluation->mean;
  if (first_fraction_ < 0) {
    first_fraction_ = FractionDone(record);
    begin_ = Clock::now();
  }
  if (record.population.episodes == 0) {
    LogWarningOnce("all-diverged",
                   fmt::format("generation {}: every episode diverged, and nothing can be learnt "
                               "from that; a smaller strategy.sigma or time step may help",
                               record.generation));
  }
  const EpisodeSummary& p = record.population;
  if (p.min == 0 && p.max == 0 && p.diverged == 0) {
    LogWarningOnce("no-reward",
                   fmt::format("generation {}: every return is 0, and nothing can be learnt from "
                               "that; is there a reward, and can the policy reach it?",
                               record.generation));
  }
  const bool is_last = FractionDone(record) >= 1;
  if (const int columns = StatusLine::Columns(); columns > 0) {
    line_.Draw(Bar(record, columns), is_last);
  } else {
    PrintLine(record, is_last || record.evaluation);
  }
}

// Every two seconds, and whenever `anyway`.
void Progress::PrintLine(const GenerationRecord& record, bool anyway) {
  const auto now = Clock::now();
  if (now - last_printed_ < std::chrono::seconds(2) && !anyway) return;
  last_printed_ = now;
  fmt::print("{}\n", Join(Fields(record), std::string::npos));
  std::fflush(stdout);
}

double Progress::FractionDone(const GenerationRecord& record) const {
  double fraction = 0;
  if (training_.generations > 0) {
    fraction = static_cast<double>(record.generation) / static_cast<double>(training_.generations);
  }
  if (training_.env_steps > 0) {
    fraction = std::max(
        fraction, static_cast<double>(record.env_steps) / static_cast<double>(training_.env_steps));
  }
  return std::min(fraction, 1.0);
}

std::string Progress::Bar(const GenerationRecord& record, int columns) const {
  const int width = columns >= 120 ? 20 : columns >= 80 ? 10 : 0;
  const int full = static_cast<int>(FractionDone(record) * width);
  std::string bar;
  for (int i = 0; i < width; ++i) bar += i < full ? "━" : "╌";
  if (width > 0) bar += " ";
  // The last column and the one after the bar stay free.
  return bar + Join(Fields(record), static_cast<std::size_t>(std::max(columns - width - 2, 1)));
}

// The most important ones first; those that do not fit are left out.
std::vector<std::string> Progress::Fields(const GenerationRecord& record) const {
  const double fraction = FractionDone(record);
  const double progress = fraction - first_fraction_;
  const double left = progress > 0 ? SecondsSince(begin_) / progress * (1 - fraction)
                                   : std::numeric_limits<double>::quiet_NaN();
  std::vector<std::string> fields = {fmt::format("gen {}", record.generation)};
  if (training_.generations > 0) fields.back() += fmt::format("/{}", training_.generations);
  fields.push_back(fmt::format("return {:.1f}", record.population.mean));
  if (!std::isnan(evaluated_)) fields.push_back(fmt::format("eval {:.1f}", evaluated_));
  if (record.population.diverged > 0) {
    fields.push_back(fmt::format("diverged {}", record.population.diverged));
  }
  fields.push_back("ETA " + FormatDuration(fraction >= 1 ? 0 : left));
  fields.push_back(FormatShort(record.steps_per_second) + " steps/s");
  fields.push_back(fmt::format("best {:.1f}", record.population.max));
  fields.push_back(FormatShort(static_cast<double>(record.env_steps)) + " steps");
  return fields;
}

}  // namespace saccade::cli

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

Progress::Progress(const Trainer& trainer)
    : training_(trainer.experiment().config().training),
      fraction_(FractionDone(trainer.generation(), trainer.env_steps())),
      fields_{GenerationField(trainer.generation())},
      evaluated_(std::numeric_limits<double>::quiet_NaN()) {}

void Progress::OnGeneration(const Trainer&, const GenerationRecord& record) {
  last_generation_ = Clock::now();
  fraction_ = FractionDone(record.generation, record.env_steps);
  if (first_fraction_ < 0) {
    first_fraction_ = fraction_;
    begin_ = last_generation_;
  }
  if (record.evaluation) evaluated_ = record.evaluation->mean;
  fields_ = Fields(record);
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
  const bool is_last = fraction_ >= 1;
  if (const int columns = StatusLine::Columns(); columns > 0) {
    const bool hides_episodes = shows_episodes_.exchange(false);
    line_.Draw(Bar(fields_, columns), is_last || hides_episodes);
  } else {
    PrintLine(is_last || record.evaluation);
  }
}

void Progress::OnEpisode(int done, int total) {
  if (SecondsSince(last_generation_) < 1) return;  // generations alone show that it goes on
  const int columns = StatusLine::Columns();
  if (columns == 0) return;
  std::vector<std::string> fields = fields_;
  fields.insert(fields.begin() + 1, fmt::format("episode {}/{}", done, total));
  shows_episodes_ = true;
  line_.Draw(Bar(fields, columns), /*is_last=*/false);
}

// Every two seconds, and whenever `anyway`.
void Progress::PrintLine(bool anyway) {
  const auto now = Clock::now();
  if (now - last_printed_ < std::chrono::seconds(2) && !anyway) return;
  last_printed_ = now;
  fmt::print("{}\n", Join(fields_, std::string::npos));
  std::fflush(stdout);
}

double Progress::FractionDone(std::int64_t generation, std::int64_t env_steps) const {
  double fraction = 0;
  if (training_.generations > 0) {
    fraction = static_cast<double>(generation) / static_cast<double>(training_.generations);
  }
  if (training_.env_steps > 0) {
    fraction = std::max(fraction,
                        static_cast<double>(env_steps) / static_cast<double>(training_.env_steps));
  }
  return std::min(fraction, 1.0);
}

std::string Progress::GenerationField(std::int64_t generation) const {
  if (training_.generations <= 0) return fmt::format("gen {}", generation);
  return fmt::format("gen {}/{}", generation, training_.generations);
}

std::string Progress::Bar(const std::vector<std::string>& fields, int columns) const {
  const int width = columns >= 120 ? 20 : columns >= 80 ? 10 : 0;
  const int full = static_cast<int>(fraction_ * width);
  std::string bar;
  for (int i = 0; i < width; ++i) bar += i < full ? "━" : "╌";
  if (width > 0) bar += " ";
  // The last column and the one after the bar stay free.
  return bar + Join(fields, static_cast<std::size_t>(std::max(columns - width - 2, 1)));
}

// The most important ones first; those that do not fit are left out.
std::vector<std::string> Progress::Fields(const GenerationRecord& record) const {
  const double progress = fraction_ - first_fraction_;
  const double left = progress > 0 ? SecondsSince(begin_) / progress * (1 - fraction_)
                                   : std::numeric_limits<double>::quiet_NaN();
  // Of no episode that did not diverge there is none.
  const auto number = [](double value) {
    return std::isnan(value) ? std::string("–") : fmt::format("{:.1f}", value);
  };
  std::vector<std::string> fields = {GenerationField(record.generation)};
  fields.push_back("return " + number(record.population.mean));
  if (!std::isnan(evaluated_)) fields.push_back(fmt::format("eval {:.1f}", evaluated_));
  if (record.population.diverged > 0) {
    fields.push_back(fmt::format("diverged {}", record.population.diverged));
  }
  fields.push_back("ETA " + FormatDuration(fraction_ >= 1 ? 0 : left));
  fields.push_back(FormatShort(record.steps_per_second) + " steps/s");
  fields.push_back("best " + number(record.population.max));
  fields.push_back(FormatShort(static_cast<double>(record.env_steps)) + " steps");
  return fields;
}

}  // namespace saccade::cli

#include "core/cli/progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include <fmt/format.h>

#include "core/media/axis.h"
#include "core/runtime/report.h"

namespace saccade::cli {

Progress::Progress(const TrainingOptions& training, bool terminal)
    : training_(training),
      terminal_(terminal),
      evaluated_(std::numeric_limits<double>::quiet_NaN()) {}

void Progress::OnGeneration(const Trainer&, const GenerationRecord& record) {
  if (record.evaluation) evaluated_ = record.evaluation->mean;
  if (first_fraction_ < 0) first_fraction_ = FractionDone(record);
  const auto now = Clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(2000);
  const bool is_last = FractionDone(record) >= 1;
  if (now - last_line_ < pause && !is_last && !(record.evaluation && !terminal_)) return;
  last_line_ = now;
  if (terminal_) {
    std::fputs(("\r" + Bar(record) + "\x1b[K").c_str(), stdout);
  } else {
    std::fputs((Line(record) + "\n").c_str(), stdout);
  }
  std::fflush(stdout);
}

void Progress::Finish() {
  if (terminal_) std::fputs("\n", stdout);
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

std::string Progress::Bar(const GenerationRecord& record) const {
  constexpr int kWidth = 20;
  const double fraction = FractionDone(record);
  const int full = static_cast<int>(fraction * kWidth);
  std::string bar;
  for (int i = 0; i < kWidth; ++i) bar += i < full ? "━" : "╌";
  return bar + " " + Line(record);
}

std::string Progress::Line(const GenerationRecord& record) const {
  const double fraction = FractionDone(record);
  const double elapsed = SecondsSince(begin_);
  const double progress = fraction - first_fraction_;
  const double left =
      progress > 0 ? elapsed / progress * (1 - fraction) : std::numeric_limits<double>::quiet_NaN();
  std::string text = fmt::format("generation {}", record.generation);
  if (training_.generations > 0) text += fmt::format("/{}", training_.generations);
  text +=
      fmt::format("  return {:.1f} (best {:.1f})", record.population.mean, record.population.max);
  if (!std::isnan(evaluated_)) text += fmt::format("  eval {:.1f}", evaluated_);
  if (record.population.diverged > 0)
    text += fmt::format("  diverged {}", record.population.diverged);
  return text + fmt::format("  {} steps  {} steps/s  ETA {}",
                            FormatShort(static_cast<double>(record.env_steps)),
                            FormatShort(record.steps_per_second),
                            FormatDuration(fraction >= 1 ? 0 : left));
}

}  // namespace saccade::cli

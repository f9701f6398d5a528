#include "core/media/axis.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/number_text.h"

namespace saccade {
namespace {

constexpr double kLargest = 1e300;  // differences of such numbers are finite

// The smallest of 1, 2, 5 times a power of ten that is not below `step`.
double NiceStep(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

}  // namespace

void Extent::Add(double value) {
  if (!std::isfinite(value)) return;
  value = std::clamp(value, -kLargest, kLargest);
  const bool first = empty();
  low_ = first ? value : std::min(low_, value);
  high_ = first ? value : std::max(high_, value);
}

void Extent::Add(const Extent& other) {
  if (other.empty()) return;
  Add(other.low());
  Add(other.high());
}

Axis::Axis(const Extent& data, int ticks, Scale scale, bool rounded)
    : logarithmic_(scale == Scale::kLogarithmic && !data.empty() && data.low() > 0),
      low_(data.empty() ? 0 : data.low()),
      high_(data.empty() ? 1 : data.high()) {
  // A point in the middle of its surroundings. Below a relative 1e-9 the ticks would not differ.
  const double magnitude = std::max(std::abs(low_), std::abs(high_));
  if (high_ - low_ <= magnitude * 1e-9) {
    const double margin = magnitude == 0 ? 1 : magnitude / 10;
    low_ -= margin;
    high_ += margin;
  }
  if (logarithmic_ && high_ / low_ >= 10) {
    SetLogarithmic(ticks);
  } else {
    SetLinear(ticks, rounded);
  }
}

void Axis::SetLinear(int ticks, bool rounded) {
  logarithmic_ = false;
  step_ = NiceStep((high_ - low_) / ticks);
  // An end within a hair of a tick is that tick.
  constexpr double kHair = 1e-6;
  double first = std::ceil(low_ / step_ - kHair);
  double last = std::floor(high_ / step_ + kHair);
  if (rounded) {
    first = std::floor(low_ / step_ + kHair);
    last = std::ceil(high_ / step_ - kHair);
    low_ = first * step_;
    high_ = last * step_;
  }
  for (double i = first; i <= last; ++i) ticks_.push_back(i * step_);
}

void Axis::SetLogarithmic(int ticks) {
  const double margin = std::pow(high_ / low_, 0.04);  // no line upon the frame
  low_ /= margin;
  high_ *= margin;
  const double decades = std::log10(high_ / low_);
  const int first = static_cast<int>(std::floor(std::log10(low_)));
  const int last = static_cast<int>(std::ceil(std::log10(high_)));
  const int stride = std::max(1, static_cast<int>(std::ceil(decades / ticks)));
  const bool between = 3 * decades <= ticks + 1;
  for (int i = first; i <= last; i += stride) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10, i);
      const bool is_shown = tick >= low_ && tick <= high_;
      if (is_shown && (factor == 1 || between)) ticks_.push_back(tick);
    }
  }
}

double Axis::Position(double value) const {
  if (logarithmic_) return std::log(value / low_) / std::log(high_ / low_);
  return (value - low_) / (high_ - low_);
}

std::string Axis::Label(double tick) const {
  const double magnitude = std::max(std::abs(low_), std::abs(high_));
  if (logarithmic_ || !FitsPlainly(magnitude)) return WithoutMinusZero(fmt::format("{:.6g}", tick));
  // Ten thousands and more are shortened: 1000 and 2000 are read as quickly as "1 k" and "2 k".
  const Unit unit = magnitude >= 1e4 ? UnitOf(magnitude) : Unit{1, ""};
  if (std::abs(tick) < step_ / 2) return "0";
  const int decimals =
      std::clamp(static_cast<int>(std::ceil(-std::log10(step_ / unit.size) - 1e-6)), 0, 9);
  return WithoutMinusZero(fmt::format("{:.{}f}", tick / unit.size, decimals)) + unit.suffix;
}

}  // namespace saccade

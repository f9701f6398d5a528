#include "core/base/number_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace saccade {

Unit UnitOf(double magnitude) {
  constexpr std::array<Unit, 4> kUnits = {{{1e12, " T"}, {1e9, " G"}, {1e6, " M"}, {1e3, " k"}}};
  for (const Unit& unit : kUnits) {
    if (magnitude >= unit.size) return unit;
  }
  return {1, ""};
}

bool FitsPlainly(double magnitude) {
  return magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e15);
}

std::string WithoutMinusZero(std::string text) {
  const bool is_zero = text.find_first_of("123456789") == std::string::npos;
  if (text.starts_with('-')) text.replace(0, 1, is_zero ? "" : "−");
  return text;
}

std::string FormatNumber(double value) {
  const double magnitude = std::abs(value);
  if (!std::isfinite(value)) return "–";
  if (magnitude >= 1e4) return FormatShort(value);
  if (!FitsPlainly(magnitude) || magnitude < 1)
    return WithoutMinusZero(fmt::format("{:.3g}", value));
  return WithoutMinusZero(fmt::format("{:.{}f}", value, magnitude < 1000 ? 2 : 1));
}

std::string FormatMean(double mean, double standard_error) {
  if (!std::isfinite(mean) || !std::isfinite(standard_error)) return FormatNumber(mean);
  if (!(FitsPlainly(std::abs(mean)) && FitsPlainly(standard_error) && standard_error > 0)) {
    return FormatNumber(mean) + " ± " + FormatNumber(standard_error);
  }
  const int decimals =
      std::max(0, 1 - static_cast<int>(std::floor(std::log10(standard_error) + 1e-9)));
  return WithoutMinusZero(fmt::format("{:.{}f}", mean, decimals)) +
         fmt::format(" ± {:.{}f}", standard_error, decimals);
}

std::string FormatShort(double value) {
  const double magnitude = std::abs(value);
  if (!std::isfinite(value)) return "–";
  if (!FitsPlainly(magnitude)) return WithoutMinusZero(fmt::format("{:.3g}", value));
  const Unit unit = UnitOf(magnitude);
  const double scaled = magnitude / unit.size;
  const int decimals = scaled < 10 ? 2 : scaled < 100 ? 1 : 0;
  std::string text = fmt::format("{:.{}f}", value / unit.size, decimals);
  if (decimals > 0) text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return WithoutMinusZero(std::move(text)) + unit.suffix;
}

std::string FormatDuration(double seconds) {
  constexpr double kForever = 1e9;  // 30 years
  if (!(seconds < kForever)) return "–";
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = std::llround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

}  // namespace saccade

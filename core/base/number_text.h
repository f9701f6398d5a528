// Numbers as people read them.
//
// Thread safety: functions without state.

#ifndef SACCADE_CORE_BASE_NUMBER_TEXT_H_
#define SACCADE_CORE_BASE_NUMBER_TEXT_H_

#include <string>

namespace saccade {

// A measured number: "0.125", "87.31", "854.58", "12.3 k"; "–" when it is none (NaN, ±∞).
std::string FormatNumber(double value);

// A mean and its standard error, to two digits of the latter: "304.62 ± 0.35", "549.6 ± 7.7".
std::string FormatMean(double mean, double standard_error);

// A quantity: three digits and no more, "32", "1.2 k", "5.63 M".
std::string FormatShort(double value);

// `seconds` for people: "54 s", "12 min 3 s", "3 h 4 min"; "–" when they are not finite.
std::string FormatDuration(double seconds);

// For labels that share a unit: the largest of T, G, M, k that is not above `magnitude`.
struct Unit {
  double size;
  const char* suffix;  // " k", or "" with 1
};
Unit UnitOf(double magnitude);

// Whether a number of this magnitude is read more easily without an exponent.
bool FitsPlainly(double magnitude);

// "−1.5" with the sign of mathematics, and "0.0" for "-0.0".
std::string WithoutMinusZero(std::string text);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_NUMBER_TEXT_H_

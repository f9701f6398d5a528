// Where a number lies in a chart, and which numbers are written beside it.
//
//   linear       position(x) = (x − low) / (high − low)
//   logarithmic  position(x) = (log x − log low) / (log high − log low)
//
// Ticks are multiples of 1, 2 or 5 times a power of ten; a logarithmic axis over more than a decade
// has powers of ten, with 2 and 5 between them when there is room.
//
// Thread safety: immutable. Determinism: depends on the arguments alone.

#ifndef SACCADE_CORE_MEDIA_AXIS_H_
#define SACCADE_CORE_MEDIA_AXIS_H_

#include <string>
#include <vector>

namespace saccade {

// A closed interval; empty (low > high) until a number is added.
class Extent {
 public:
  // NaN and ±∞ are passed over.
  void Add(double value);
  void Add(const Extent& other);

  bool empty() const { return low_ > high_; }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  double low_ = 1;
  double high_ = 0;
};

class Axis {
 public:
  enum class Scale { kLinear, kLogarithmic };

  // Shows all of `data`, with about `ticks` ticks. When `rounded`, the ends are ticks. An interval
  // that is empty or a point is widened so that there is something to show; a logarithmic axis
  // becomes linear when the data reaches zero or below.
  Axis(const Extent& data, int ticks, Scale scale = Scale::kLinear, bool rounded = true);

  double low() const { return low_; }
  double high() const { return high_; }
  const std::vector<double>& ticks() const { return ticks_; }
  std::string Label(double tick) const;  // 2500000 is "2.5 M"; all of an axis with the same unit

  double Position(double value) const;  // 0 at low(), 1 at high()

 private:
  void SetLinear(int ticks, bool rounded);
  void SetLogarithmic(int ticks);

  bool logarithmic_;
  double low_;
  double high_;
  double step_ = 0;  // between the ticks of a linear axis
  std::vector<double> ticks_;
};

}  // namespace saccade

#endif  // SACCADE_CORE_MEDIA_AXIS_H_

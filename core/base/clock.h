// The clock that everything is timed with: it never jumps.

#ifndef SACCADE_CORE_BASE_CLOCK_H_
#define SACCADE_CORE_BASE_CLOCK_H_

#include <chrono>

namespace saccade {

using Clock = std::chrono::steady_clock;

inline double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_CLOCK_H_

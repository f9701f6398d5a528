#include "es/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"

namespace saccade::es {

void ScheduleOptions::Visit(config::Visitor& v) {
  v.Field("kind", kind, "how the factor on the value changes over the generations",
          config::Rule::OneOf({"constant", "linear", "cosine", "exponential", "inverse-time"}));
  v.Field("final", final,
          "factor that linear, cosine and exponential reach and keep, a fraction of the start",
          {.low = 0, .high = 1, .low_open = true});
  v.Field("generations", generations,
          "generations until `final` is reached; for inverse-time, until the factor is 1/2",
          config::Rule::AtLeast(1));
}

double ScheduleOptions::Factor(int generation) const {
  const double time = static_cast<double>(generation) / generations;
  const double x = std::min(time, 1.0);
  if (kind == "constant") return 1;
  if (kind == "linear") return 1 + (final - 1) * x;
  if (kind == "cosine") return final + (1 - final) * (1 + std::cos(std::numbers::pi * x)) / 2;
  if (kind == "exponential") return std::pow(final, x);
  SACCADE_CHECK(kind == "inverse-time");
  return 1 / (1 + time);
}

}  // namespace saccade::es

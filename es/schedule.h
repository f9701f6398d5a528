// A factor that changes with the generation: for learning rates and perturbation sizes.
//
// With t the generation (0, 1, …), T = `generations`, f = `final` and x = min(t/T, 1):
//
//   constant       1
//   linear         1 + (f - 1) x
//   cosine         f + (1 - f) (1 + cos π x) / 2
//   exponential    f^x
//   inverse-time   1 / (1 + t/T)          (f is not used; the factor falls for ever)
//
// Thread safety: const. Cost: none.

#ifndef SACCADE_ES_SCHEDULE_H_
#define SACCADE_ES_SCHEDULE_H_

#include <string>

#include "core/config/visitor.h"

namespace saccade::es {

struct ScheduleOptions {
  std::string kind = "constant";
  double final = 0.1;
  int generations = 1000;

  void Visit(config::Visitor& v);

  double Factor(int generation) const;
};

}  // namespace saccade::es

#endif  // SACCADE_ES_SCHEDULE_H_

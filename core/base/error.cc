#include "core/base/error.h"

#include <cstdio>
#include <cstdlib>

namespace saccade::internal {

void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "saccade: internal error at %s:%d: '%s' does not hold. Please report it.\n",
               file, line, condition);
  std::abort();
}

}  // namespace saccade::internal

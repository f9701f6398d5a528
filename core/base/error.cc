#include "core/base/error.h"

#include <cstdio>
#include <cstdlib>
#include <new>

namespace saccade {

void RethrowAsError(const std::string& who, const std::string& place) {
  const std::string prefix = place.empty() ? "" : place + ": ";
  try {
    throw;
  } catch (const Error& error) {
    if (place.empty()) throw;  // it may be of a class of its own
    throw Error(error.kind(), prefix + error.what());
  } catch (const std::bad_alloc&) {
    throw EnvironmentError(prefix + "out of memory; use fewer threads or smaller sizes");
  } catch (const std::exception& error) {
    throw InputError(prefix + who + " threw '" + error.what() + "'");
  } catch (...) {
    throw InputError(prefix + who + " threw something that is not a std::exception");
  }
}

void internal::CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "saccade: internal error at %s:%d: '%s' does not hold. Please report it.\n",
               file, line, condition);
  std::abort();
}

}  // namespace saccade

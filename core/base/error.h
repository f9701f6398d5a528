// The four classes of failure, and how each one travels.
//
//   A bug in Saccade        SACCADE_CHECK aborts with the condition and the place.
//   Bad input               throws Error{kInput}: exit code 2, nothing is lost.
//   The machine says no     throws Error{kEnvironment}: exit code 3 (no GL, no disk, no memory).
//   A simulation diverges   is data, not an error: see core/api/env.h.
//
// A message names the place, the value, the rule and the way out.

#ifndef SACCADE_CORE_BASE_ERROR_H_
#define SACCADE_CORE_BASE_ERROR_H_

#include <stdexcept>
#include <string>

namespace saccade {

enum class ErrorKind {
  kInput,        // what the user gave cannot be used
  kEnvironment,  // the machine cannot do what was asked
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}

  ErrorKind kind() const { return kind_; }

  // The process exit code that stands for this kind: 2 or 3.
  int exit_code() const { return kind_ == ErrorKind::kInput ? 2 : 3; }

 private:
  ErrorKind kind_;
};

inline Error InputError(const std::string& message) { return {ErrorKind::kInput, message}; }
inline Error EnvironmentError(const std::string& message) {
  return {ErrorKind::kEnvironment, message};
}

// For `catch (...)` around code that is not Saccade's: throws what is being handled again as an Error
// with `place` before its message. An Error keeps its kind, a lack of memory is kEnvironment, and
// all else is kInput: "<who> threw '<what>'".
[[noreturn]] void RethrowAsError(const std::string& who, const std::string& place = "");

namespace internal {
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);
}  // namespace internal

// What `function` returns; what it throws becomes an Error of `who()`.
template <class Who, class Function>
auto CallAs(const Who& who, const Function& function) {
  try {
    return function();
  } catch (...) {
    RethrowAsError(who());
  }
}

}  // namespace saccade

// Aborts when `condition` is false. For what only a bug in Saccade can break, in every build type.
#define SACCADE_CHECK(condition) \
  ((condition) ? void() : ::saccade::internal::CheckFailed(#condition, __FILE__, __LINE__))

#endif  // SACCADE_CORE_BASE_ERROR_H_

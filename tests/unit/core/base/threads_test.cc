#include "core/base/threads.h"

#include <sys/resource.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace saccade {
namespace {

TEST(RequireThreads, IsContentWhereThereAreSome) { RequireThreads(3); }

// In a child, which is no longer root: nothing limits that.
[[noreturn]] void AskWhereThereAreNone() {
  constexpr unsigned kNobody = 65534;
  if (::geteuid() == 0 && ::setuid(kNobody) != 0) ::_exit(1);
  const rlimit none = {0, 0};
  if (::setrlimit(RLIMIT_NPROC, &none) != 0) ::_exit(2);
  try {
    RequireThreads(3);
  } catch (const Error& error) {
    const std::string message = error.what();
    const bool is_right = error.kind() == ErrorKind::kEnvironment &&
                          message.starts_with("cannot start 3 threads, but 0: ") &&
                          message.ends_with(
                              "; use fewer (--threads), or allow more processes "
                              "(ulimit -u, or the limit of the container)");
    ::_exit(is_right ? 42 : 3);
  }
  ::_exit(4);
}

TEST(RequireThreads, SaysSoWhereThereAreNone) {
  EXPECT_EXIT(AskWhereThereAreNone(), testing::ExitedWithCode(42), "");
}

}  // namespace
}  // namespace saccade

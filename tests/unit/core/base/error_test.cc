#include "core/base/error.h"

#include <new>

#include <gtest/gtest.h>

namespace saccade {
namespace {

template <class Thrown>
Error Rethrown(const Thrown& thrown, const std::string& place = "") {
  try {
    try {
      throw thrown;
    } catch (...) {
      RethrowAsError("the robot", place);
    }
  } catch (const Error& error) {
    return error;
  }
}

TEST(RethrowAsError, KeepsTheKindAndAddsThePlace) {
  const Error input = Rethrown(InputError("too hot"), "step 3");
  EXPECT_EQ(input.kind(), ErrorKind::kInput);
  EXPECT_STREQ(input.what(), "step 3: too hot");
  const Error machine = Rethrown(EnvironmentError("no disk"));
  EXPECT_EQ(machine.kind(), ErrorKind::kEnvironment);
  EXPECT_STREQ(machine.what(), "no disk");
}

TEST(RethrowAsError, SaysWhoThrewWhatIsNoError) {
  EXPECT_STREQ(Rethrown(std::runtime_error("boom"), "step 3").what(),
               "step 3: the robot threw 'boom'");
  EXPECT_STREQ(Rethrown(7).what(), "the robot threw something that is not a std::exception");
  EXPECT_EQ(Rethrown(7).kind(), ErrorKind::kInput);
}

TEST(RethrowAsError, ALackOfMemoryIsTheMachines) {
  const Error error = Rethrown(std::bad_alloc(), "step 3");
  EXPECT_EQ(error.kind(), ErrorKind::kEnvironment);
  EXPECT_STREQ(error.what(), "step 3: out of memory; use fewer threads or smaller sizes");
}

}  // namespace
}  // namespace saccade

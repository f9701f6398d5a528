#include "envs/mujoco/gl_context.h"

#include <dlfcn.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/unit/envs/gl_testing.h"

namespace saccade {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing_gl::GlTest;

const GlLibraryNames kNoLibraries{"libNoSuchEGL.so.1", "libNoSuchOSMesa.so.8"};

std::string Message(const std::string& backend, const GlLibraryNames& libraries = {}) {
  try {
    MakeGlContext(backend, libraries);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kEnvironment);
    return error.what();
  }
  return "no error";
}

TEST(GlContextWithoutLibraries, NamesWhatWasTriedAndWhatToInstall) {
  EXPECT_EQ(
      Message("auto", kNoLibraries),
      "no OpenGL to draw with. Tried\n"
      "  egl-device and egl-surfaceless: libNoSuchEGL.so.1: cannot open shared object file: No "
      "such file or directory\n"
      "  osmesa: libNoSuchOSMesa.so.8: cannot open shared object file: No such file or directory\n"
      "On Debian, install libegl1 and libgl1-mesa-dri, or libosmesa6");
}

TEST(GlContextWithoutLibraries, TriesOnlyTheBackendAskedFor) {
  EXPECT_THAT(
      Message("egl-device", kNoLibraries),
      AllOf(HasSubstr("egl-device: "), Not(HasSubstr("surfaceless")), Not(HasSubstr("OSMesa.so"))));
  EXPECT_THAT(Message("egl-surfaceless", kNoLibraries), HasSubstr("egl-surfaceless: "));
  EXPECT_THAT(Message("osmesa", kNoLibraries),
              AllOf(HasSubstr("osmesa: "), Not(HasSubstr("EGL.so"))));
}

// In a process that has not drawn before, because one keeps to its library.
TEST(GlContextWithoutEglDeathTest, GoesOnToOsMesa) {
  if (::dlopen(GlLibraryNames().osmesa.c_str(), RTLD_LAZY) == nullptr) GTEST_SKIP() << ::dlerror();
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto exit_with_osmesa = [](const GlLibraryNames& libraries) {
    try {
      std::_Exit(MakeGlContext("auto", libraries)->platform() == "OSMesa" ? 0 : 1);
    } catch (const Error&) {
      std::_Exit(2);
    }
  };
  EXPECT_EXIT(exit_with_osmesa({.egl = kNoLibraries.egl}), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(exit_with_osmesa(kNoLibraries), testing::ExitedWithCode(2), "");
}

TEST(GlInfo, KnowsSoftwareByItsName) {
  for (const char* name : {"llvmpipe (LLVM 15.0.6, 256 bits)", "softpipe", "swrast",
                           "Software Rasterizer", "zink (llvmpipe (LLVM 15.0.6, 256 bits))",
                           "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device))"}) {
    EXPECT_TRUE(GlInfo{name}.software()) << name;
  }
  for (const char* name : {"NVIDIA H200/PCIe/SSE2", "AMD Radeon RX 7900 XTX (radeonsi, navi31)",
                           "Mesa Intel(R) UHD Graphics 620 (KBL GT2)", "V3D 4.2"}) {
    EXPECT_FALSE(GlInfo{name}.software()) << name;
  }
}

using GlContextTest = GlTest;

TEST_F(GlContextTest, SaysWhatDraws) {
  const auto context = MakeGlContext("auto");
  EXPECT_NE(context->platform(), "");
  EXPECT_NE(context->info().renderer, "");
  EXPECT_GE(context->info().max_size, 1024);
}

// Two threads on one software display would take turns.
TEST_F(GlContextTest, SoftwareContextsSpreadOverTheDisplays) {
  std::vector<std::unique_ptr<GlContext>> contexts;
  std::map<std::string, int> count;
  for (int i = 0; i < 6; ++i) {
    contexts.push_back(MakeGlContext("auto"));
    ++count[contexts.back()->platform()];
  }
  if (!contexts[0]->info().software()) GTEST_SKIP() << "hardware: " << contexts[0]->info().renderer;
  if (contexts[0]->platform() == "OSMesa") GTEST_SKIP() << "no EGL";
  EXPECT_EQ(count["EGL device 0"], 3);
  EXPECT_EQ(count["EGL surfaceless"], 3);

  // A display that has become free comes first.
  contexts.erase(contexts.begin() + 1);
  EXPECT_EQ(MakeGlContext("auto")->platform(), "EGL surfaceless");
}

TEST_F(GlContextTest, IsFoundByName) {
  if (MakeGlContext("auto")->platform() == "OSMesa") GTEST_SKIP() << "no EGL";
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(MakeGlContext("egl-device")->platform(), testing::StartsWith("EGL device"));
    EXPECT_EQ(MakeGlContext("egl-surfaceless")->platform(), "EGL surfaceless");
  }
}

TEST_F(GlContextTest, OneProcessKeepsToOneLibrary) {
  if (MakeGlContext("auto")->platform() == "OSMesa") GTEST_SKIP() << "no EGL";
  EXPECT_THAT(Message("osmesa"), HasSubstr("already draws through libEGL.so.1"));
}

TEST_F(GlContextTest, MovesFromThreadToThread) {
  const auto context = MakeGlContext("auto");
  for (int i = 0; i < 3; ++i) {
    std::thread([&] { EXPECT_NO_THROW(CurrentGlContext{*context}); }).join();
    EXPECT_NO_THROW(CurrentGlContext{*context});
  }
}

TEST_F(GlContextTest, IsTakenByOneThreadAtATime) {
  if (MakeGlContext("auto")->platform() == "OSMesa") GTEST_SKIP() << "OSMesa does not look";
  const auto context = MakeGlContext("auto");
  const CurrentGlContext current(*context);
  std::thread([&] { EXPECT_THROW(CurrentGlContext{*context}, Error); }).join();
}

class GlContextDeathTest : public GlTest {
 protected:
  // Each case in a process of its own, because Mesa reads its variables once.
  GlContextDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(GlContextDeathTest, SoftwareDrawsOnTheCallingThreadUnlessToldOtherwise) {
  const auto exit_with_threads = [] {
    MakeGlContext("auto");
    std::_Exit(std::atoi(getenv("LP_NUM_THREADS")));
  };
  EXPECT_EXIT(
      {
        unsetenv("LP_NUM_THREADS");
        exit_with_threads();
      },
      testing::ExitedWithCode(0), "");
  EXPECT_EXIT(
      {
        setenv("LP_NUM_THREADS", "3", 1);
        exit_with_threads();
      },
      testing::ExitedWithCode(3), "");
}

}  // namespace
}  // namespace saccade

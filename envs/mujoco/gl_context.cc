#include "envs/mujoco/gl_context.h"

#include <cstdlib>
#include <mutex>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/error.h"
#include "envs/mujoco/gl_egl.h"
#include "envs/mujoco/gl_osmesa.h"

namespace saccade {
namespace {

// Mesa's rasteriser starts a thread per processor for every display. Our workers already keep the
// processors busy with one episode each, so it shall draw on the thread that asks. Mesa reads the
// variable once, when its first display opens; who has set it is right.
void DrawOnTheCallingThread() { setenv("LP_NUM_THREADS", "0", /*overwrite=*/0); }

struct Attempt {
  const char* backend;
  std::unique_ptr<GlContext> (*make)(const GlLibraryNames& libraries);
};

// EGL's two platforms are one attempt in `auto`, because software contexts are spread over both.
std::vector<Attempt> AttemptsOf(const std::string& backend) {
  const Attempt egl{"egl-device and egl-surfaceless", [](const GlLibraryNames& libraries) {
                      return MakeEglContext(libraries.egl, EglPlatforms::kBoth);
                    }};
  const Attempt device{"egl-device", [](const GlLibraryNames& libraries) {
                         return MakeEglContext(libraries.egl, EglPlatforms::kDevice);
                       }};
  const Attempt surfaceless{"egl-surfaceless", [](const GlLibraryNames& libraries) {
                              return MakeEglContext(libraries.egl, EglPlatforms::kSurfaceless);
                            }};
  const Attempt osmesa{"osmesa", [](const GlLibraryNames& libraries) {
                         return MakeOsMesaContext(libraries.osmesa);
                       }};
  if (backend == "egl-device") return {device};
  if (backend == "egl-surfaceless") return {surfaceless};
  if (backend == "osmesa") return {osmesa};
  SACCADE_CHECK(backend == "auto");
  return {egl, osmesa};
}

}  // namespace

bool GlInfo::software() const {
  for (const char* rasteriser : {"llvmpipe", "softpipe", "swrast", "Software", "SwiftShader"}) {
    if (renderer.find(rasteriser) != std::string::npos) return true;
  }
  return false;
}

GlInfo ReadGlInfo(void (*(*get_proc_address)(const char*))()) {
  constexpr unsigned kRenderer = 0x1F01;             // GL_RENDERER
  constexpr unsigned kMaxRenderbufferSize = 0x84E8;  // GL_MAX_RENDERBUFFER_SIZE
  const auto get_string =
      reinterpret_cast<const unsigned char* (*)(unsigned)>(get_proc_address("glGetString"));
  const auto get_integer =
      reinterpret_cast<void (*)(unsigned, int*)>(get_proc_address("glGetIntegerv"));
  const unsigned char* renderer = get_string == nullptr ? nullptr : get_string(kRenderer);
  if (renderer == nullptr || get_integer == nullptr) {
    throw EnvironmentError("the context does not answer glGetString");
  }
  GlInfo info{.renderer = reinterpret_cast<const char*>(renderer)};
  get_integer(kMaxRenderbufferSize, &info.max_size);
  return info;
}

std::unique_ptr<GlContext> MakeGlContext(const std::string& backend,
                                         const GlLibraryNames& libraries) {
  static std::mutex& mutex = *new std::mutex;
  const std::lock_guard lock(mutex);
  DrawOnTheCallingThread();
  std::vector<std::string> failures;
  for (const Attempt& attempt : AttemptsOf(backend)) {
    try {
      return attempt.make(libraries);
    } catch (const Error& error) {
      failures.push_back(fmt::format("  {}: {}", attempt.backend, error.what()));
    }
  }
  throw EnvironmentError(
      fmt::format("no OpenGL to draw with. Tried\n{}\nOn Debian, install libegl1 and "
                  "libgl1-mesa-dri, or libosmesa6",
                  fmt::join(failures, "\n")));
}

bool HasHardwareGl() {
  try {
    return !MakeGlContext("auto")->info().software();
  } catch (const Error&) {
    return false;  // there is none at all
  }
}

}  // namespace saccade

#include "envs/mujoco/gl_egl.h"

#include <algorithm>
#include <utility>
#include <vector>

// Types only: the functions come from the library that is opened at run time, and nothing of X11.
#define EGL_EGL_PROTOTYPES 0
#define EGL_NO_X11
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/error.h"
#include "envs/mujoco/gl_library.h"

namespace saccade {
namespace {

// EGL's functions.
struct Egl {
  explicit Egl(const GlLibrary& library) {
    library.Find("eglGetProcAddress", GetProcAddress);
    library.Find("eglGetError", GetError);
    library.Find("eglInitialize", Initialize);
    library.Find("eglChooseConfig", ChooseConfig);
    library.Find("eglBindAPI", BindAPI);
    library.Find("eglCreateContext", CreateContext);
    library.Find("eglDestroyContext", DestroyContext);
    library.Find("eglMakeCurrent", MakeCurrent);
    FindExtension("eglGetPlatformDisplayEXT", GetPlatformDisplay);
    FindExtension("eglQueryDevicesEXT", QueryDevices);
  }

  // "eglInitialize failed: EGL_NOT_INITIALIZED", with the error of the last call.
  Error Failure(const char* call) const {
    constexpr const char* kNames[] = {"SUCCESS",       "NOT_INITIALIZED",     "BAD_ACCESS",
                                      "BAD_ALLOC",     "BAD_ATTRIBUTE",       "BAD_CONFIG",
                                      "BAD_CONTEXT",   "BAD_CURRENT_SURFACE", "BAD_DISPLAY",
                                      "BAD_MATCH",     "BAD_NATIVE_PIXMAP",   "BAD_NATIVE_WINDOW",
                                      "BAD_PARAMETER", "BAD_SURFACE",         "CONTEXT_LOST"};
    const EGLint code = GetError();
    const bool known = EGL_SUCCESS <= code && code <= EGL_CONTEXT_LOST;
    return EnvironmentError(known
                                ? fmt::format("{} failed: EGL_{}", call, kNames[code - EGL_SUCCESS])
                                : fmt::format("{} failed: {:#x}", call, code));
  }

  PFNEGLGETPROCADDRESSPROC GetProcAddress;
  PFNEGLGETERRORPROC GetError;
  PFNEGLINITIALIZEPROC Initialize;
  PFNEGLCHOOSECONFIGPROC ChooseConfig;
  PFNEGLBINDAPIPROC BindAPI;
  PFNEGLCREATECONTEXTPROC CreateContext;
  PFNEGLDESTROYCONTEXTPROC DestroyContext;
  PFNEGLMAKECURRENTPROC MakeCurrent;
  PFNEGLGETPLATFORMDISPLAYEXTPROC GetPlatformDisplay;
  PFNEGLQUERYDEVICESEXTPROC QueryDevices;

 private:
  template <class Function>
  void FindExtension(const char* name, Function& function) const {
    function = reinterpret_cast<Function>(GetProcAddress(name));
    if (function == nullptr) throw EnvironmentError(fmt::format("EGL has no {}", name));
  }
};

// An initialised display.
struct Display {
  Egl egl;
  std::string name;
  EGLDisplay handle;
  EGLConfig config = nullptr;
  GlInfo info = {};
};
using DisplayPtr = std::shared_ptr<const Display>;

// A context holds a share of its display, so the shares count the contexts.
class EglContext final : public GlContext {
 public:
  explicit EglContext(DisplayPtr display) : display_(std::move(display)), egl_(display_->egl) {
    if (!egl_.BindAPI(EGL_OPENGL_API)) throw egl_.Failure("eglBindAPI");
    context_ = egl_.CreateContext(display_->handle, display_->config, EGL_NO_CONTEXT, nullptr);
    if (context_ == EGL_NO_CONTEXT) throw egl_.Failure("eglCreateContext");
  }
  ~EglContext() override { egl_.DestroyContext(display_->handle, context_); }

  void MakeCurrent() override {
    egl_.BindAPI(EGL_OPENGL_API);  // a setting of the thread, and OpenGL ES by default
    if (!Switch(context_)) throw egl_.Failure("eglMakeCurrent");
  }
  // Without eglReleaseThread, which takes 42 ms with NVIDIA's driver (an H100; the frame takes 1 ms).
  void Release() override { Switch(EGL_NO_CONTEXT); }
  std::string platform() const override { return display_->name; }
  const GlInfo& info() const override { return display_->info; }

 private:
  // Without a surface, because MuJoCo draws into buffers of its own.
  EGLBoolean Switch(EGLContext context) const {
    return egl_.MakeCurrent(display_->handle, EGL_NO_SURFACE, EGL_NO_SURFACE, context);
  }

  DisplayPtr display_;
  const Egl& egl_;
  EGLContext context_;
};

// The configuration that MuJoCo's Python package asks for.
EGLConfig ChooseConfig(const Egl& egl, EGLDisplay display) {
  constexpr EGLint kWanted[] = {EGL_RED_SIZE,
                                8,
                                EGL_GREEN_SIZE,
                                8,
                                EGL_BLUE_SIZE,
                                8,
                                EGL_ALPHA_SIZE,
                                8,
                                EGL_DEPTH_SIZE,
                                24,
                                EGL_STENCIL_SIZE,
                                8,
                                EGL_COLOR_BUFFER_TYPE,
                                EGL_RGB_BUFFER,
                                EGL_SURFACE_TYPE,
                                EGL_PBUFFER_BIT,
                                EGL_RENDERABLE_TYPE,
                                EGL_OPENGL_BIT,
                                EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  if (!egl.ChooseConfig(display, kWanted, &config, 1, &count)) throw egl.Failure("eglChooseConfig");
  if (count < 1) throw EnvironmentError("no EGL configuration with OpenGL and 24 bits of depth");
  return config;
}

// Initialises a display and asks a first context what draws there.
DisplayPtr OpenDisplay(const Egl& egl, const std::string& name, EGLenum platform, void* native) {
  const EGLDisplay handle = egl.GetPlatformDisplay(platform, native, nullptr);
  if (handle == EGL_NO_DISPLAY) throw egl.Failure("eglGetPlatformDisplay");
  if (!egl.Initialize(handle, nullptr, nullptr)) throw egl.Failure("eglInitialize");
  const auto display =
      std::make_shared<Display>(Display{egl, name, handle, ChooseConfig(egl, handle)});
  EglContext probe(display);
  const CurrentGlContext current(probe);
  display->info = ReadGlInfo(egl.GetProcAddress);
  return display;
}

// What opening the displays of a platform came to.
struct Platform {
  std::vector<DisplayPtr> displays;
  std::vector<std::string> failures;

  void Open(const Egl& egl, const std::string& name, EGLenum platform, void* native) {
    try {
      displays.push_back(OpenDisplay(egl, name, platform, native));
    } catch (const Error& error) {
      failures.push_back(fmt::format("{}: {}", name, error.what()));
    }
  }
  void Add(const Platform& other) {
    displays.insert(displays.end(), other.displays.begin(), other.displays.end());
    failures.insert(failures.end(), other.failures.begin(), other.failures.end());
  }
  bool has_hardware() const {
    return std::any_of(displays.begin(), displays.end(),
                       [](const DisplayPtr& display) { return !display->info.software(); });
  }
};

// Devices until one is a GPU that works; drivers list the software device last.
Platform OpenDevices(const Egl& egl) {
  constexpr EGLint kMost = 64;
  EGLDeviceEXT devices[kMost];
  EGLint count = 0;
  Platform result;
  if (!egl.QueryDevices(kMost, devices, &count)) {
    result.failures.push_back(egl.Failure("eglQueryDevicesEXT").what());
  } else if (count == 0) {
    result.failures.push_back("EGL device: there is none");
  }
  for (EGLint i = 0; i < count && !result.has_hardware(); ++i) {
    result.Open(egl, fmt::format("EGL device {}", i), EGL_PLATFORM_DEVICE_EXT, devices[i]);
  }
  return result;
}

Platform OpenSurfaceless(const Egl& egl) {
  Platform result;
  result.Open(egl, "EGL surfaceless", EGL_PLATFORM_SURFACELESS_MESA, nullptr);
  return result;
}

// Each platform is opened at most once, and stays open.
const Platform& Devices(const Egl& egl) {
  static const Platform& platform = *new Platform(OpenDevices(egl));
  return platform;
}

const Platform& Surfaceless(const Egl& egl) {
  static const Platform& platform = *new Platform(OpenSurfaceless(egl));
  return platform;
}

// Hardware first, then the display with the fewest contexts, then the order of preference.
bool IsBetter(const DisplayPtr& a, const DisplayPtr& b) {
  return std::pair(a->info.software(), a.use_count()) <
         std::pair(b->info.software(), b.use_count());
}

}  // namespace

std::unique_ptr<GlContext> MakeEglContext(const std::string& library_name, EglPlatforms platforms) {
  const GlLibrary library(library_name);
  const Egl egl(library);
  Platform found;
  if (platforms != EglPlatforms::kSurfaceless) found.Add(Devices(egl));
  if (platforms != EglPlatforms::kDevice && !found.has_hardware()) found.Add(Surfaceless(egl));
  if (found.displays.empty()) {
    throw EnvironmentError(fmt::format("{}", fmt::join(found.failures, "; ")));
  }
  auto context = std::make_unique<EglContext>(
      *std::min_element(found.displays.begin(), found.displays.end(), IsBetter));
  library.BindMuJoCo();
  return context;
}

}  // namespace saccade

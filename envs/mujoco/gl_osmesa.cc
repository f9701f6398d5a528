#include "envs/mujoco/gl_osmesa.h"

#include <array>

#include "core/base/error.h"
#include "envs/mujoco/gl_library.h"

namespace saccade {
namespace {

// OSMesa's functions and constants, which are few: its header is a package of its own.
constexpr unsigned kRgba = 0x1908;          // OSMESA_RGBA
constexpr unsigned kUnsignedByte = 0x1401;  // GL_UNSIGNED_BYTE

struct OsMesa {
  explicit OsMesa(const GlLibrary& library) {
    library.Find("OSMesaCreateContextExt", CreateContext);
    library.Find("OSMesaDestroyContext", DestroyContext);
    library.Find("OSMesaMakeCurrent", MakeCurrent);
    library.Find("OSMesaGetProcAddress", GetProcAddress);
  }

  void* (*CreateContext)(unsigned format, int depth, int stencil, int accumulation, void* share);
  void (*DestroyContext)(void* context);
  unsigned char (*MakeCurrent)(void* context, void* buffer, unsigned type, int width, int height);
  void (*(*GetProcAddress)(const char* name))();
};

class OsMesaContext final : public GlContext {
 public:
  explicit OsMesaContext(const OsMesa& osmesa)
      : osmesa_(osmesa), context_(osmesa.CreateContext(kRgba, 24, 8, 0, nullptr)) {
    if (context_ == nullptr) throw EnvironmentError("OSMesaCreateContextExt failed");
  }
  ~OsMesaContext() override { osmesa_.DestroyContext(context_); }

  void MakeCurrent() override {
    if (!osmesa_.MakeCurrent(context_, window_.data(), kUnsignedByte, 1, 1)) {
      throw EnvironmentError("OSMesaMakeCurrent failed");
    }
  }
  void Release() override { osmesa_.MakeCurrent(nullptr, nullptr, 0, 0, 0); }
  std::string platform() const override { return "OSMesa"; }
  const GlInfo& info() const override { return info_; }

  // Asks what draws; the context must be current.
  void ReadInfo() { info_ = ReadGlInfo(osmesa_.GetProcAddress); }

 private:
  OsMesa osmesa_;
  void* context_;
  // OSMesa wants a "window" of at least one pixel; MuJoCo draws into buffers of its own.
  std::array<unsigned char, 4> window_{};
  GlInfo info_;
};

}  // namespace

std::unique_ptr<GlContext> MakeOsMesaContext(const std::string& library_name) {
  const GlLibrary library(library_name);
  auto context = std::make_unique<OsMesaContext>(OsMesa(library));
  {
    const CurrentGlContext current(*context);
    context->ReadInfo();
  }
  library.BindMuJoCo();
  return context;
}

}  // namespace saccade

// An OpenGL context to draw off the screen with: no window, no display server.
//
// Which one, in this order unless one is asked for by name:
//
//   egl-device        EGL on a device of the machine: a GPU, or Mesa's software rasteriser
//   egl-surfaceless   EGL without a device, Mesa's platform for machines without any
//   osmesa            Mesa's off-screen library; always in software (gone from Mesa 25.1 on)
//
// Two threads that draw through one software EGL display take turns: llvmpipe rasterises under one
// lock per display (measured: cheetah at 84 × 84, 42 frames/s with one thread, 35 with two on one
// display, 65 with two on two). EGL identifies displays by platform and device, so a machine
// without a GPU has exactly two, "device" and "surfaceless", and `auto` deals its contexts out to
// both. There is no third with Mesa 22.3: it accepts no display attributes, and a copy of Mesa in a
// linker namespace of its own crashes glibc. OSMesa has one lock for the process. Contexts on
// hardware share the first device that works.
//
// Thread safety: contexts may be made and destroyed by any thread. A context is current on one
// thread at a time and may move between calls. Displays stay open until the process ends; a process
// that forks must not draw in the child. EGL keeps something of every thread that has drawn until
// the thread ends, and that must be before the process does: where both end at once, both free it
// (libglvnd 1.6: "double free or corruption").
// Cost: the first context loads the driver (about 0.3 s with Mesa), later ones take milliseconds.

#ifndef SACCADE_ENVS_MUJOCO_GL_CONTEXT_H_
#define SACCADE_ENVS_MUJOCO_GL_CONTEXT_H_

#include <memory>
#include <string>
#include <string_view>

namespace saccade {

// What OpenGL says about itself.
struct GlInfo {
  std::string renderer;  // GL_RENDERER: "NVIDIA H200/PCIe/SSE2", "llvmpipe (LLVM 15.0.6, 256 bits)"
  int max_size = 0;      // pixels, of an off-screen buffer's side

  bool software() const;  // the processor draws
};

// Reads it from the context that is current.
GlInfo ReadGlInfo(void (*(*get_proc_address)(const char*))());

class GlContext {
 public:
  virtual ~GlContext() = default;

  // Makes it the context of this thread; throws kEnvironment when the device is lost.
  virtual void MakeCurrent() = 0;
  // Leaves this thread without a context; another thread may take it.
  virtual void Release() = 0;

  virtual std::string platform() const = 0;  // "EGL device"
  virtual const GlInfo& info() const = 0;
};

// Makes a context current for the life of this object.
class CurrentGlContext {
 public:
  explicit CurrentGlContext(GlContext& context) : context_(context) { context_.MakeCurrent(); }
  ~CurrentGlContext() { context_.Release(); }
  CurrentGlContext(const CurrentGlContext&) = delete;
  CurrentGlContext& operator=(const CurrentGlContext&) = delete;

 private:
  GlContext& context_;
};

// What to load; tests name libraries that do not exist.
struct GlLibraryNames {
  std::string egl = "libEGL.so.1";
  std::string osmesa = "libOSMesa.so.8";
};

// `backend` is "auto" or a name from the list above. Throws kEnvironment that says what was tried,
// why each failed and what to install.
std::unique_ptr<GlContext> MakeGlContext(const std::string& backend,
                                         const GlLibraryNames& libraries = {});

// Whether `auto` would draw with hardware. Takes as long as a first context.
bool HasHardwareGl();

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_GL_CONTEXT_H_

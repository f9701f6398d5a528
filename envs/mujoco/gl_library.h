// A shared library of OpenGL's, opened while the program runs, so that a machine without OpenGL can
// do everything else.

#ifndef SACCADE_ENVS_MUJOCO_GL_LIBRARY_H_
#define SACCADE_ENVS_MUJOCO_GL_LIBRARY_H_

#include <string>

namespace saccade {

// The library stays in the process for good: drivers leave exit handlers and threads behind.
class GlLibrary {
 public:
  // Throws kEnvironment with the loader's reason.
  explicit GlLibrary(const std::string& name);

  const std::string& name() const { return name_; }

  // The function `symbol`; throws kEnvironment without it.
  template <class Function>
  void Find(const char* symbol, Function& function) const {
    function = reinterpret_cast<Function>(Symbol(symbol));
  }

  // Has MuJoCo draw through this library. MuJoCo looks for OpenGL's functions once per process, at
  // the first mjr_makeContext: for eglGetProcAddress, OSMesaGetProcAddress and glXGetProcAddressARB
  // among the global symbols, in this order, and no caller can choose. So the library is made
  // global here (OpenCV, for one, brings GLX into the process, which would be found otherwise).
  // Throws kEnvironment when MuJoCo would take, or has taken, another library's functions.
  // Not thread-safe.
  void BindMuJoCo() const;

 private:
  void* Symbol(const char* symbol) const;

  std::string name_;
  void* handle_;
};

}  // namespace saccade

#endif  // SACCADE_ENVS_MUJOCO_GL_LIBRARY_H_

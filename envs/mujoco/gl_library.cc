#include "envs/mujoco/gl_library.h"

#include <dlfcn.h>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {

GlLibrary::GlLibrary(const std::string& name)
    : name_(name), handle_(dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) throw EnvironmentError(dlerror());
}

void* GlLibrary::Symbol(const char* symbol) const {
  void* found = dlsym(handle_, symbol);
  if (found == nullptr) throw EnvironmentError(fmt::format("{} has no {}", name_, symbol));
  return found;
}

void GlLibrary::BindMuJoCo() const {
  static std::string& bound = *new std::string;
  if (bound == name_) return;
  if (!bound.empty()) {
    throw EnvironmentError(
        fmt::format("MuJoCo already draws through {} and cannot change within one process", bound));
  }
  constexpr const char* kFirstSought = "eglGetProcAddress";
  if (dlsym(RTLD_DEFAULT, kFirstSought) != nullptr && dlsym(handle_, kFirstSought) == nullptr) {
    throw EnvironmentError(
        fmt::format("this program is linked with EGL, which MuJoCo then prefers to {}", name_));
  }
  SACCADE_CHECK(dlopen(name_.c_str(), RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD) != nullptr);
  bound = name_;
}

}  // namespace saccade

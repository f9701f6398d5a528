#include "core/media/opencv.h"

#include <dlfcn.h>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLibrary = "libsaccade_opencv.so";
constexpr const char* kSymbol = "saccade_opencv_functions";

// The library is never closed: objects made by it may outlive every caller.
void* Load() {
  std::error_code none;
  const fs::path program = fs::read_symlink("/proc/self/exe", none);
  const fs::path beside = program.parent_path().parent_path() / "lib" / kLibrary;
  if (void* const library = ::dlopen(beside.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  const std::string first_reason = ::dlerror();
  if (void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL)) return library;
  throw EnvironmentError(fmt::format(
      "pictures and videos need {}, which cannot be loaded: {}; {}; install Saccade again, or set "
      "LD_LIBRARY_PATH to its folder",
      kLibrary, first_reason, ::dlerror()));
}

const OpenCvFunctions& Find() {
  const auto functions = reinterpret_cast<const OpenCvFunctions* (*)()>(::dlsym(Load(), kSymbol));
  if (functions == nullptr) {
    throw EnvironmentError(fmt::format("{} is not Saccade's: it has no {}", kLibrary, kSymbol));
  }
  return *functions();
}

}  // namespace

const OpenCvFunctions& OpenCv() {
  static const OpenCvFunctions& functions = Find();  // tried again after an error
  return functions;
}

}  // namespace saccade

#include "core/media/own_library.h"

#include <dlfcn.h>

#include <filesystem>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;

void* Load(const char* library, const char* purpose) {
  std::error_code none;
  const fs::path program = fs::read_symlink("/proc/self/exe", none);
  const fs::path beside = program.parent_path().parent_path() / "lib" / library;
  if (void* const handle = ::dlopen(beside.c_str(), RTLD_NOW | RTLD_LOCAL)) return handle;
  const std::string first_reason = ::dlerror();
  if (void* const handle = ::dlopen(library, RTLD_NOW | RTLD_LOCAL)) return handle;
  throw EnvironmentError(fmt::format(
      "{} {}, which cannot be loaded: {}; {}; install what is missing (scripts/setup does), or "
      "Saccade again, or set LD_LIBRARY_PATH to its folder",
      purpose, library, first_reason, ::dlerror()));
}

}  // namespace

const void* TableOf(const char* library, const char* symbol, const char* purpose) {
  void* const handle = Load(library, purpose);
  const auto functions = reinterpret_cast<const void* (*)()>(::dlsym(handle, symbol));
  if (functions == nullptr) {
    throw EnvironmentError(fmt::format("{} is not Saccade's: it has no {}", library, symbol));
  }
  return functions();
}

}  // namespace saccade

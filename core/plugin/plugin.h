// What a plug-in exports: one C symbol that returns its stamp, its name and how to register it.
//
//   void RegisterMine(saccade::Registry& registry) {
//     registry.policies().Add("my-policy", "what it is in one sentence", MakeMyPolicy);
//   }
//   SACCADE_PLUGIN("mine", "1.0", RegisterMine)
//
// A plug-in is a shared library that leaves Saccade's symbols undefined; the program that loads it
// (core/plugin/loader.h) has them. C++ objects cross the border, so both sides must have been built
// alike: the build stamp says how, and a plug-in with another stamp is refused before any of its
// code runs.
//
// docs/plugins.md tells how to build one; policies/skeleton is one.

#ifndef SACCADE_CORE_PLUGIN_PLUGIN_H_
#define SACCADE_CORE_PLUGIN_PLUGIN_H_

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <Eigen/Core>

#include "core/api/registry.h"
#include "core/base/version.h"
#include "core/plugin/interface_digest.h"

// gcc has a macro for each sanitizer, clang a question.
#if defined(__clang__)
#define SACCADE_HAS_SANITIZER(name) __has_feature(name##_sanitizer)
#else
#define SACCADE_HAS_SANITIZER(name) 0
#endif

namespace saccade {

// A stamp starts with this, which is how the loader finds it in a file.
inline constexpr std::string_view kStampMark = "saccade plug-in, built with: ";

namespace internal {

struct StampText {
  std::array<char, 512> text{};  // ends with '\0'
  std::size_t size = 0;

  constexpr StampText& operator<<(std::string_view part) {
    for (const char c : part) text[size++] = c;
    return *this;
  }
  constexpr StampText& operator<<(std::size_t number) {
    if (number >= 10) *this << number / 10;
    text[size++] = static_cast<char>('0' + number % 10);
    return *this;
  }
};

// Everything on which the layout of the objects that cross the border depends.
constexpr StampText MakeStamp() {
  StampText stamp;
  stamp << kStampMark << "saccade " << kVersion << " interface " << kInterfaceDigest;
#if defined(__clang__)
  stamp << "; clang " << __clang_major__ << "." << __clang_minor__ << "." << __clang_patchlevel__;
#else
  stamp << "; gcc " << __GNUC__ << "." << __GNUC_MINOR__ << "." << __GNUC_PATCHLEVEL__;
#endif
#if defined(_LIBCPP_VERSION)
  stamp << "; libc++ " << _LIBCPP_VERSION;
#else
  stamp << "; libstdc++ " << __GLIBCXX__ << " abi " << _GLIBCXX_USE_CXX11_ABI;
#endif
#if defined(_GLIBCXX_DEBUG)
  stamp << " debug";
#endif
  stamp << "; eigen " << EIGEN_WORLD_VERSION << "." << EIGEN_MAJOR_VERSION << "."
        << EIGEN_MINOR_VERSION << " align " << EIGEN_MAX_ALIGN_BYTES << "/"
        << EIGEN_MAX_STATIC_ALIGN_BYTES;
  stamp << "; sizes " << sizeof(void*) << "/" << sizeof(std::string) << "/" << sizeof(Registry);
#if SACCADE_HAS_SANITIZER(address) || defined(__SANITIZE_ADDRESS__)
  stamp << "; address sanitizer";
#endif
#if SACCADE_HAS_SANITIZER(thread) || defined(__SANITIZE_THREAD__)
  stamp << "; thread sanitizer";
#endif
  return stamp;
}

}  // namespace internal

// How this translation unit is built. A constant of its own for each, whose text stands in the file
// of the plug-in, where the loader reads it.
constexpr internal::StampText kBuildStamp = internal::MakeStamp();

}  // namespace saccade

extern "C" {

// What saccade_plugin() returns. The strings and the function live as long as the library.
struct SaccadePlugin {
  const char* build_stamp;
  const char* name;
  const char* version;
  void (*register_all)(saccade::Registry& registry);
};

}  // extern "C"

// Defines the exported symbol. Once per plug-in, outside of every namespace.
#define SACCADE_PLUGIN(name, version, register_all)                                              \
  extern "C" __attribute__((visibility("default"))) const SaccadePlugin* saccade_plugin() {      \
    static constexpr SaccadePlugin kPlugin = {::saccade::kBuildStamp.text.data(), name, version, \
                                              register_all};                                     \
    return &kPlugin;                                                                             \
  }

#endif  // SACCADE_CORE_PLUGIN_PLUGIN_H_

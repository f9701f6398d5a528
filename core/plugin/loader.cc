#include "core/plugin/loader.h"

#include <dlfcn.h>
#include <link.h>

#include <cstring>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/plugin/plugin.h"

namespace saccade {
namespace {

constexpr const char* kSymbol = "saccade_plugin";

Error Refuse(const std::filesystem::path& path, const std::string& reason) {
  return InputError(fmt::format("plug-in {}: {}", path.string(), reason));
}

// The stamps that stand in the file: that of the plug-in, and of each translation unit where nobody
// optimised it away.
std::vector<std::string> FindStamps(const std::string& content) {
  std::vector<std::string> stamps;
  for (std::size_t start = content.find(kStampMark); start != std::string::npos;
       start = content.find(kStampMark, start + 1)) {
    const std::string stamp = content.substr(start, content.find('\0', start) - start);
    if (stamp != kStampMark) stamps.push_back(stamp);
  }
  return stamps;
}

// The dynamic linker would crash on a library that was not copied to its end, which is where the
// linker puts the section headers.
void CheckLibrary(const std::filesystem::path& path, const std::string& content) {
  ElfW(Ehdr) header;
  if (content.size() < sizeof(header) || !content.starts_with(ELFMAG)) {
    throw Refuse(path, "is not a shared library; name the .so file that the linker wrote");
  }
  std::memcpy(&header, content.data(), sizeof(header));
  const std::size_t end = header.e_shoff + std::size_t{header.e_shnum} * header.e_shentsize;
  if (content.size() < header.e_shoff || content.size() < end) {
    throw Refuse(path, fmt::format("is cut short: {} bytes of at least {}; copy or link it again",
                                   content.size(), end));
  }
}

// Reads the file rather than loading the library: one that was built differently may crash as soon
// as its initialisers run.
void CheckStamp(const std::filesystem::path& path, const std::string& content) {
  const std::vector<std::string> stamps = FindStamps(content);
  if (stamps.empty()) {
    throw Refuse(path, fmt::format("is a library without a Saccade build stamp; define the symbol "
                                   "{} with SACCADE_PLUGIN (core/plugin/plugin.h)",
                                   kSymbol));
  }
  for (const std::string& stamp : stamps) {
    if (stamp == HostBuildStamp()) continue;
    throw Refuse(path, fmt::format("was built differently from this program; rebuild it against "
                                   "this Saccade, with its compiler\n  the plug-in: {}\n  this "
                                   "program: {}",
                                   stamp.substr(kStampMark.size()),
                                   HostBuildStamp().substr(kStampMark.size())));
  }
}

const SaccadePlugin& Open(const std::filesystem::path& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Refuse(path, fmt::format("cannot be loaded ({}); it may use only what the installed "
                                   "headers of Saccade declare and what it links itself",
                                   dlerror()));
  }
  using EntryPoint = const SaccadePlugin* (*)();
  const auto entry_point = reinterpret_cast<EntryPoint>(dlsym(library, kSymbol));
  if (entry_point == nullptr) {
    throw Refuse(path, fmt::format("does not export {}; define it with SACCADE_PLUGIN "
                                   "(core/plugin/plugin.h), outside of every namespace",
                                   kSymbol));
  }
  const SaccadePlugin* plugin = entry_point();
  if (plugin == nullptr || plugin->name == nullptr || plugin->version == nullptr ||
      plugin->register_all == nullptr) {
    throw Refuse(path,
                 fmt::format("{} returns no name, version or function to call; define it with "
                             "SACCADE_PLUGIN (core/plugin/plugin.h)",
                             kSymbol));
  }
  return *plugin;
}

void Register(const SaccadePlugin& plugin, const std::filesystem::path& path, Registry& registry) {
  try {
    plugin.register_all(registry);
  } catch (...) {
    RethrowAsError("it", fmt::format("plug-in {}: '{}' {} failed to register", path.string(),
                                     plugin.name, plugin.version));
  }
}

template <class Catalogue>
void AppendEntriesFrom(const std::string& origin, const Catalogue& catalogue,
                       std::vector<std::string>& out) {
  for (const auto& [name, entry] : catalogue.entries()) {
    if (entry.origin == origin) out.push_back(fmt::format("{} '{}'", catalogue.kind(), name));
  }
}

std::vector<std::string> EntriesFrom(const std::string& origin, const Registry& registry) {
  std::vector<std::string> entries;
  AppendEntriesFrom(origin, registry.envs(), entries);
  AppendEntriesFrom(origin, registry.policies(), entries);
  AppendEntriesFrom(origin, registry.strategies(), entries);
  AppendEntriesFrom(origin, registry.renderers(), entries);
  return entries;
}

}  // namespace

std::string_view HostBuildStamp() { return {kBuildStamp.text.data(), kBuildStamp.size}; }

PluginInfo LoadPlugin(const std::filesystem::path& path, Registry& registry) {
  // Absolute: dlopen would search the system's folders for a bare name. Without links: the same
  // file is the same origin.
  const std::filesystem::path file = std::filesystem::weakly_canonical(path);
  const std::string content = ReadFile(file);
  CheckLibrary(file, content);
  CheckStamp(file, content);
  const SaccadePlugin& plugin = Open(file);
  Registry extended = registry;
  extended.set_origin(file.string());
  Register(plugin, file, extended);
  extended.set_origin(registry.origin());
  registry = std::move(extended);
  return {plugin.name, plugin.version, file, EntriesFrom(file.string(), registry)};
}

}  // namespace saccade

// Loads plug-ins: shared libraries of users' that add to the registry (core/plugin/plugin.h).
//
// The program that links saccade_plugin_host exports all of base, config and api, which is where
// plug-ins find Saccade. A library stays loaded until the process ends, because what it made may
// live that long.

#ifndef SACCADE_CORE_PLUGIN_LOADER_H_
#define SACCADE_CORE_PLUGIN_LOADER_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/registry.h"

namespace saccade {

struct PluginInfo {
  std::string name;
  std::string version;
  std::filesystem::path path;        // absolute
  std::vector<std::string> entries;  // what it brought: "policy 'my-policy'"
};

// Loads the plug-in and registers what it brings, with its path as the origin. Loading it again
// changes nothing. Throws kInput, naming the file and the remedy, when it is no plug-in, was built
// differently (no code of it has run then), cannot be linked, or throws while it registers; the
// registry is then as before. Otherwise, pointers into the registry are no longer valid.
//
// Thread safety: none, call it before anything else uses the registry.
PluginInfo LoadPlugin(const std::filesystem::path& path, Registry& registry);

// The stamp of this program: plug-ins must have the same.
std::string_view HostBuildStamp();

}  // namespace saccade

#endif  // SACCADE_CORE_PLUGIN_LOADER_H_

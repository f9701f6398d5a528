# cmake -D OUTPUT=FILE -D HEADERS=LIST -D MUJOCO=VERSION -P InterfaceDigest.cmake
#
# Writes a header with a digest of the interface headers and the version of MuJoCo. It is part of the build stamp: objects
# of a plug-in that was compiled against others may have another layout, whatever the version says.

set(content "mujoco ${MUJOCO}")
foreach(header IN LISTS HEADERS)
  file(READ ${header} text)
  string(APPEND content "${text}")
endforeach()
string(SHA256 digest "${content}")
string(SUBSTRING ${digest} 0 12 digest)
file(WRITE ${OUTPUT} "// Written by cmake/InterfaceDigest.cmake.

#ifndef SACCADE_CORE_PLUGIN_INTERFACE_DIGEST_H_
#define SACCADE_CORE_PLUGIN_INTERFACE_DIGEST_H_

namespace saccade {

// Of the headers that plug-ins see, and of the version of MuJoCo.
inline constexpr const char* kInterfaceDigest = \"${digest}\";

}  // namespace saccade

#endif  // SACCADE_CORE_PLUGIN_INTERFACE_DIGEST_H_
")

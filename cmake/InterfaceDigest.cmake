# cmake -D OUTPUT=FILE -D HEADERS=LIST -P InterfaceDigest.cmake
#
# Writes a header with a digest of the interface headers. It is part of the build stamp: objects of a plug-in that was
# compiled against other headers may have another layout, whatever the version says.

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

// Of the headers that plug-ins see.
inline constexpr const char* kInterfaceDigest = \"${digest}\";

}  // namespace saccade

#endif  // SACCADE_CORE_PLUGIN_INTERFACE_DIGEST_H_
")

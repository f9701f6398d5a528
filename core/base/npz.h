// NumPy's .npz: named arrays in one ZIP archive of .npy files.
//
// Names may contain '/', as in "obs/position"; the member of the archive is then called
// "obs/position.npy". Members are read stored or deflated and written deflated.
//
// Arrays of texts are no tensors: reading an archive leaves them out of the map, and
// ReadNpzStrings reads one of them.
//
// Thread safety: free functions without state. Determinism: equal arrays give equal bytes.
// Cost: reading allocates at most 1032 times the bytes given, which is what deflate can reach.
// Reference: https://numpy.org/doc/stable/reference/generated/numpy.savez.html

#ifndef SACCADE_CORE_BASE_NPZ_H_
#define SACCADE_CORE_BASE_NPZ_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/npy.h"
#include "core/base/tensor.h"

namespace saccade {

std::string EncodeNpz(const TensorMap& tensors);

// Throws kInput when the archive is truncated, damaged or holds what cannot be read; `source` names
// it in errors.
TensorMap DecodeNpz(std::string_view bytes, const std::string& source);

// The same over files.
TensorMap ReadNpz(const std::filesystem::path& path);
std::vector<std::string> ReadNpzStrings(const std::filesystem::path& path, const std::string& name);
void WriteNpz(const std::filesystem::path& path, const TensorMap& tensors);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_NPZ_H_

// Named arrays and texts in one file that any Python reads in one line.
//
//   n (8 bytes, little-endian) · header (n bytes of JSON, padded with spaces) · buffer
//   header = {"__metadata__": {key: text, …}, name: {"dtype", "shape", "data_offsets"}, …}
//
// The offsets count from the start of the buffer, which the arrays fill without gaps or overlaps,
// each aligned to its element. Types: F64 F32 I64 U64 U8 BOOL; little-endian, row-major.
//
// The header starts with a checksum of ours, which the layout allows as one more text: the CRC-32C
// of all other bytes of the file. A file without it was not written by Saccade and is refused.
//
//   tensors = safetensors.numpy.load_file("policy.safetensors")
//
// Thread safety: free functions without state. Determinism: equal content gives equal bytes.
// Cost: decoding allocates in proportion to the bytes given, whatever they claim to hold.
// Reference: https://github.com/huggingface/safetensors, "Format".

#ifndef SACCADE_CORE_BASE_SAFETENSORS_H_
#define SACCADE_CORE_BASE_SAFETENSORS_H_

#include <map>
#include <string>
#include <string_view>

#include "core/base/tensor.h"

namespace saccade {

struct SafetensorsFile {
  TensorMap tensors;
  std::map<std::string, std::string> metadata;  // without the checksum
};

// Throws kInput when a name or text is not UTF-8. The array name "__metadata__" and the metadata
// key "checksum" belong to the layout.
std::string EncodeSafetensors(const TensorMap& tensors,
                              const std::map<std::string, std::string>& metadata);

// Throws kInput when `bytes` are truncated, damaged or malformed; `source` names them in errors.
SafetensorsFile DecodeSafetensors(std::string_view bytes, const std::string& source);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_SAFETENSORS_H_

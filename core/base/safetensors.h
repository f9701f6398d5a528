// The safetensors layout: named arrays with a JSON header, readable from any Python in one line.
//
//   8 bytes   length of the header, little endian
//   header    {"__metadata__": {text: text}, name: {"dtype", "shape", "data_offsets"}, …}, padded with
//             spaces to a multiple of 8
//   data      the arrays, one after the other, without gaps
//
// Integrity: the metadata key "checksum" holds the CRC-32 of the data and of everything else in the
// header, so that a flipped bit anywhere is an error and not another policy.
//
// Reference: https://github.com/huggingface/safetensors

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

std::string EncodeSafetensors(const TensorMap& tensors,
                              const std::map<std::string, std::string>& metadata);

// Throws kInput, naming `source`, when the bytes are truncated, damaged or not in this layout.
// Never allocates more than the input justifies.
SafetensorsFile DecodeSafetensors(std::string_view bytes, const std::string& source);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_SAFETENSORS_H_

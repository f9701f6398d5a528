// NumPy's .npy: one array in a file.
//
// Read: versions 1 to 3 of the format; float64, float32, int64, uint64, uint8 and bool, and int32,
// which becomes int64; little-endian; row-major, or column-major, which is transposed. Everything
// else is refused by name. Written: version 1, row-major.
//
// NumPy's `str` and `bytes` arrays are no tensors; they have a function of their own.
//
// Thread safety: free functions without state. Determinism: equal arrays give equal bytes.
// Cost: reading allocates in proportion to the bytes given, whatever they claim to hold.
// Reference: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

#ifndef SACCADE_CORE_BASE_NPY_H_
#define SACCADE_CORE_BASE_NPY_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/base/tensor.h"

namespace saccade {

std::string EncodeNpy(const Tensor& tensor);

// These throw kInput when the bytes are truncated, damaged or hold what cannot be read; `source`
// names them in errors.
Tensor DecodeNpy(std::string_view bytes, const std::string& source);

// The texts of a `str` or `bytes` array as UTF-8, without the zeros that pad them, in row-major
// order.
std::vector<std::string> DecodeNpyStrings(std::string_view bytes, const std::string& source);

// Whether the array holds texts; looks at the header alone.
bool NpyHoldsTexts(std::string_view bytes, const std::string& source);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_NPY_H_

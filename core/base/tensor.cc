#include "core/base/tensor.h"

#include <cstring>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/error.h"

namespace saccade {
namespace {

// The number of elements of `shape`, or -1 when it is negative or overflows.
std::int64_t CountElements(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0) return -1;
    if (extent != 0 && count > std::numeric_limits<std::int64_t>::max() / 8 / extent) return -1;
    count *= extent;
  }
  return count;
}

template <class From, class To>
std::vector<To> Convert(std::span<const std::byte> bytes) {
  std::vector<From> raw(bytes.size() / sizeof(From));
  if (!raw.empty()) std::memcpy(raw.data(), bytes.data(), bytes.size());
  return {raw.begin(), raw.end()};
}

}  // namespace

std::size_t ByteSize(DType type) {
  switch (type) {
    case DType::kFloat64:
    case DType::kInt64:
    case DType::kUint64:
      return 8;
    case DType::kFloat32:
      return 4;
    case DType::kUint8:
    case DType::kBool:
      return 1;
  }
  return 0;
}

const char* Name(DType type) {
  switch (type) {
    case DType::kFloat64:
      return "float64";
    case DType::kFloat32:
      return "float32";
    case DType::kInt64:
      return "int64";
    case DType::kUint64:
      return "uint64";
    case DType::kUint8:
      return "uint8";
    case DType::kBool:
      return "bool";
  }
  return "";
}

Tensor::Tensor(DType type, std::vector<std::int64_t> shape, std::vector<std::byte> bytes)
    : type_(type), shape_(std::move(shape)), bytes_(std::move(bytes)) {
  const std::int64_t count = CountElements(shape_);
  if (count < 0 || static_cast<std::size_t>(count) * ByteSize(type_) != bytes_.size()) {
    throw InputError(
        fmt::format("an array of shape {} does not fit into {} bytes", ShapeText(), bytes_.size()));
  }
}

std::int64_t Tensor::size() const { return CountElements(shape_); }

std::string Tensor::ShapeText() const {
  return fmt::format("({}) {}", fmt::join(shape_, " × "), Name(type_));
}

template <class T>
std::vector<T> Tensor::Values() const {
  if (type_ == DTypeOf<T>()) return Convert<T, T>(bytes_);
  if constexpr (std::is_same_v<T, std::uint8_t>) {
    if (type_ == DType::kBool) return Convert<T, T>(bytes_);
  }
  if constexpr (std::is_floating_point_v<T>) {
    if (type_ == DType::kFloat64) return Convert<double, T>(bytes_);
    if (type_ == DType::kFloat32) return Convert<float, T>(bytes_);
  }
  throw InputError(fmt::format("is {}, but must be {}", ShapeText(), Name(DTypeOf<T>())));
}

template std::vector<double> Tensor::Values() const;
template std::vector<float> Tensor::Values() const;
template std::vector<std::int64_t> Tensor::Values() const;
template std::vector<std::uint64_t> Tensor::Values() const;
template std::vector<std::uint8_t> Tensor::Values() const;

template <class T>
std::vector<T> Require(const TensorMap& tensors, const std::string& name, std::int64_t size) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    std::vector<std::string> names;
    for (const auto& [key, unused] : tensors) names.push_back(key);
    throw InputError(
        fmt::format("array '{}' is missing; present: {}", name, fmt::join(names, ", ")));
  }
  const Tensor& tensor = found->second;
  if (size >= 0 && tensor.size() != size) {
    throw InputError(fmt::format("array '{}' is {}, but {} elements are needed", name,
                                 tensor.ShapeText(), size));
  }
  try {
    return tensor.Values<T>();
  } catch (const Error& error) {
    throw InputError(fmt::format("array '{}' {}", name, error.what()));
  }
}

template std::vector<double> Require(const TensorMap&, const std::string&, std::int64_t);
template std::vector<float> Require(const TensorMap&, const std::string&, std::int64_t);
template std::vector<std::int64_t> Require(const TensorMap&, const std::string&, std::int64_t);
template std::vector<std::uint8_t> Require(const TensorMap&, const std::string&, std::int64_t);

}  // namespace saccade

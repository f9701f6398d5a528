// Named arrays: what checkpoints, strategy states, initial states and rollout dumps are made of.

#ifndef SACCADE_CORE_BASE_TENSOR_H_
#define SACCADE_CORE_BASE_TENSOR_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace saccade {

enum class DType { kFloat64, kFloat32, kInt64, kUint64, kUint8, kBool };

std::size_t ByteSize(DType type);
const char* Name(DType type);  // "float64", …

template <class T>
constexpr DType DTypeOf();
template <>
constexpr DType DTypeOf<double>() {
  return DType::kFloat64;
}
template <>
constexpr DType DTypeOf<float>() {
  return DType::kFloat32;
}
template <>
constexpr DType DTypeOf<std::int64_t>() {
  return DType::kInt64;
}
template <>
constexpr DType DTypeOf<std::uint64_t>() {
  return DType::kUint64;
}
template <>
constexpr DType DTypeOf<std::uint8_t>() {
  return DType::kUint8;
}

// A dense array in row-major order. `bytes.size()` is always the product of the shape times the
// size of an element; an empty shape is a scalar.
class Tensor {
 public:
  Tensor() = default;
  // Throws kInput if the sizes disagree or the product overflows.
  Tensor(DType type, std::vector<std::int64_t> shape, std::vector<std::byte> bytes);

  template <class T>
  static Tensor From(std::span<const T> values, std::vector<std::int64_t> shape) {
    const auto raw = std::as_bytes(values);
    return {DTypeOf<T>(), std::move(shape), {raw.begin(), raw.end()}};
  }
  template <class T>
  static Tensor From(std::span<const T> values) {
    return From(values, {static_cast<std::int64_t>(values.size())});
  }
  template <class T>
  static Tensor Scalar(T value) {
    return From(std::span<const T>(&value, 1), {});
  }

  DType type() const { return type_; }
  const std::vector<std::int64_t>& shape() const { return shape_; }
  std::int64_t size() const;  // number of elements
  std::span<const std::byte> bytes() const { return bytes_; }
  std::string ShapeText() const;  // "(3 × 4) float64"

  // The elements; throws kInput if the type is another one. Float types convert between each other,
  // and bool reads as uint8_t: 0 or 1.
  template <class T>
  std::vector<T> Values() const;

 private:
  DType type_ = DType::kFloat64;
  std::vector<std::int64_t> shape_ = {0};
  std::vector<std::byte> bytes_;
};

using TensorMap = std::map<std::string, Tensor>;

// The elements of the tensor `name`, of which there must be `size` (any number if negative). Throws
// kInput naming the tensor and what is there: it is missing, of another size or of another type.
template <class T>
std::vector<T> Require(const TensorMap& tensors, const std::string& name, std::int64_t size = -1);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_TENSOR_H_

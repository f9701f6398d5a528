#include "core/base/safetensors.h"

#include <cstring>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/crc32c.h"
#include "core/base/error.h"

namespace saccade {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::size_t kDigitsAt = 8 + 29;  // after the length and {"__metadata__":{"checksum":"

template <class T>
Tensor Of(std::vector<T> values, std::vector<std::int64_t> shape) {
  return Tensor::From(std::span<const T>(values), std::move(shape));
}

TensorMap SomeTensors() {
  return {{"a bool", Tensor(DType::kBool, {3}, {std::byte{1}, std::byte{0}, std::byte{1}})},
          {"bytes", Of<std::uint8_t>({1, 2, 255}, {3})},
          {"double/2×3", Of<double>({1, -2.5, 1e300, 0, 5e-324, 6}, {2, 3})},
          {"empty", Of<float>({}, {0, 7})},
          {"float", Of<float>({0.1f}, {1, 1, 1})},
          {"long", Of<std::int64_t>({-1, INT64_MIN}, {2})},
          {"scalar", Tensor::Scalar<double>(3.5)},
          {"unsigned", Of<std::uint64_t>({UINT64_MAX}, {1})}};
}

void ExpectEqual(const TensorMap& a, const TensorMap& b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [name, tensor] : a) {
    ASSERT_TRUE(b.contains(name)) << name;
    const Tensor& other = b.at(name);
    EXPECT_EQ(tensor.type(), other.type()) << name;
    EXPECT_EQ(tensor.shape(), other.shape()) << name;
    EXPECT_TRUE(std::ranges::equal(tensor.bytes(), other.bytes())) << name;
  }
}

std::string ErrorOf(std::string_view bytes) {
  try {
    DecodeSafetensors(bytes, "x.safetensors");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "no error";
}

// A file with a right checksum around any header, to reach what lies behind it. `entries` follow
// the checksum inside the metadata.
std::string Forge(const std::string& entries, const std::string& buffer = "") {
  const std::string header = R"({"__metadata__":{"checksum":"00000000")" + entries;
  const std::uint64_t size = header.size();
  std::string file(8, '\0');
  std::memcpy(file.data(), &size, 8);
  file += header + buffer;
  const std::uint32_t crc = Crc32c(file.substr(kDigitsAt + 8), Crc32c(file.substr(0, kDigitsAt)));
  return file.replace(kDigitsAt, 8, fmt::format("{:08x}", crc));
}

TEST(SafetensorsTest, ReadsWhatItWrote) {
  const std::map<std::string, std::string> metadata = {{"config", "a: \"b\"\n"}, {"ü", ""}};
  const SafetensorsFile file =
      DecodeSafetensors(EncodeSafetensors(SomeTensors(), metadata), "memory");
  ExpectEqual(file.tensors, SomeTensors());
  EXPECT_EQ(file.metadata, metadata);
}

TEST(SafetensorsTest, NothingIsAFileToo) {
  const SafetensorsFile file = DecodeSafetensors(EncodeSafetensors({}, {}), "memory");
  EXPECT_TRUE(file.tensors.empty());
  EXPECT_TRUE(file.metadata.empty());
}

TEST(SafetensorsTest, HasTheOfficialLayout) {
  const std::string file = EncodeSafetensors(
      {{"b", Of<std::uint8_t>({7}, {1})}, {"w", Of<float>({1, 2}, {2, 1})}}, {{"k", "v"}});
  std::uint64_t size = 0;
  std::memcpy(&size, file.data(), 8);
  EXPECT_EQ(size % 8, 0u);
  const std::string digits = file.substr(kDigitsAt, 8);
  EXPECT_THAT(file.substr(8, size),
              StartsWith(R"({"__metadata__":{"checksum":")" + digits + R"(","k":"v"},)" +
                         R"("w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)" +
                         R"("b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}})"));
  EXPECT_EQ(file.size(), 8 + size + 9);
  EXPECT_EQ(file.back(), '\x07');
}

TEST(SafetensorsTest, EveryFlippedBitIsFound) {
  const std::string intact = EncodeSafetensors(SomeTensors(), {{"k", "v"}});
  for (std::size_t i = 0; i < intact.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = intact;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      ASSERT_THAT(ErrorOf(damaged), StartsWith("x.safetensors: ")) << "byte " << i;
    }
  }
  std::string damaged = intact;
  damaged.back() ^= 1;
  EXPECT_EQ(ErrorOf(damaged),
            "x.safetensors: checksum differs: the file is damaged; use an earlier checkpoint");
}

TEST(SafetensorsTest, EveryTruncationIsFound) {
  const std::string intact = EncodeSafetensors(SomeTensors(), {{"k", "v"}});
  for (std::size_t size = 0; size < intact.size(); ++size) {
    ASSERT_THAT(ErrorOf(std::string_view(intact).substr(0, size)),
                StartsWith("x.safetensors: truncated: "));
  }
  EXPECT_EQ(ErrorOf(intact.substr(0, intact.size() - 3)),
            fmt::format("x.safetensors: truncated: the header says {} bytes, the file has {}; use "
                        "an earlier checkpoint",
                        intact.size(), intact.size() - 3));
  EXPECT_THAT(ErrorOf(intact + "x"), HasSubstr("checksum differs"));
}

TEST(SafetensorsTest, AHugeHeaderLengthIsRefusedWithoutAllocatingIt) {
  EXPECT_THAT(ErrorOf(std::string(100, '\xff')), HasSubstr("not a safetensors file"));
}

TEST(SafetensorsTest, MalformedHeadersAreNamed) {
  const auto array = [](const char* fields) { return fmt::format("}},\"a\":{{{}}}}}", fields); };
  const std::pair<std::string, const char*> cases[] = {
      {"", "is not valid JSON"},
      {"},\"a\":3}", "'a': must be an object"},
      {",\"k\":1}}", "'__metadata__': 'k' must be a text"},
      {",\"k\":\"1\",\"k\":\"2\"}}", "names 'k' twice"},
      {"},\"a\":[[[[[[[[]]]]]]]]}", "nested too deeply"},
      {"},\"a\":{},\"a\":{}}", "names 'a' twice"},
      {array(R"("dtype":"F64","shape":[1])"), "'a': has no 'data_offsets'"},
      {array(R"("dtype":"F16","shape":[1],"data_offsets":[0,8])"), "'dtype' must be one of"},
      {array(R"("dtype":"F64","shape":[-1],"data_offsets":[0,8])"), "'shape' must hold whole"},
      {array(R"("dtype":"F64","shape":[NaN],"data_offsets":[0,8])"), "is not valid JSON"},
      {array(R"("dtype":"F64","shape":[1.0],"data_offsets":[0,8])"), "'shape' must hold whole"},
      {array(R"("dtype":"F64","shape":[18446744073709551615],"data_offsets":[0,8])"),
       "'shape' must hold whole"},
      {array(R"("dtype":"F64","shape":[1],"data_offsets":[8,0])"), "must be [begin, end]"},
      {array(R"("dtype":"F64","shape":[1],"data_offsets":[0])"), "must be [begin, end]"},
      {array(R"("dtype":"F64","shape":[2],"data_offsets":[0,16])"), "0 to 16 of a buffer of 8"},
      {array(R"("dtype":"F64","shape":[1],"data_offsets":[1,9])"), "must start at 0"},
      {array(R"("dtype":"F64","shape":[2],"data_offsets":[0,8])"), "does not fit into 8 bytes"},
      {array(R"("dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,8])"),
       "does not fit into 8 bytes"},
      {array(R"("dtype":"U8","shape":[7],"data_offsets":[0,7])"), "fill 7 bytes"},
      {R"(},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},)"
       R"("b":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})",
       "array 'b' lies at bytes 0 to 8 of a buffer of 8, but must start at 8"},
  };
  for (const auto& [entries, message] : cases) {
    const std::string error = ErrorOf(Forge(entries, std::string(8, '\0')));
    EXPECT_THAT(error, StartsWith("x.safetensors: malformed header: ")) << entries;
    EXPECT_THAT(error, HasSubstr(message)) << entries;
  }
}

TEST(SafetensorsTest, TextsThatAreNotUtf8AreRefused) {
  EXPECT_THROW(EncodeSafetensors({}, {{"k", "\xff"}}), Error);
}

}  // namespace
}  // namespace saccade

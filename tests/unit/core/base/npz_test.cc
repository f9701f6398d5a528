#include "core/base/npz.h"

#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/testing/temporary_folder.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

template <class T>
Tensor Of(std::vector<T> values, std::vector<std::int64_t> shape) {
  return Tensor::From(std::span<const T>(values), std::move(shape));
}

template <class T>
std::string Raw(std::vector<T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

// A .npy file with any header, as other writers make them.
std::string Npy(const std::string& header, const std::string& data, int version = 1) {
  const auto size = static_cast<std::uint32_t>(header.size());
  std::string file = "\x93NUMPY";
  file += {static_cast<char>(version), '\0'};
  file.append(reinterpret_cast<const char*>(&size), version == 1 ? 2 : 4);
  return file + header + data;
}

std::string Npy(const char* descr, const char* order, const char* shape, const std::string& data) {
  return Npy(
      fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", descr, order, shape),
      data);
}

template <class Function>
std::string ErrorOf(Function function) {
  try {
    function();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "no error";
}

std::string NpyError(const std::string& bytes) {
  return ErrorOf([&] { DecodeNpy(bytes, "x.npy"); });
}

void ExpectEqual(const Tensor& a, const Tensor& b) {
  EXPECT_EQ(a.type(), b.type());
  EXPECT_EQ(a.shape(), b.shape());
  EXPECT_TRUE(std::ranges::equal(a.bytes(), b.bytes()));
}

TensorMap SomeTensors() {
  return {{"bool", Tensor(DType::kBool, {3}, {std::byte{1}, std::byte{0}, std::byte{1}})},
          {"frames", Of<std::uint8_t>({1, 2, 3, 4, 5, 255}, {1, 2, 1, 3})},
          {"none", Of<double>({}, {0, 7})},
          {"obs/position", Of<double>({1, -2.5, 1e300, 0, 5e-324, 6}, {2, 3})},
          {"float", Of<float>({0.1f}, {1})},
          {"long", Of<std::int64_t>({-1, INT64_MIN}, {2})},
          {"scalar", Tensor::Scalar<double>(3.5)},
          {"unsigned", Of<std::uint64_t>({UINT64_MAX}, {1})}};
}

TEST(NpyTest, WritesWhatNumpyWrites) {
  const std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";
  EXPECT_EQ(EncodeNpy(SomeTensors().at("obs/position")),
            Npy(header + std::string(128 - 10 - header.size() - 1, ' ') + "\n",
                Raw<double>({1, -2.5, 1e300, 0, 5e-324, 6})));
  EXPECT_THAT(EncodeNpy(Of<std::uint8_t>({1}, {1})), HasSubstr("'|u1'"));
  EXPECT_THAT(EncodeNpy(Of<std::uint8_t>({1}, {1})), HasSubstr("(1,), }"));
  EXPECT_THAT(EncodeNpy(Tensor::Scalar(1.0)), HasSubstr("'shape': (), }"));
  EXPECT_THAT(EncodeNpy(Of<std::int64_t>({1}, {1})), HasSubstr("'<i8'"));
}

TEST(NpyTest, ReadsWhatItWrote) {
  for (const auto& [name, tensor] : SomeTensors()) {
    ExpectEqual(DecodeNpy(EncodeNpy(tensor), name), tensor);
  }
}

TEST(NpyTest, ReadsAllVersions) {
  const std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n";
  for (const int version : {1, 2, 3}) {
    EXPECT_THAT(DecodeNpy(Npy(header, Raw<double>({7}), version), "x").Values<double>(),
                ElementsAre(7));
  }
  EXPECT_THAT(NpyError(Npy(header, Raw<double>({7}), 4)), HasSubstr("version 4"));
}

TEST(NpyTest, WidensInt32) {
  const Tensor tensor =
      DecodeNpy(Npy("<i4", "False", "(3,)", Raw<std::int32_t>({1, -2, INT32_MIN})), "x");
  EXPECT_THAT(tensor.Values<std::int64_t>(), ElementsAre(1, -2, INT32_MIN));
}

TEST(NpyTest, TransposesColumnMajor) {
  // a[i, j, k] = 100 i + 10 j + k, written with i fastest.
  std::vector<double> column_major, row_major;
  for (int k = 0; k < 4; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) column_major.push_back(100 * i + 10 * j + k);
    }
  }
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 4; ++k) row_major.push_back(100 * i + 10 * j + k);
    }
  }
  const Tensor tensor = DecodeNpy(Npy("<f8", "True", "(2, 3, 4)", Raw(column_major)), "x");
  EXPECT_EQ(tensor.Values<double>(), row_major);
  EXPECT_THAT(tensor.shape(), ElementsAre(2, 3, 4));
  EXPECT_EQ(DecodeNpy(Npy("<f8", "True", "(0, 3)", ""), "x").size(), 0);
  EXPECT_THAT(DecodeNpy(Npy("<f8", "True", "()", Raw<double>({1})), "x").Values<double>(),
              ElementsAre(1));
}

TEST(NpyTest, EveryTruncationIsFound) {
  const std::string intact = EncodeNpy(SomeTensors().at("obs/position"));
  for (std::size_t size = 0; size < intact.size(); ++size) {
    ASSERT_THAT(NpyError(intact.substr(0, size)), StartsWith("x.npy: ")) << size;
  }
  EXPECT_EQ(NpyError(intact.substr(0, intact.size() - 8)),
            "x.npy: truncated: shape (2, 3) of '<f8' needs 48 bytes, but 40 follow the header");
  EXPECT_EQ(NpyError(intact + "x"),
            "x.npy: too long: shape (2, 3) of '<f8' needs 48 bytes, but 49 follow the header");
}

TEST(NpyTest, RefusesWhatItCannotRead) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "x.npy: is not a .npy array"},
      {Npy(">f8", "False", "(1,)", "12345678"),
       "x.npy: is big-endian ('>f8'), which cannot be read; save array.astype('<f8')"},
      {Npy("|O", "False", "(1,)", "12345678"),
       "x.npy: holds Python objects, which cannot be read; save numbers"},
      {Npy("<U3", "False", "()", "123456789012"), "x.npy: holds texts ('<U3'), not numbers"},
      {Npy("<c16", "False", "()", "1234567812345678"), "x.npy: has elements of type '<c16'; can"},
      {Npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (), }", "12345678"),
       "x.npy: structured arrays cannot be read"},
      {Npy("<f8", "Maybe", "()", "12345678"), "expected True or False"},
      {Npy("<f8", "False", "(-1,)", ""), "expected a size in 'shape'"},
      {Npy("<f8", "False", "(99999999999999999999,)", ""), "expected a size in 'shape'"},
      {Npy("<f8", "False", "(9223372036854775807, 2)", ""), "needs more than 2^64 bytes"},
      {Npy("<f8", "False", "(1 2)", ""), "expected ',' or ')'"},
      {Npy("{'descr': '<f8', 'shape': (), }", "12345678"), "needs 'descr', 'fortran_order'"},
      {Npy("{'descr': '<f8', 'descr': '<f8', }", ""), "unexpected key 'descr'"},
      {Npy("{'descr': '<f8", ""), "expected a closing quote"},
      {Npy("{'descr': '<f8', 'fortran_order': False, 'shape': ()} x", ""), "expected the end"},
  };
  for (const auto& [bytes, message] : cases) EXPECT_THAT(NpyError(bytes), HasSubstr(message));
}

TEST(NpyStringsTest, ReadsBothKinds) {
  const std::string wide = Raw<std::uint32_t>({'a', 0, 0xFC, 0x20AC, 0x1F600, 0});
  EXPECT_THAT(DecodeNpyStrings(Npy("<U2", "False", "(3,)", wide), "x"),
              ElementsAre("a", "ü€", "😀"));
  const std::string narrow("one\0\0\0three\0", 12);
  EXPECT_THAT(DecodeNpyStrings(Npy("|S6", "False", "(2,)", narrow), "x"),
              ElementsAre("one", "three"));
  EXPECT_THAT(DecodeNpyStrings(Npy("|S2", "False", "(1,)", std::string(2, '\0')), "x"),
              ElementsAre(""));
}

TEST(NpyStringsTest, RefusesWhatIsNoText) {
  const auto error = [](const std::string& bytes) {
    return ErrorOf([&] { DecodeNpyStrings(bytes, "x"); });
  };
  EXPECT_THAT(error(Npy("<f8", "False", "()", "12345678")), HasSubstr("type '<f8', not texts"));
  EXPECT_THAT(error(Npy("<U0", "False", "(1000000000000,)", "")), HasSubstr("not texts"));
  EXPECT_THAT(error(Npy("<U4611686018427387905", "False", "()", "1234")), HasSubstr("not texts"));
  EXPECT_THAT(error(Npy("<U1", "False", "()", "\xff\xff\xff\xff")), HasSubstr("not Unicode"));
  EXPECT_THAT(error(Npy("<U1", "False", "()", Raw<std::uint32_t>({0xD800}))),
              HasSubstr("not Unicode"));
}

class NpzTest : public testing::Test {
 protected:
  testing_tools::TemporaryFolder temporary_;
  fs::path folder_ = temporary_.path();
};

TEST_F(NpzTest, ReadsWhatItWrote) {
  WriteNpz(folder_ / "x.npz", SomeTensors());
  const TensorMap tensors = ReadNpz(folder_ / "x.npz");
  ASSERT_EQ(tensors.size(), SomeTensors().size());
  for (const auto& [name, tensor] : SomeTensors()) ExpectEqual(tensors.at(name), tensor);
}

TEST_F(NpzTest, DoesNotDependOnTheClock) {
  const std::string bytes = EncodeNpz(SomeTensors());
  EXPECT_EQ(bytes, EncodeNpz(SomeTensors()));
  EXPECT_EQ(bytes.substr(10, 4), std::string("\0\0\x21\0", 4));  // 1980-01-01 00:00
}

TEST_F(NpzTest, NothingIsAnArchiveToo) {
  WriteNpz(folder_ / "x.npz", {});
  EXPECT_THAT(ReadNpz(folder_ / "x.npz"), IsEmpty());
}

TEST_F(NpzTest, ReadsWhatNumpyWrote) {
  const fs::path path = fs::path(SACCADE_SOURCE_DIR) / "tests/parity/fixtures/cartpole-balance.npz";
  const TensorMap tensors = ReadNpz(path);
  EXPECT_THAT(tensors.at("nq").Values<std::int64_t>(), ElementsAre(2));
  EXPECT_THAT(tensors.at("e0/obs/position").shape(), ElementsAre(71, 3));
  EXPECT_THAT(tensors.at("e0/terminated").Values<std::uint8_t>(), Each(0));
  EXPECT_FALSE(tensors.contains("obs_names"));  // texts
  EXPECT_THAT(ReadNpzStrings(path, "obs_names"), ElementsAre("position", "velocity"));
  EXPECT_THAT(ErrorOf([&] { ReadNpzStrings(path, "colour"); }),
              HasSubstr("cartpole-balance.npz: array 'colour' is missing"));
}

TEST_F(NpzTest, DamageIsFound) {
  const std::string intact = EncodeNpz({{"a", Of<double>(std::vector<double>(100, 0.5), {100})}});
  EXPECT_THAT(ErrorOf([&] { DecodeNpz(intact.substr(0, 100), "x.npz"); }),
              HasSubstr("x.npz: cannot be read as a .npz archive"));
  EXPECT_EQ(ErrorOf([&] { DecodeNpz("", "x.npz"); }), "x.npz: is empty");
  std::string damaged = intact;
  damaged[60] ^= 0x10;  // inside the compressed array
  EXPECT_THAT(ErrorOf([&] { DecodeNpz(damaged, "x.npz"); }),
              HasSubstr("x.npz: member 'a.npy' is damaged"));
  damaged = intact;
  damaged[damaged.rfind("PK\x01\x02") + 16] ^= 0x10;  // the checksum of an array that unpacks well
  EXPECT_THAT(ErrorOf([&] { DecodeNpz(damaged, "x.npz"); }),
              HasSubstr("x.npz: member 'a.npy' is damaged: CRC error"));
}

TEST_F(NpzTest, AClaimedSizeBeyondDeflateIsRefused) {
  std::string bytes = EncodeNpz({{"a", Of<double>({1}, {1})}});
  const std::size_t directory = bytes.rfind("PK\x01\x02");
  const std::uint32_t huge = 4'000'000'000;
  std::memcpy(&bytes[directory + 24], &huge, sizeof huge);  // the uncompressed size
  EXPECT_THAT(ErrorOf([&] { DecodeNpz(bytes, "x.npz"); }),
              HasSubstr("member 'a.npy' cannot unpack"));
}

}  // namespace
}  // namespace saccade

#include "core/media/event_file.h"

#include <bit>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/crc32c.h"
#include "core/base/file.h"
#include "tests/testing/temporary_folder.h"

namespace saccade {
namespace {

template <class T>
T Take(std::string_view& bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

// The data of every record; fails where a checksum does not fit.
std::vector<std::string> Records(std::string_view bytes) {
  const auto masked = [](std::string_view of) { return std::rotr(Crc32c(of), 15) + 0xa282ead8u; };
  std::vector<std::string> records;
  while (!bytes.empty()) {
    const std::string_view length_bytes = bytes.substr(0, 8);
    const auto length = Take<std::uint64_t>(bytes);
    EXPECT_EQ(Take<std::uint32_t>(bytes), masked(length_bytes));
    records.emplace_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
    EXPECT_EQ(Take<std::uint32_t>(bytes), masked(records.back()));
  }
  return records;
}

std::string Bytes(double value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }
std::string Bytes(float value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }

class EventFileTest : public testing::Test {
 protected:
  EventFileTest() { EventFileWriter(path_, 1.5).AddScalar("return/mean", 0.25, 300, 2.5); }

  testing_tools::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "events.tfevents.test";
};

TEST_F(EventFileTest, BeginsAsTensorFlowsFilesDo) {
  using namespace std::string_literals;
  // The length 24 and its checksum, as in every file that TensorFlow ever wrote.
  EXPECT_EQ(ReadFile(path_).substr(0, 12), "\x18\0\0\0\0\0\0\0\xa3\x7fK\""s);
}

TEST_F(EventFileTest, HoldsScalarsAsProtocolBuffers) {
  using namespace std::string_literals;
  const std::vector<std::string> records = Records(ReadFile(path_));
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0], "\x09" + Bytes(1.5) + "\x1a\x0d" + "brain.Event:2");
  const std::string value =
      "\x0a\x0b"
      "return/mean"
      "\x15" +
      Bytes(0.25f);                                             // tag, simple_value
  EXPECT_EQ(records[1], "\x09" + Bytes(2.5) + "\x10\xac\x02" +  // step 300 = 0b10'0101100
                            "\x2a\x14" + "\x0a\x12" + value);
}

TEST_F(EventFileTest, GoesOnWithAFileThatIsThere) {
  EventFileWriter(path_, 9).AddScalar("b", 1, 301, 3.5);
  EXPECT_EQ(Records(ReadFile(path_)).size(), 3u);  // and no second beginning
}

}  // namespace
}  // namespace saccade

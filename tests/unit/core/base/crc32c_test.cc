#include "core/base/crc32c.h"

#include <string>

#include <gtest/gtest.h>

namespace saccade {
namespace {

std::string Sequence(int first, int step) {
  std::string bytes;
  for (int i = 0; i < 32; ++i) bytes.push_back(static_cast<char>(first + i * step));
  return bytes;
}

TEST(Crc32cTest, MatchesThePublishedVectors) {  // RFC 3720, appendix B.4
  EXPECT_EQ(Crc32c(""), 0u);
  EXPECT_EQ(Crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62A8AB43u);
  EXPECT_EQ(Crc32c(Sequence(0, 1)), 0x46DD794Eu);
  EXPECT_EQ(Crc32c(Sequence(31, -1)), 0x113FDB5Cu);
}

TEST(Crc32cTest, PartsGiveTheSameAsTheWhole) {
  for (int cut = 0; cut <= 9; ++cut) {
    const std::string_view whole = "123456789";
    EXPECT_EQ(Crc32c(whole.substr(cut), Crc32c(whole.substr(0, cut))), Crc32c(whole));
  }
}

}  // namespace
}  // namespace saccade

#include "core/base/file.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "tests/testing/temporary_folder.h"

namespace saccade {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FileTest : public testing::Test {
 protected:
  testing_tools::TemporaryFolder temporary_;
  fs::path folder_ = temporary_.path();
};

template <class Function>
std::string MessageOf(Function function, ErrorKind kind) {
  try {
    function();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST_F(FileTest, WritesWhatItReads) {
  const std::string content("a\0b\n", 4);
  WriteFileAtomically(folder_ / "x", content);
  EXPECT_EQ(ReadFile(folder_ / "x"), content);
  WriteFileAtomically(folder_ / "x", "new");
  EXPECT_EQ(ReadFile(folder_ / "x"), "new");
}

TEST_F(FileTest, LeavesNoTemporaryFileBehind) {
  WriteFileAtomically(folder_ / "x", "content");
  const auto files = std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  EXPECT_EQ(files, 1);
}

TEST_F(FileTest, SaysBeforehandThatAFileCannotBeWritten) {
  RequireWritable(folder_ / "x");
  EXPECT_TRUE(fs::is_empty(folder_));  // asking leaves nothing
  RequireWritable("/dev/null");
  const auto refusal = [&](const fs::path& path) {
    return MessageOf([&] { RequireWritable(path); }, ErrorKind::kEnvironment);
  };
  EXPECT_THAT(refusal(folder_), HasSubstr("cannot write: Is a directory"));
  EXPECT_THAT(refusal(folder_ / "none" / "x"), HasSubstr("cannot write: No such file"));
}

TEST_F(FileTest, UnfinishedFilesAreThoseOfAProcess) {
  EXPECT_TRUE(IsUnfinished("x.json.1234.tmp"));
  for (const char* other : {"x.tmp", "x.json.tmp", "x.12a.tmp", "x..tmp", ".tmp", "1234"}) {
    EXPECT_FALSE(IsUnfinished(other)) << other;
  }
}

TEST_F(FileTest, AFailedWriteLeavesTheOldFileAlone) {
  fs::create_directories(folder_ / "x" / "not empty");  // rename onto it must fail
  const std::string message =
      MessageOf([&] { WriteFileAtomically(folder_ / "x", "new"); }, ErrorKind::kEnvironment);
  EXPECT_THAT(message, HasSubstr("cannot write"));
  EXPECT_TRUE(fs::is_directory(folder_ / "x" / "not empty"));
  const auto files = std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  EXPECT_EQ(files, 1);
}

TEST_F(FileTest, AFullDiskIsNamed) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full on this machine";
  AppendFile file("/dev/full");
  const std::string message = MessageOf([&] { file.Append("x"); }, ErrorKind::kEnvironment);
  EXPECT_EQ(message,
            "/dev/full: cannot write: No space left on device; free some space or choose another "
            "folder");
}

TEST_F(FileTest, ReadingRefusesWhatIsNotAFile) {
  EXPECT_THAT(MessageOf([&] { ReadFile(folder_ / "missing"); }, ErrorKind::kInput),
              HasSubstr("missing: cannot read: No such file or directory"));
  EXPECT_THAT(MessageOf([&] { ReadFile(folder_); }, ErrorKind::kInput),
              HasSubstr("is a folder, not a regular file; give the name of a file"));
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);  // nobody will ever write into it
  EXPECT_THAT(MessageOf([&] { ReadFile(folder_ / "pipe"); }, ErrorKind::kInput),
              HasSubstr("is a device or a pipe"));
  WriteFileAtomically(folder_ / "big", "12345");
  EXPECT_THAT(MessageOf([&] { ReadFile(folder_ / "big", 4); }, ErrorKind::kInput),
              HasSubstr("has 5 bytes; at most 4"));
}

TEST_F(FileTest, LinksAndDevicesStay) {
  WriteFileAtomically(folder_ / "target", "old");
  fs::create_symlink("target", folder_ / "link");
  WriteFileAtomically(folder_ / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(ReadFile(folder_ / "target"), "new");
  fs::create_symlink("not-yet", folder_ / "first");
  fs::create_symlink(folder_ / "first", folder_ / "second");
  WriteFileAtomically(folder_ / "second", "x");
  EXPECT_TRUE(fs::is_symlink(folder_ / "second") && fs::is_symlink(folder_ / "first"));
  EXPECT_EQ(ReadFile(folder_ / "not-yet"), "x");
  // A device of our own: a file must not take the place of the system's.
  if (::mknod((folder_ / "full").c_str(), S_IFCHR | 0600, ::makedev(1, 7)) != 0) {
    GTEST_SKIP() << "only root may make a device";
  }
  EXPECT_THAT(
      MessageOf([&] { WriteFileAtomically(folder_ / "full", "x"); }, ErrorKind::kEnvironment),
      HasSubstr("No space left on device"));
  EXPECT_TRUE(fs::is_character_file(folder_ / "full"));
}

TEST_F(FileTest, AppendKeepsWhatWasThere) {
  AppendFile(folder_ / "log").Append("one\n");
  AppendFile(folder_ / "log").Append("two\n");
  EXPECT_EQ(ReadFile(folder_ / "log"), "one\ntwo\n");
}

}  // namespace
}  // namespace saccade

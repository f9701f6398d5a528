// Reading whole files and replacing them so that no reader ever sees half of one.

#ifndef SACCADE_CORE_BASE_FILE_H_
#define SACCADE_CORE_BASE_FILE_H_

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace saccade {

// The whole file. Throws kInput when it is missing, is not a regular file, cannot be read, or is
// larger than `max_bytes`.
std::string ReadFile(const std::filesystem::path& path,
                     std::size_t max_bytes = std::size_t{1} << 32);

// Replaces `path` atomically: temporary file beside it, fsync, rename, fsync of the folder. After a
// crash at any moment the old or the new content is there, never a mixture. Throws kEnvironment
// with the reason (no space, no permission); the old file is then untouched and the temporary gone.
// A link stays, and what it points to is replaced. A device or a pipe is written into, and so is an
// open descriptor (/dev/stdout, /dev/fd/3), where it stands, whatever file it leads to.
void WriteFileAtomically(const std::filesystem::path& path, std::string_view content);

// Throws as WriteFileAtomically would when `path` cannot be written: to be asked before the work
// whose result goes there.
void RequireWritable(const std::filesystem::path& path);

// Whether `name` leads to the standard output (/dev/stdout): what else is printed there would mix
// with the content.
bool IsStandardOutput(const std::filesystem::path& name);

// Whether content that is written to `name` once more comes after the first, instead of replacing
// it: a device, a pipe, an open descriptor.
bool IsStream(const std::filesystem::path& name);

// Whether `name` is that of a file that WriteFileAtomically had not finished: what a process leaves
// that is killed meanwhile.
bool IsUnfinished(const std::filesystem::path& name);

// Appends to a file and reports a full disk as an error instead of losing lines silently.
// The content reaches the operating system before Append returns, so a killed process loses
// nothing.
class AppendFile {
 public:
  explicit AppendFile(const std::filesystem::path& path);
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  // Throws kEnvironment when it cannot, or when the file was deleted meanwhile.
  void Append(std::string_view content);

  // Returns when all of it is on disk, so that a power failure loses nothing either.
  void Sync();

 private:
  std::filesystem::path path_;
  int descriptor_;
};

// Makes a folder and its parents; throws kEnvironment with the reason.
void MakeFolder(const std::filesystem::path& path);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_FILE_H_

#include "core/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "core/base/error.h"

namespace saccade {
namespace {

// Owns a file descriptor; Close reports what a destructor could not.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  int Close() {
    const int result = ::close(fd_);
    fd_ = -1;
    return result;
  }

 private:
  int fd_;
};

Error WriteError(const std::filesystem::path& path, int error) {
  const char* remedy = "choose a folder that can be written to";
  if (error == ENOSPC || error == EDQUOT) remedy = "free some space or choose another folder";
  if (error == EBADF) remedy = "open it for writing, as in 3>FILE";
  if (error == EMFILE) remedy = "raise the limit of open files (ulimit -n)";
  if (error == EFBIG) remedy = "raise the limit on the size of files (ulimit -f)";
  return EnvironmentError(
      fmt::format("{}: cannot write: {}; {}", path.string(), std::strerror(error), remedy));
}

// 0 on success, else errno.
int WriteAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

int WriteAndSync(const std::filesystem::path& path, std::string_view content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) return errno;
  if (const int error = WriteAll(file.get(), content)) return error;
  if (::fsync(file.get()) != 0) return errno;
  return file.Close() != 0 ? errno : 0;
}

// Devices, pipes and sockets: there is nothing to replace, and a file in the place of /dev/null
// would be the end of many a program.
bool IsSpecial(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_other(path, ignored);
}

// 0 on success, else errno.
int WriteInto(const std::filesystem::path& path, std::string_view content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0) return errno;
  if (const int error = WriteAll(file.get(), content)) return error;
  return file.Close() != 0 ? errno : 0;
}

// Where a name leads.
struct Destination {
  std::filesystem::path path;  // behind all links; it need not exist yet
  int descriptor = -1;         // an open one of this process, if the name stands for that

  bool is_stream() const { return descriptor >= 0 || IsSpecial(path); }
};

// The open descriptor that /proc/self/fd/N stands for; -1 if `path` is no such name.
int DescriptorOf(const std::filesystem::path& path) {
  std::error_code error;
  const auto own = std::filesystem::canonical("/proc/self/fd", error);
  if (error || std::filesystem::canonical(path.parent_path(), error) != own || error) return -1;
  const std::string name = path.filename().string();
  int number = -1;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
  return problem == std::errc() && end == name.data() + name.size() ? number : -1;
}

// Follows links, so that they stay. Not those of open descriptors (/dev/stdout, /dev/fd/3): the
// file that one of them leads to is being written by somebody, who may append to it.
Destination Follow(std::filesystem::path path) {
  constexpr int kMostLinks = 40;  // as Linux; more are a circle
  std::error_code error;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(path, error); ++i) {
    if (const int descriptor = DescriptorOf(path); descriptor >= 0) return {path, descriptor};
    path = path.parent_path() / std::filesystem::read_symlink(path, error);
  }
  return {path};
}

std::filesystem::path TemporaryBeside(std::filesystem::path path) {
  return path += fmt::format(".{}.tmp", ::getpid());
}

// Makes a rename durable. Some file systems cannot sync a folder; they are no worse off than
// before.
void SyncFolder(const std::filesystem::path& folder) {
  const Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.get() >= 0) ::fsync(handle.get());
}

}  // namespace

std::string ReadFile(const std::filesystem::path& path, std::size_t max_bytes) {
  // Opening a pipe without O_NONBLOCK would wait for whoever writes into it.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
    throw InputError(fmt::format("{}: cannot read: {}", path.string(), std::strerror(errno)));
  }
  if (!S_ISREG(info.st_mode)) {
    throw InputError(fmt::format("{}: is {}, not a regular file; give the name of a file",
                                 path.string(),
                                 S_ISDIR(info.st_mode) ? "a folder" : "a device or a pipe"));
  }
  if (static_cast<std::size_t>(info.st_size) > max_bytes) {
    throw InputError(fmt::format("{}: has {} bytes; at most {} are accepted here", path.string(),
                                 info.st_size, max_bytes));
  }
  std::string content(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t count = ::read(file.get(), content.data() + filled, content.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      throw InputError(fmt::format("{}: cannot read: {}", path.string(), std::strerror(errno)));
    }
    if (count == 0) break;  // shrunk while being read
    filled += static_cast<std::size_t>(count);
  }
  content.resize(filled);
  return content;
}

void WriteFileAtomically(const std::filesystem::path& name, std::string_view content) {
  const Destination to = Follow(name);
  const auto& [path, descriptor] = to;
  if (to.is_stream()) {
    const int failure = descriptor >= 0 ? WriteAll(descriptor, content) : WriteInto(path, content);
    if (failure != 0) throw WriteError(name, failure);
    return;
  }
  const std::filesystem::path temporary = TemporaryBeside(path);
  int error = WriteAndSync(temporary, content);
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    throw WriteError(name, error);
  }
  SyncFolder(path.has_parent_path() ? path.parent_path() : ".");
}

void RequireWritable(const std::filesystem::path& name) {
  const auto [path, descriptor] = Follow(name);
  if (descriptor >= 0) {
    const int flags = ::fcntl(descriptor, F_GETFL);
    if (flags < 0) throw WriteError(name, errno);
    if ((flags & O_ACCMODE) == O_RDONLY) throw WriteError(name, EBADF);
    return;
  }
  if (IsSpecial(path)) {
    if (::access(path.c_str(), W_OK) != 0) throw WriteError(name, errno);
    return;
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw WriteError(name, EISDIR);
  const std::filesystem::path temporary = TemporaryBeside(path);
  if (const int error = WriteAndSync(temporary, "")) throw WriteError(name, error);
  ::unlink(temporary.c_str());
}

bool IsStandardOutput(const std::filesystem::path& name) {
  return Follow(name).descriptor == STDOUT_FILENO;
}

bool IsStream(const std::filesystem::path& name) { return Follow(name).is_stream(); }

bool IsUnfinished(const std::filesystem::path& name) {
  const std::string process = name.stem().extension().string();  // ".1234" of "x.json.1234.tmp"
  return name.extension() == ".tmp" && process.size() > 1 &&
         process.find_first_not_of("0123456789", 1) == std::string::npos;
}

AppendFile::AppendFile(const std::filesystem::path& path)
    : path_(path),
      descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) throw WriteError(path, errno);
}

AppendFile::~AppendFile() { ::close(descriptor_); }

void AppendFile::Append(std::string_view content) {
  struct stat info {};
  if (::fstat(descriptor_, &info) == 0 && info.st_nlink == 0) {
    throw EnvironmentError(fmt::format(
        "{}: has gone while it was being written; keep it where it is", path_.string()));
  }
  if (const int error = WriteAll(descriptor_, content)) throw WriteError(path_, error);
}

void AppendFile::Sync() {
  // EINVAL: a file that cannot be synced, such as /dev/full.
  if (::fdatasync(descriptor_) != 0 && errno != EINVAL) throw WriteError(path_, errno);
}

void MakeFolder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw WriteError(path, error.value());
}

}  // namespace saccade

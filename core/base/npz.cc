#include "core/base/npz.h"

#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <zip.h>

#include "core/base/error.h"
#include "core/base/file.h"

namespace saccade {
namespace {

constexpr std::string_view kSuffix = ".npy";
constexpr std::uint64_t kMaxDeflateRatio = 1032;  // 258 bytes from two bits
constexpr int kFastDeflate = 1;

struct SourceDeleter {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
struct ArchiveDeleter {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct MemberDeleter {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Source = std::unique_ptr<zip_source_t, SourceDeleter>;
using Archive = std::unique_ptr<zip_t, ArchiveDeleter>;
using Member = std::unique_ptr<zip_file_t, MemberDeleter>;

// Collects libzip's reason for a failure that has no archive yet.
class ZipError {
 public:
  ZipError() { zip_error_init(&error_); }
  ~ZipError() { zip_error_fini(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;

  zip_error_t* get() { return &error_; }
  const char* text() { return zip_error_strerror(&error_); }

 private:
  zip_error_t error_;
};

// ---- Reading

class NpzReader {
 public:
  // `bytes` must outlive the reader.
  NpzReader(std::string_view bytes, std::string name)
      : name_(std::move(name)), left_(bytes.size() * kMaxDeflateRatio) {
    if (bytes.empty()) throw InputError(fmt::format("{}: is empty", name_));
    ZipError error;
    Source source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, error.get()));
    if (source) archive_.reset(zip_open_from_source(source.get(), ZIP_RDONLY, error.get()));
    if (!archive_) {
      throw InputError(
          fmt::format("{}: cannot be read as a .npz archive: {}", name_, error.text()));
    }
    static_cast<void>(source.release());  // the archive owns it now
  }

  std::uint64_t size() const {
    return static_cast<std::uint64_t>(zip_get_num_entries(archive_.get(), 0));
  }

  // The name of an array, without ".npy".
  std::string ArrayName(std::uint64_t index) const {
    const std::string member = Stat(index).name;
    if (!member.ends_with(kSuffix)) Fail(member, "is not a .npy array");
    // libzip would read other bytes as code page 437, and could not write them back.
    const char* guessed = zip_get_name(archive_.get(), index, ZIP_FL_ENC_GUESS);
    if (guessed == nullptr || member != guessed) {
      Fail(member, "has a name that is not UTF-8; rename the array");
    }
    return member.substr(0, member.size() - kSuffix.size());
  }

  std::optional<std::uint64_t> Find(const std::string& array) const {
    const std::string member = array + std::string(kSuffix);
    const std::int64_t index = zip_name_locate(archive_.get(), member.c_str(), ZIP_FL_ENC_RAW);
    if (index < 0) return std::nullopt;
    return static_cast<std::uint64_t>(index);
  }

  // The uncompressed bytes of a member, whose checksum has been verified.
  std::string Content(std::uint64_t index) {
    const zip_stat_t stat = Stat(index);
    if (stat.size / kMaxDeflateRatio > stat.comp_size) {
      Fail(stat.name, fmt::format("cannot unpack {} bytes into {}", stat.comp_size, stat.size));
    }
    // Members that share their bytes could claim the limit many times over.
    if (stat.size > left_) {
      Fail(stat.name, "makes the archive unpack to more than its bytes can hold");
    }
    left_ -= stat.size;
    const Member member(zip_fopen_index(archive_.get(), index, 0));
    if (!member) Fail(stat.name, zip_strerror(archive_.get()));
    std::string content(stat.size, '\0');
    const std::int64_t count = zip_fread(member.get(), content.data(), content.size());
    char beyond = 0;  // reaching the end is what makes libzip compare the checksum
    if (count < 0 || zip_fread(member.get(), &beyond, 1) != 0) {
      Fail(stat.name, fmt::format("is damaged: {}", zip_file_strerror(member.get())));
    }
    if (static_cast<std::uint64_t>(count) != stat.size) Fail(stat.name, "is truncated");
    return content;
  }

  std::string PlaceOf(const std::string& array) const {
    return fmt::format("{}: array '{}'", name_, array);
  }

 private:
  [[noreturn]] void Fail(const std::string& member, const std::string& problem) const {
    throw InputError(fmt::format("{}: member '{}' {}", name_, member, problem));
  }

  zip_stat_t Stat(std::uint64_t index) const {
    zip_stat_t stat;
    constexpr std::uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if (zip_stat_index(archive_.get(), index, ZIP_FL_ENC_RAW, &stat) != 0 ||
        (stat.valid & kNeeded) != kNeeded) {
      throw InputError(fmt::format("{}: member {} has no name or size", name_, index));
    }
    return stat;
  }

  std::string name_;
  std::uint64_t left_;  // bytes that the rest of the archive may still unpack to
  Archive archive_;
};

// ---- Writing

// Only memory can run out here.
[[noreturn]] void FailToWrite(const char* reason) {
  throw EnvironmentError(fmt::format("cannot make a .npz archive: {}", reason));
}

// The archive keeps no copy of `npy`, which must outlive its closing.
void AddMember(zip_t* archive, const std::string& name, std::string_view npy) {
  zip_source_t* source = zip_source_buffer(archive, npy.data(), npy.size(), 0);
  if (source == nullptr) FailToWrite(zip_strerror(archive));
  const std::int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    FailToWrite(zip_strerror(archive));
  }
  const auto member = static_cast<std::uint64_t>(index);
  // 1980-01-01 00:00, the first moment of ZIP: the bytes must not depend on the clock.
  constexpr std::uint16_t kDosDate = (1 << 5) | 1;
  if (zip_file_set_dostime(archive, member, 0, kDosDate, 0) != 0 ||
      zip_set_file_compression(archive, member, ZIP_CM_DEFLATE, kFastDeflate) != 0) {
    FailToWrite(zip_strerror(archive));
  }
}

std::string ReadBack(zip_source_t* source) {
  zip_stat_t stat;
  if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0) {
    FailToWrite(zip_error_strerror(zip_source_error(source)));
  }
  std::string bytes(stat.size, '\0');
  const std::int64_t count = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (count != static_cast<std::int64_t>(bytes.size())) FailToWrite("it cannot be read back");
  return bytes;
}

}  // namespace

std::string EncodeNpz(const TensorMap& tensors) {
  if (tensors.empty()) return "PK\x05\x06" + std::string(18, '\0');  // libzip writes nothing here
  ZipError error;
  const Source buffer(zip_source_buffer_create(nullptr, 0, 0, error.get()));
  if (!buffer) FailToWrite(error.text());
  Archive archive(zip_open_from_source(buffer.get(), ZIP_TRUNCATE, error.get()));
  if (!archive) FailToWrite(error.text());
  zip_source_keep(buffer.get());  // closing the archive takes one reference

  std::vector<std::string> members;
  members.reserve(tensors.size());
  for (const auto& [name, tensor] : tensors) {
    members.push_back(EncodeNpy(tensor));
    AddMember(archive.get(), name + std::string(kSuffix), members.back());
  }
  if (zip_close(archive.get()) != 0) FailToWrite(zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // closed
  return ReadBack(buffer.get());
}

TensorMap DecodeNpz(std::string_view bytes, const std::string& source) {
  NpzReader reader(bytes, source);
  TensorMap tensors;
  for (std::uint64_t i = 0; i < reader.size(); ++i) {
    const std::string name = reader.ArrayName(i);
    const std::string place = reader.PlaceOf(name);
    const std::string npy = reader.Content(i);
    if (NpyHoldsTexts(npy, place)) continue;
    if (!tensors.emplace(name, DecodeNpy(npy, place)).second) {
      throw InputError(fmt::format("{} is there twice", place));
    }
  }
  return tensors;
}

TensorMap ReadNpz(const std::filesystem::path& path) {
  return DecodeNpz(ReadFile(path), path.string());
}

std::vector<std::string> ReadNpzStrings(const std::filesystem::path& path,
                                        const std::string& name) {
  const std::string bytes = ReadFile(path);
  NpzReader reader(bytes, path.string());
  const std::optional<std::uint64_t> index = reader.Find(name);
  if (!index) throw InputError(fmt::format("{} is missing", reader.PlaceOf(name)));
  return DecodeNpyStrings(reader.Content(*index), reader.PlaceOf(name));
}

void WriteNpz(const std::filesystem::path& path, const TensorMap& tensors) {
  WriteFileAtomically(path, EncodeNpz(tensors));
}

}  // namespace saccade

#include "core/base/safetensors.h"

#include <fmt/format.h>
#include <zlib.h>

#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace saccade {
namespace {

using Json = nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "the layout is little endian");

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kLargestHeader = 100'000'000;  // the limit of the reference implementation
constexpr const char* kMetadata = "__metadata__";
constexpr const char* kChecksum = "checksum";

constexpr std::pair<DType, const char*> kTypes[] = {
    {DType::kFloat64, "F64"}, {DType::kFloat32, "F32"}, {DType::kInt64, "I64"},
    {DType::kUint64, "U64"},  {DType::kUint8, "U8"},    {DType::kBool, "BOOL"},
};

const char* TypeName(DType type) {
  for (const auto& [known, name] : kTypes) {
    if (known == type) return name;
  }
  return "";
}

std::uint32_t Crc(std::string_view text, std::uint32_t crc) {
  while (!text.empty()) {
    const std::string_view part = text.substr(0, 1u << 30);
    crc = static_cast<std::uint32_t>(
        ::crc32(crc, reinterpret_cast<const Bytef*>(part.data()), static_cast<uInt>(part.size())));
    text.remove_prefix(part.size());
  }
  return crc;
}

// Of the header without its checksum, then of the data.
std::string Checksum(const Json& header, std::string_view data) {
  Json bare = header;
  bare[kMetadata].erase(kChecksum);
  return fmt::format("{:08x}", Crc(data, Crc(bare.dump(), 0)));
}

class Decoder {
 public:
  Decoder(std::string_view bytes, const std::string& source) : bytes_(bytes), source_(source) {}

  SafetensorsFile Decode() {
    const Json header = ReadHeader();
    const std::string_view data = bytes_.substr(data_begin_);
    SafetensorsFile file;
    std::size_t end = 0;
    for (const auto& [name, entry] : header.items()) {
      if (name == kMetadata) continue;
      file.tensors.emplace(name, ReadTensor(name, entry, data, end));
    }
    if (end != data.size()) {
      Fail(fmt::format("is truncated or has been extended: the header describes {} bytes of data, the "
                       "file has {}",
                       end, data.size()));
    }
    const std::string checksum = ReadMetadata(header, file.metadata);
    if (checksum != Checksum(header, data)) {
      Fail("is damaged: its checksum differs; use an earlier checkpoint");
    }
    return file;
  }

 private:
  [[noreturn]] void Fail(const std::string& problem) const {
    throw InputError(fmt::format("{}: {}", source_, problem));
  }

  Json ReadHeader() {
    if (bytes_.size() < kLengthBytes) {
      Fail(fmt::format("is truncated: {} bytes are no safetensors file", bytes_.size()));
    }
    std::uint64_t length = 0;
    std::memcpy(&length, bytes_.data(), kLengthBytes);
    if (length > kLargestHeader || length > bytes_.size() - kLengthBytes) {
      Fail(fmt::format("is truncated or no safetensors file: its header says {} bytes, {} are there",
                       length, bytes_.size() - kLengthBytes));
    }
    data_begin_ = kLengthBytes + static_cast<std::size_t>(length);
    const std::string_view text = bytes_.substr(kLengthBytes, static_cast<std::size_t>(length));
    Json header;
    try {
      header = Json::parse(text.begin(), text.end(), [this](int depth, Json::parse_event_t, Json&) {
        constexpr int kDeepest = 4;
        if (depth > kDeepest) Fail("is no safetensors file: its header is nested too deep");
        return true;
      });
    } catch (const Json::exception&) {
      Fail("is damaged: its header is not JSON");
    }
    // The parser keeps one of two equal names; what it kept must be what was written.
    std::string_view written = text.substr(0, text.find_last_not_of(' ') + 1);
    if (!header.is_object() || header.dump(-1, ' ', false, Json::error_handler_t::replace) != written) {
      Fail("is damaged: its header is not as Saccade writes it");
    }
    return header;
  }

  Tensor ReadTensor(const std::string& name, const Json& entry, std::string_view data,
                    std::size_t& end) const {
    try {
      const auto type_name = entry.at("dtype").get<std::string>();
      const auto shape = entry.at("shape").get<std::vector<std::int64_t>>();
      const auto offsets = entry.at("data_offsets").get<std::vector<std::uint64_t>>();
      if (offsets.size() != 2 || offsets[0] != end || offsets[1] < offsets[0] ||
          offsets[1] > data.size()) {
        Fail(fmt::format("is truncated or damaged: the data of '{}' is not where the header says", name));
      }
      end = static_cast<std::size_t>(offsets[1]);
      for (const auto& [type, known] : kTypes) {
        if (type_name != known) continue;
        const auto raw = std::as_bytes(std::span(data.substr(offsets[0], offsets[1] - offsets[0])));
        return Tensor(type, shape, {raw.begin(), raw.end()});
      }
      Fail(fmt::format("'{}' has the type {}, which is not supported", name, type_name));
    } catch (const Json::exception&) {
      Fail(fmt::format("is damaged: the entry of '{}' in the header is incomplete", name));
    } catch (const Error& error) {
      if (std::string_view(error.what()).starts_with(source_)) throw;
      Fail(fmt::format("'{}': {}", name, error.what()));
    }
  }

  std::string ReadMetadata(const Json& header, std::map<std::string, std::string>& metadata) const {
    try {
      metadata = header.at(kMetadata).get<std::map<std::string, std::string>>();
      const std::string checksum = metadata.at(kChecksum);
      metadata.erase(kChecksum);
      return checksum;
    } catch (const std::exception&) {
      Fail("has no checksum in its metadata, so Saccade did not write it");
    }
  }

  std::string_view bytes_;
  const std::string& source_;
  std::size_t data_begin_ = 0;
};

}  // namespace

std::string EncodeSafetensors(const TensorMap& tensors,
                              const std::map<std::string, std::string>& metadata) {
  Json header;
  header[kMetadata] = metadata;
  std::string data;
  for (const auto& [name, tensor] : tensors) {
    const std::size_t begin = data.size();
    data.append(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size());
    header[name] = {{"dtype", TypeName(tensor.type())},
                    {"shape", tensor.shape()},
                    {"data_offsets", {begin, data.size()}}};
  }
  header[kMetadata][kChecksum] = Checksum(header, data);
  std::string text = header.dump();
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  return bytes + text + data;
}

SafetensorsFile DecodeSafetensors(std::string_view bytes, const std::string& source) {
  return Decoder(bytes, source).Decode();
}

}  // namespace saccade

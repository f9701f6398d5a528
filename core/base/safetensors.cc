#include "core/base/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/base/crc32c.h"
#include "core/base/error.h"

namespace saccade {
namespace {

static_assert(std::endian::native == std::endian::little);

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // keeps the checksum first; slow to look things up in

constexpr const char* kMetadata = "__metadata__";
constexpr const char* kChecksum = "checksum";
constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxHeaderBytes = 100'000'000;  // the limit of the layout's own library
constexpr std::size_t kMaxJsonDepth = 3;              // {name: {"shape": [
constexpr std::size_t kDigits = 8;
// The checksum comes first, so that its place does not depend on the rest of the header.
constexpr std::string_view kHeaderStart = R"({"__metadata__":{"checksum":")";

constexpr std::pair<DType, const char*> kTypeNames[] = {
    {DType::kFloat64, "F64"}, {DType::kFloat32, "F32"}, {DType::kInt64, "I64"},
    {DType::kUint64, "U64"},  {DType::kUint8, "U8"},    {DType::kBool, "BOOL"}};

const char* LayoutName(DType type) {
  return std::find_if(std::begin(kTypeNames), std::end(kTypeNames),
                      [type](const auto& entry) { return entry.first == type; })
      ->second;
}

// The checksum of `file` without the digits that will hold it.
std::string ChecksumDigits(std::string_view file) {
  const std::size_t digits = kLengthBytes + kHeaderStart.size();
  const std::uint32_t before = Crc32c(file.substr(0, digits));
  return fmt::format("{:08x}", Crc32c(file.substr(digits + kDigits), before));
}

// ---- Encoding

using Entry = TensorMap::value_type;

// Wide elements first keeps every array aligned; by name within one width.
std::vector<const Entry*> InLayoutOrder(const TensorMap& tensors) {
  std::vector<const Entry*> order;
  for (const Entry& entry : tensors) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
    return ByteSize(a->second.type()) > ByteSize(b->second.type());
  });
  return order;
}

std::string HeaderText(const std::vector<const Entry*>& order,
                       const std::map<std::string, std::string>& metadata) {
  OrderedJson header;
  header[kMetadata][kChecksum] = std::string(kDigits, '0');
  for (const auto& [key, text] : metadata) header[kMetadata][key] = text;
  std::size_t offset = 0;
  for (const Entry* entry : order) {
    const auto& [name, tensor] = *entry;
    const std::size_t end = offset + tensor.bytes().size();
    header[name] = {{"dtype", LayoutName(tensor.type())},
                    {"shape", tensor.shape()},
                    {"data_offsets", {offset, end}}};
    offset = end;
  }
  try {
    return header.dump();
  } catch (const OrderedJson::exception& error) {
    throw InputError(fmt::format("a name or text to be stored is not UTF-8: {}", error.what()));
  }
}

// ---- Decoding

// Parses JSON that is shallow and has no duplicate keys; the plain parser would keep the last one.
Json ParseStrictly(std::string_view text) {
  std::vector<std::set<std::string>> keys;
  const auto check = [&keys](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > static_cast<int>(kMaxJsonDepth)) throw InputError("is nested too deeply");
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key) {
      const std::string key = parsed.get<std::string>();
      if (!keys.back().insert(key).second) throw InputError(fmt::format("names '{}' twice", key));
    }
    return true;
  };
  try {
    return Json::parse(text, check);
  } catch (const Json::exception&) {
    throw InputError("is not valid JSON");
  }
}

struct Slot {
  std::string name;
  DType type;
  std::vector<std::int64_t> shape;
  std::size_t begin;
  std::size_t end;
};

struct Header {
  std::map<std::string, std::string> metadata;
  std::vector<Slot> slots;  // in the order of the buffer
};

const Json& Member(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) throw InputError(fmt::format("has no '{}'", key));
  return *found;
}

template <class Int>
std::vector<Int> Naturals(const Json& list, const char* key) {
  std::vector<Int> values;
  if (!list.is_array()) throw InputError(fmt::format("'{}' must be a list", key));
  for (const Json& item : list) {
    if (!item.is_number_unsigned() || !std::in_range<Int>(item.get<std::uint64_t>())) {
      throw InputError(fmt::format("'{}' must hold whole numbers that are not negative", key));
    }
    values.push_back(item.get<Int>());
  }
  return values;
}

DType ReadType(const Json& name) {
  for (const auto& [type, known] : kTypeNames) {
    if (name == known) return type;
  }
  throw InputError("'dtype' must be one of F64, F32, I64, U64, U8, BOOL");
}

Slot ReadSlot(const std::string& name, const Json& entry) {
  if (!entry.is_object()) throw InputError("must be an object");
  const auto offsets = Naturals<std::size_t>(Member(entry, "data_offsets"), "data_offsets");
  if (offsets.size() != 2 || offsets[0] > offsets[1]) {
    throw InputError("'data_offsets' must be [begin, end]");
  }
  return {name, ReadType(Member(entry, "dtype")),
          Naturals<std::int64_t>(Member(entry, "shape"), "shape"), offsets[0], offsets[1]};
}

std::map<std::string, std::string> ReadMetadata(const Json& entry) {
  std::map<std::string, std::string> metadata;
  if (!entry.is_object()) throw InputError("must be an object");
  for (const auto& [key, text] : entry.items()) {
    if (!text.is_string()) throw InputError(fmt::format("'{}' must be a text", key));
    if (key != kChecksum) metadata[key] = text.get<std::string>();
  }
  return metadata;
}

Header ReadHeader(std::string_view text) {
  Header header;
  const Json json = ParseStrictly(text);
  if (!json.is_object()) throw InputError("must be an object");
  for (const auto& [name, entry] : json.items()) {
    try {
      if (name == kMetadata) {
        header.metadata = ReadMetadata(entry);
      } else {
        header.slots.push_back(ReadSlot(name, entry));
      }
    } catch (const Error& error) {
      throw InputError(fmt::format("'{}': {}", name, error.what()));
    }
  }
  std::sort(header.slots.begin(), header.slots.end(), [](const Slot& a, const Slot& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  return header;
}

std::size_t BufferSize(const Header& header) {
  return header.slots.empty() ? 0 : header.slots.back().end;
}

// The arrays of `buffer`, which they must fill exactly.
TensorMap CutTensors(const Header& header, std::string_view buffer) {
  TensorMap tensors;
  std::size_t filled = 0;
  for (const Slot& slot : header.slots) {
    if (slot.begin != filled || slot.end > buffer.size()) {
      throw InputError(
          fmt::format("array '{}' lies at bytes {} to {} of a buffer of {}, but must start at {}",
                      slot.name, slot.begin, slot.end, buffer.size(), filled));
    }
    const auto raw = std::as_bytes(std::span(buffer.substr(slot.begin, slot.end - slot.begin)));
    try {
      tensors[slot.name] = Tensor(slot.type, slot.shape, {raw.begin(), raw.end()});
    } catch (const Error& error) {
      throw InputError(fmt::format("array '{}': {}", slot.name, error.what()));
    }
    filled = slot.end;
  }
  if (filled != buffer.size()) {
    throw InputError(
        fmt::format("the arrays fill {} bytes, but the buffer has {}", filled, buffer.size()));
  }
  return tensors;
}

// What to say about a file whose checksum differs: a cut-off end is worth its own words.
std::string DescribeDamage(std::string_view bytes, std::size_t header_size) {
  try {
    const Header header = ReadHeader(bytes.substr(kLengthBytes, header_size));
    const std::size_t expected = kLengthBytes + header_size + BufferSize(header);
    if (expected > bytes.size()) {
      return fmt::format("truncated: the header says {} bytes, the file has {}", expected,
                         bytes.size());
    }
  } catch (const Error&) {
    // The header itself is damaged.
  }
  return "checksum differs: the file is damaged";
}

// The header's text after its size and the checksum have been verified.
std::string_view VerifiedHeader(std::string_view bytes) {
  constexpr std::size_t kSmallest = kLengthBytes + kHeaderStart.size() + kDigits;
  if (bytes.size() < kSmallest) {
    throw InputError(fmt::format("truncated: a file has at least {} bytes, this one has {}",
                                 kSmallest, bytes.size()));
  }
  std::uint64_t size = 0;
  std::memcpy(&size, bytes.data(), kLengthBytes);
  if (size > kMaxHeaderBytes) {
    throw InputError(
        fmt::format("not a safetensors file, as checkpoints are: its first eight bytes, the length "
                    "of the header, say {}",
                    size));
  }
  if (size > bytes.size() - kLengthBytes) {
    throw InputError(fmt::format("truncated: the header ends at byte {}, the file has {}",
                                 kLengthBytes + size, bytes.size()));
  }
  const std::string_view header = bytes.substr(kLengthBytes, size);
  if (!header.starts_with(kHeaderStart) || size < kHeaderStart.size() + kDigits) {
    throw InputError("damaged, or not written by Saccade: the header has no checksum");
  }
  if (header.substr(kHeaderStart.size(), kDigits) != ChecksumDigits(bytes)) {
    throw InputError(DescribeDamage(bytes, size));
  }
  return header;
}

}  // namespace

std::string EncodeSafetensors(const TensorMap& tensors,
                              const std::map<std::string, std::string>& metadata) {
  SACCADE_CHECK(!tensors.contains(kMetadata) && !metadata.contains(kChecksum));
  const std::vector<const Entry*> order = InLayoutOrder(tensors);
  std::string header = HeaderText(order, metadata);
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t size = header.size();

  std::string file(kLengthBytes, '\0');
  std::memcpy(file.data(), &size, kLengthBytes);
  file += header;
  for (const Entry* entry : order) {
    const std::span<const std::byte> raw = entry->second.bytes();
    file.append(reinterpret_cast<const char*>(raw.data()), raw.size());
  }
  file.replace(kLengthBytes + kHeaderStart.size(), kDigits, ChecksumDigits(file));
  return file;
}

SafetensorsFile DecodeSafetensors(std::string_view bytes, const std::string& source) {
  std::string_view text;
  try {
    text = VerifiedHeader(bytes);
  } catch (const Error& error) {
    throw InputError(fmt::format("{}: {}; use an earlier checkpoint", source, error.what()));
  }
  try {
    Header header = ReadHeader(text);
    TensorMap tensors = CutTensors(header, bytes.substr(kLengthBytes + text.size()));
    return {std::move(tensors), std::move(header.metadata)};
  } catch (const Error& error) {
    throw InputError(fmt::format("{}: malformed header: {}", source, error.what()));
  }
}

}  // namespace saccade

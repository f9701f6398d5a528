#include "core/media/event_file.h"

#include <bit>
#include <string>

#include "core/base/crc32c.h"

namespace saccade {
namespace {

static_assert(std::endian::native == std::endian::little);

template <class T>
std::string Raw(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

// ---- Protocol buffers: a key (field number and wire type), then the value.

enum class Wire { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

std::string Varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes.push_back(static_cast<char>(value | 0x80));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

std::string Key(int field, Wire wire) {
  return Varint(static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(wire));
}

std::string DoubleField(int field, double value) { return Key(field, Wire::kFixed64) + Raw(value); }
std::string FloatField(int field, float value) { return Key(field, Wire::kFixed32) + Raw(value); }
std::string IntField(int field, std::int64_t value) {
  return Key(field, Wire::kVarint) + Varint(static_cast<std::uint64_t>(value));
}
std::string BytesField(int field, std::string_view bytes) {
  return Key(field, Wire::kBytes) + Varint(bytes.size()) + std::string(bytes);
}

// ---- TFRecord

std::string MaskedCrc(std::string_view bytes) {
  return Raw(std::rotr(Crc32c(bytes), 15) + 0xa282ead8u);
}

}  // namespace

EventFileWriter::EventFileWriter(const std::filesystem::path& path, double wall_time)
    : file_(path) {
  if (std::filesystem::file_size(path) > 0) return;
  AppendRecord(DoubleField(1, wall_time) + BytesField(3, "brain.Event:2"));
}

void EventFileWriter::AddScalar(std::string_view tag, double value, std::int64_t step,
                                double wall_time) {
  const std::string point = BytesField(1, tag) + FloatField(2, static_cast<float>(value));
  AppendRecord(DoubleField(1, wall_time) + IntField(2, step) + BytesField(5, BytesField(1, point)));
}

void EventFileWriter::AppendRecord(std::string_view data) {
  const std::string length = Raw(std::uint64_t{data.size()});
  file_.Append(length + MaskedCrc(length) + std::string(data) + MaskedCrc(data));
}

}  // namespace saccade

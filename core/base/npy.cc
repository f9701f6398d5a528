#include "core/base/npy.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/error.h"

namespace saccade {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kAlignment = 64;  // of the data, so that it can be mapped into memory

// One type of element: what NumPy calls it, and what it becomes here.
struct Element {
  const char* descr;
  std::size_t size;  // in the file
  DType type;
};

constexpr Element kElements[] = {
    {"<f8", 8, DType::kFloat64}, {"<f4", 4, DType::kFloat32}, {"<i8", 8, DType::kInt64},
    {"<u8", 8, DType::kUint64},  {"|u1", 1, DType::kUint8},   {"|b1", 1, DType::kBool},
    {"<i4", 4, DType::kInt64},  // after the others: int64 is written as <i8
};

using Bytes = std::vector<std::byte>;

struct Header {
  std::string descr;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

// Reads the header, which is a Python literal:
//   {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  Header Parse() {
    Header header;
    bool has_descr = false, has_order = false, has_shape = false;
    Expect('{');
    while (!Accept('}')) {
      const std::string key = Quoted();
      Expect(':');
      if (key == "descr" && !std::exchange(has_descr, true)) {
        header.descr = Descr();
      } else if (key == "fortran_order" && !std::exchange(has_order, true)) {
        header.fortran_order = Boolean();
      } else if (key == "shape" && !std::exchange(has_shape, true)) {
        header.shape = Shape();
      } else {
        throw InputError(fmt::format("malformed header: unexpected key '{}'", key));
      }
      if (!Accept(',') && !Peek('}')) Fail("',' or '}'");
    }
    SkipSpace();
    if (!text_.empty()) Fail("the end");
    if (!has_descr || !has_order || !has_shape) {
      throw InputError("malformed header: needs 'descr', 'fortran_order' and 'shape'");
    }
    return header;
  }

 private:
  [[noreturn]] void Fail(const char* expected) const {
    throw InputError(fmt::format("malformed header: expected {}", expected));
  }

  void SkipSpace() {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \t\n"), text_.size()));
  }

  bool Peek(char c) {
    SkipSpace();
    return text_.starts_with(c);
  }

  bool Accept(char c) {
    if (!Peek(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  void Expect(char c) {
    if (!Accept(c)) Fail(fmt::format("'{}'", c).c_str());
  }

  std::string Quoted() {
    const char quote = Peek('"') ? '"' : '\'';
    Expect(quote);
    const std::size_t end = text_.find(quote);
    if (end == std::string_view::npos) Fail("a closing quote");
    const std::string value(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    return value;
  }

  std::string Descr() {
    if (Peek('[')) throw InputError("structured arrays cannot be read; save each field by itself");
    return Quoted();
  }

  bool Boolean() {
    SkipSpace();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (!text_.starts_with(word)) continue;
      text_.remove_prefix(word.size());
      return value;
    }
    Fail("True or False");
  }

  std::vector<std::int64_t> Shape() {
    std::vector<std::int64_t> shape;
    Expect('(');
    while (!Accept(')')) {
      SkipSpace();
      std::int64_t extent = 0;
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), extent);
      if (error != std::errc() || extent < 0) Fail("a size in 'shape'");
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      shape.push_back(extent);
      if (!Accept(',') && !Peek(')')) Fail("',' or ')'");
    }
    return shape;
  }

  std::string_view text_;
};

struct File {
  Header header;
  std::string_view data;
};

File Split(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) throw InputError("is not a .npy array");
  bytes.remove_prefix(kMagic.size());
  if (bytes.size() < 2) throw InputError("truncated: the header is incomplete");
  const int version = static_cast<unsigned char>(bytes[0]);
  if (version < 1 || version > 3) {
    throw InputError(fmt::format("has version {} of the .npy format; 1 to 3 can be read", version));
  }
  bytes.remove_prefix(2);
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data(), std::min(length_bytes, bytes.size()));
  if (bytes.size() < length_bytes || bytes.size() - length_bytes < length) {
    throw InputError("truncated: the header is incomplete");
  }
  bytes.remove_prefix(length_bytes);
  return {HeaderParser(bytes.substr(0, length)).Parse(), bytes.substr(length)};
}

// The number of elements, which must fill `data` exactly.
std::size_t CountElements(const File& file, std::size_t element_size) {
  std::size_t size = element_size;
  bool overflow = false;
  for (const std::int64_t extent : file.header.shape) {
    overflow |= __builtin_mul_overflow(size, static_cast<std::size_t>(extent), &size);
  }
  if (overflow || size != file.data.size()) {
    throw InputError(fmt::format("{}: shape ({}) of '{}' needs {} bytes, but {} follow the header",
                                 !overflow && size < file.data.size() ? "too long" : "truncated",
                                 fmt::join(file.header.shape, ", "), file.header.descr,
                                 overflow ? "more than 2^64" : std::to_string(size),
                                 file.data.size()));
  }
  return size / element_size;
}

// The elements of a column-major array in row-major order.
Bytes Transposed(std::string_view data, const std::vector<std::int64_t>& shape,
                 std::size_t element_size) {
  std::vector<std::size_t> strides;  // in elements, of the column-major source
  std::size_t count = 1;
  for (const std::int64_t extent : shape) {
    strides.push_back(count);
    count *= static_cast<std::size_t>(extent);
  }
  Bytes result(data.size());
  std::vector<std::int64_t> index(shape.size());
  std::size_t from = 0;
  for (std::size_t to = 0; to < count; ++to) {
    std::memcpy(&result[to * element_size], &data[from * element_size], element_size);
    for (std::size_t axis = shape.size(); axis-- > 0;) {  // the next index; the last axis is first
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
  return result;
}

Bytes RowMajor(const File& file, std::size_t element_size) {
  if (file.header.fortran_order) return Transposed(file.data, file.header.shape, element_size);
  const auto raw = std::as_bytes(std::span(file.data));
  return {raw.begin(), raw.end()};
}

Bytes WidenInt32(const Bytes& data) {
  Bytes wide(data.size() * 2);
  for (std::size_t i = 0; i < data.size() / 4; ++i) {
    std::int32_t value = 0;
    std::memcpy(&value, &data[i * 4], sizeof value);
    const std::int64_t wider = value;
    std::memcpy(&wide[i * 8], &wider, sizeof wider);
  }
  return wide;
}

bool IsText(std::string_view descr) { return descr.starts_with("<U") || descr.starts_with("|S"); }

[[noreturn]] void RefuseElement(const std::string& descr) {
  if (descr.starts_with('>')) {
    throw InputError(
        fmt::format("is big-endian ('{}'), which cannot be read; save array.astype('<{}')", descr,
                    descr.substr(1)));
  }
  if (descr == "|O") throw InputError("holds Python objects, which cannot be read; save numbers");
  if (IsText(descr)) throw InputError(fmt::format("holds texts ('{}'), not numbers", descr));
  throw InputError(fmt::format(
      "has elements of type '{}'; can be read: float64, float32, int64, int32, uint64, uint8, bool",
      descr));
}

Tensor Decode(std::string_view bytes) {
  const File file = Split(bytes);
  const auto element = std::find_if(
      std::begin(kElements), std::end(kElements),
      [&file](const Element& candidate) { return file.header.descr == candidate.descr; });
  if (element == std::end(kElements)) RefuseElement(file.header.descr);
  CountElements(file, element->size);
  Bytes data = RowMajor(file, element->size);
  if (element->size != ByteSize(element->type)) data = WidenInt32(data);
  return {element->type, file.header.shape, std::move(data)};
}

void AppendUtf8(std::uint32_t code, std::string& text) {
  const auto put = [&text](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  const auto continuation = [&put, code](int shift) { put(0x80 | ((code >> shift) & 0x3F)); };
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
    throw InputError("holds a text that is not Unicode");
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | (code >> 6));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    continuation(6);
  } else {
    put(0xF0 | (code >> 18));
    continuation(12);
    continuation(6);
  }
  continuation(0);
}

std::string TextFromUcs4(std::string_view cell) {
  std::string text;
  for (; !cell.empty(); cell.remove_prefix(4)) {
    std::uint32_t code = 0;
    std::memcpy(&code, cell.data(), sizeof code);
    AppendUtf8(code, text);
  }
  return text;
}

std::vector<std::string> DecodeStrings(std::string_view bytes) {
  const File file = Split(bytes);
  const std::string_view descr = file.header.descr;
  std::size_t length = 0;
  const char* end = descr.data() + descr.size();
  if (!IsText(descr) || std::from_chars(descr.data() + 2, end, length).ptr != end || length == 0 ||
      length > file.data.size()) {
    throw InputError(fmt::format("has elements of type '{}', not texts that fill it", descr));
  }
  const bool wide = descr.starts_with("<U");
  const std::size_t cell_size = length * (wide ? 4 : 1);
  const std::size_t count = CountElements(file, cell_size);
  const Bytes data = RowMajor(file, cell_size);
  const std::string_view characters(reinterpret_cast<const char*>(data.data()), data.size());

  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view cell = characters.substr(i * cell_size, cell_size);
    std::string text = wide ? TextFromUcs4(cell) : std::string(cell);
    text.resize(text.find_last_not_of('\0') + 1);  // npos + 1 = 0 for a text of zeros
    texts.push_back(std::move(text));
  }
  return texts;
}

// Runs `decode` and puts the source in front of what it has to say.
template <class Decoder>
auto WithSource(const std::string& source, Decoder decode) {
  try {
    return decode();
  } catch (const Error& error) {
    throw InputError(fmt::format("{}: {}", source, error.what()));
  }
}

std::string ShapeTuple(const std::vector<std::int64_t>& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

}  // namespace

Tensor DecodeNpy(std::string_view bytes, const std::string& source) {
  return WithSource(source, [bytes] { return Decode(bytes); });
}

std::vector<std::string> DecodeNpyStrings(std::string_view bytes, const std::string& source) {
  return WithSource(source, [bytes] { return DecodeStrings(bytes); });
}

bool NpyHoldsTexts(std::string_view bytes, const std::string& source) {
  return WithSource(source, [bytes] { return IsText(Split(bytes).header.descr); });
}

std::string EncodeNpy(const Tensor& tensor) {
  const Element* element =
      std::find_if(std::begin(kElements), std::end(kElements),
                   [&tensor](const Element& entry) { return entry.type == tensor.type(); });
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                   element->descr, ShapeTuple(tensor.shape()));
  constexpr std::size_t kPreamble = kMagic.size() + 4;  // version and length
  const std::size_t unpadded = kPreamble + header.size() + 1;
  header.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  header.push_back('\n');
  const auto length = static_cast<std::uint16_t>(header.size());
  SACCADE_CHECK(length == header.size());  // thousands of axes are a bug

  std::string file(kMagic);
  file.append("\x01\x00", 2);
  file.append(reinterpret_cast<const char*>(&length), sizeof length);
  file += header;
  file.append(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size());
  return file;
}

}  // namespace saccade

#include "core/config/scalar.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/base/utf8.h"

namespace saccade::config {
namespace {

bool LooksOctal(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const bool prefixed = text.size() > 1 && text[0] == '0' && (text[1] == 'o' || text[1] == 'x');
  const bool padded = text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
  return prefixed || padded;
}

// Whether a decimal number is whole, by its digits: a double of it may have been rounded.
bool IsWhole(std::string_view text) {
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::size_t point = std::min(text.find('.'), e);
  std::string digits(text.substr(0, point));
  if (point < e) digits += text.substr(point + 1, e - point - 1);
  const std::size_t last = digits.find_last_of("123456789");
  if (last == std::string::npos) return true;  // zero
  std::string_view power = text.substr(std::min(e + 1, text.size()));
  if (power.starts_with('+')) power.remove_prefix(1);
  long exponent = 0;
  const auto [end, error] = std::from_chars(power.data(), power.data() + power.size(), exponent);
  if (error != std::errc() && !power.empty()) return !power.starts_with('-');
  // Digits after the last one that counts stand behind the point only if it does.
  return static_cast<long>(last) < static_cast<long>(point) + exponent;
}

std::string WrongType(const Node& node, std::string_view wanted) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return fmt::format("has no value; expected {}", wanted);
    case Node::Kind::kSequence:
      return fmt::format("is a list; expected {}", wanted);
    case Node::Kind::kMap:
      return fmt::format("is a group of keys; expected {}", wanted);
    case Node::Kind::kScalar:
      return node.quoted ? fmt::format("{} in quotes is a text, not {}", Excerpt(node), wanted)
                         : fmt::format("{} is not {}", Excerpt(node), wanted);
  }
  return {};
}

// The number that `text` spells in decimal, with nothing before or after it; ±∞ for one that is
// too large, and nothing when it is no number.
std::optional<double> ParseDecimal(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const char* end = text.data() + text.size();
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (rest != end || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc() && !std::isfinite(value)) return std::nullopt;  // "inf", "nan"
  // from_chars says the same of one that is too small.
  if (error == std::errc::result_out_of_range)
    return std::strtod(std::string(text).c_str(), nullptr);
  return value;
}

// Names only the bound that was passed: the field's rule may be narrower at the other end.
template <class T>
std::string OutOfRange(const Node& node) {
  if (node.text.starts_with('-')) {
    return fmt::format("{} is out of range: must be >= {}", Excerpt(node),
                       std::numeric_limits<T>::min());
  }
  return fmt::format("{} is out of range: must be <= {}", Excerpt(node),
                     std::numeric_limits<T>::max());
}

bool IsPlain(const Node& node) { return node.is_scalar() && !node.quoted; }

}  // namespace

std::string ParseScalar(const Node& node, bool& value) {
  constexpr std::string_view kWanted = "true or false";
  if (!IsPlain(node) || (node.text != "true" && node.text != "false"))
    return WrongType(node, kWanted);
  value = node.text == "true";
  return "";
}

std::string ParseScalar(const Node& node, double& value) {
  constexpr std::string_view kWanted = "a number";
  if (!IsPlain(node)) return WrongType(node, kWanted);
  if (LooksOctal(node.text)) {
    return fmt::format(
        "{} looks like an octal or hexadecimal number; write it in decimal without "
        "leading zeros",
        Excerpt(node));
  }
  if (node.text == ".inf" || node.text == "+.inf") {
    value = std::numeric_limits<double>::infinity();
  } else if (node.text == "-.inf") {
    value = -std::numeric_limits<double>::infinity();
  } else {
    const auto number = ParseDecimal(node.text);
    if (!number) return WrongType(node, kWanted);
    if (std::isinf(*number)) return fmt::format("{} is too large for a number", Excerpt(node));
    value = *number;
  }
  return "";
}

std::string ParseScalar(const Node& node, std::int64_t& value) {
  constexpr std::string_view kWanted = "a whole number";
  double number = 0;
  if (IsPlain(node)) {
    const char* end = node.text.data() + node.text.size();
    const auto [rest, error] = std::from_chars(node.text.data(), end, value);
    if (error == std::errc() && rest == end && !LooksOctal(node.text)) return "";
    if (error == std::errc::result_out_of_range && rest == end) {
      return OutOfRange<std::int64_t>(node);
    }
  }
  if (std::string problem = ParseScalar(node, number); !problem.empty()) {
    return LooksOctal(node.text) ? problem : WrongType(node, kWanted);
  }
  // 2e6 is a whole number too, as long as a double holds it exactly.
  constexpr double kLargestExact = 0x1p53;
  if (std::isinf(number) || !IsWhole(node.text)) return WrongType(node, kWanted);
  if (std::abs(number) >= kLargestExact) {
    return fmt::format("{} is too large to be exact; write all its digits", Excerpt(node));
  }
  value = static_cast<std::int64_t>(number);
  return "";
}

std::string ParseScalar(const Node& node, int& value) {
  std::int64_t wide = 0;
  if (std::string problem = ParseScalar(node, wide); !problem.empty()) return problem;
  if (!std::in_range<int>(wide)) return OutOfRange<int>(node);
  value = static_cast<int>(wide);
  return "";
}

std::string ParseScalar(const Node& node, std::string& value) {
  if (!node.is_scalar()) return WrongType(node, "text");
  value = node.text;
  return "";
}

std::string ParseScalar(const Node& node, std::filesystem::path& value) {
  if (!node.is_scalar()) return WrongType(node, "a path");
  if (node.text.empty()) {
    value.clear();
    return "";
  }
  const bool in_file = node.mark.line > 0;
  const auto folder = in_file ? std::filesystem::path(node.mark.source).parent_path() : "";
  value = std::filesystem::absolute(folder / node.text).lexically_normal();
  if (FindNonUtf8(value.native()) != std::string::npos) {
    return fmt::format(
        "'{}' is not UTF-8, and could not be written into a configuration; rename it",
        value.native());
  }
  return "";
}

Node FormatScalar(bool value) { return Node::Scalar(value ? "true" : "false"); }
Node FormatScalar(std::int64_t value) { return Node::Scalar(fmt::format("{}", value)); }

Node FormatScalar(double value) {
  if (std::isinf(value)) return Node::Scalar(value > 0 ? ".inf" : "-.inf");
  return Node::Scalar(fmt::format("{}", value));
}

Node FormatScalar(const std::string& value) {
  // Quotes keep text text: 'true', '10' and 'null' would otherwise come back as something else.
  const bool is_name = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  }) && std::isalpha(static_cast<unsigned char>(value.front())) != 0;
  return Node::Scalar(value, !is_name || value == "true" || value == "false" || value == "null");
}

std::string Excerpt(const Node& node) {
  constexpr std::size_t kLongest = 40;
  std::size_t length = std::min(node.text.size(), kLongest);
  while (length > 0 && length < node.text.size() && GoesOnInUtf8(node.text[length])) --length;
  std::string text = node.text.substr(0, length);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 32; }, '?');
  return fmt::format("'{}{}'", text, length < node.text.size() ? "…" : "");
}

}  // namespace saccade::config

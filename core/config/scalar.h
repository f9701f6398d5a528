// Strict conversions between the text of a scalar and a typed value.

#ifndef SACCADE_CORE_CONFIG_SCALAR_H_
#define SACCADE_CORE_CONFIG_SCALAR_H_

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/config/node.h"

namespace saccade::config {

// Each parser returns "" and sets `value`, or returns what is wrong and how to write it.
std::string ParseScalar(const Node& node, bool& value);
std::string ParseScalar(const Node& node, int& value);
std::string ParseScalar(const Node& node, std::int64_t& value);
std::string ParseScalar(const Node& node, double& value);
std::string ParseScalar(const Node& node, std::string& value);

// The path made absolute: a relative one starts at the folder of the file in which it is written,
// or, after --set, where the program runs. So what is resolved once stays valid anywhere. Empty
// text is no path and stays empty.
std::string ParseScalar(const Node& node, std::filesystem::path& value);

// The shortest text that reads back as the same value.
Node FormatScalar(bool value);
Node FormatScalar(std::int64_t value);
Node FormatScalar(double value);
Node FormatScalar(const std::string& value);
inline Node FormatScalar(const std::filesystem::path& value) {
  return FormatScalar(value.string());
}
inline Node FormatScalar(int value) { return FormatScalar(std::int64_t{value}); }

// The value as it may be shown in a message: quoted, shortened, control characters replaced.
std::string Excerpt(const Node& node);

}  // namespace saccade::config

#endif  // SACCADE_CORE_CONFIG_SCALAR_H_

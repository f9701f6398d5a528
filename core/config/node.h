// A YAML document as a plain tree in which every value remembers where it was written.
//
// Stricter than YAML: UTF-8 only, keys are scalars and unique, one document per file, and the tree
// may not grow beyond kMaxNodes values and kMaxTextBytes, however its aliases multiply. Scalars
// stay text; whoever reads a field decides its type, so `no`, `010` and `1e3` never change meaning
// behind the user's back.

#ifndef SACCADE_CORE_CONFIG_NODE_H_
#define SACCADE_CORE_CONFIG_NODE_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saccade::config {

// Where a value was written. `source` is a file name, or a name such as "--set env.name".
// Lines and columns count from 1; line 0 means that the source has no lines.
struct Mark {
  std::string source;
  int line = 0;
  int column = 0;

  std::string ToString() const;  // "file:line:column" or "source"
};

struct Node {
  enum class Kind { kNull, kScalar, kSequence, kMap };

  struct Entry;

  Kind kind = Kind::kNull;
  Mark mark;
  std::string text;            // of a scalar
  bool quoted = false;         // a scalar in quotes is always a string
  std::vector<Node> items;     // of a sequence
  std::vector<Entry> entries;  // of a map, in file order

  bool is_map() const { return kind == Kind::kMap; }
  bool is_scalar() const { return kind == Kind::kScalar; }

  // The value of `key` in a map, or nullptr.
  const Node* Find(std::string_view key) const;
  Node* Find(std::string_view key);

  // The value of `key`, made (null) when missing. Turns a null node into a map.
  Node& At(std::string_view key);

  static Node Scalar(std::string text, bool quoted = false);
  static Node Map();
  static Node Sequence();
};

struct Node::Entry {
  std::string key;
  Mark mark;  // of the key
  Node value;
};

inline constexpr int kMaxNodes = 100'000;
inline constexpr int kMaxDepth = 64;
inline constexpr std::size_t kMaxFileBytes = 1 << 20;
inline constexpr std::size_t kMaxTextBytes = 4 << 20;  // of all scalars, aliases expanded

// Parses one document; `source` names it in errors. Throws kInput with every duplicate key, or the
// first syntax error. An empty document is an error: a configuration says something.
Node ParseYaml(std::string_view text, const std::string& source);

Node LoadYaml(const std::filesystem::path& path);

// The tree as YAML text; ParseYaml of it gives an equal tree (without marks).
std::string EmitYaml(const Node& node);

// The same on one line, without its end: "{name: gl, shadows: false}".
std::string EmitYamlLine(const Node& node);

// Every value that is not a map, with its path, "env.pixels.height" and "64", in the order of the
// tree; lists on one line.
std::vector<std::pair<std::string, std::string>> Flatten(const Node& node);

// Where the value at `path` ("env.pixels.height") is written; where the tree begins when it is not.
Mark MarkAt(const Node& root, std::string_view path);

// Applies `a.b.c=value`, as written after --set; the value is YAML (`[1, 2]` is a list). Throws
// kInput when there is no '=', a part of the path is empty, or the path runs through a value or a
// list.
void ApplyOverride(Node& root, std::string_view assignment);

}  // namespace saccade::config

#endif  // SACCADE_CORE_CONFIG_NODE_H_

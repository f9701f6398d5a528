#include "core/config/node.h"

#include <algorithm>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/utf8.h"
#include "core/config/diagnostics.h"

namespace saccade::config {
namespace {

// Builds the tree from parser events. yaml-cpp's own Node would accept duplicate keys, forget marks
// of keys and expand aliases without limit.
class TreeBuilder : public YAML::EventHandler {
  // What a tree, or a part of it, takes.
  struct Size {
    int values = 0;
    std::size_t bytes = 0;  // of text
  };

 public:
  explicit TreeBuilder(std::string source) : source_(std::move(source)) {}

  Node TakeRoot() { return std::move(root_); }
  const std::vector<std::string>& errors() const { return errors_; }
  const Mark& start() const { return start_; }  // of the document

  void OnDocumentStart(const YAML::Mark& mark) override { start_ = Convert(mark); }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.mark = Convert(mark);
    Add(std::move(node), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = Node::Scalar(value, tag == "!");
    node.mark = Convert(mark);
    RefuseTag(tag, node.mark);
    if (!node.quoted && (value == "null" || value == "~")) node.kind = Node::Kind::kNull;
    Add(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      throw InputError(fmt::format("{}: an alias may not refer to the value that contains it",
                                   Convert(mark).ToString()));
    }
    Count(found->second.size, found->second.node.mark);
    Attach(found->second.node);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    RefuseTag(tag, Convert(mark));
    Open(Node::Sequence(), mark, anchor);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    RefuseTag(tag, Convert(mark));
    Open(Node::Map(), mark, anchor);
  }
  void OnMapEnd() override { Close(); }

 private:
  struct Level {
    Node node;
    YAML::anchor_t anchor;
    Size outside;                           // value of size_ when the level was opened
    std::map<std::string, int> lines = {};  // of a map: where each key was first written
    bool has_key = false;                   // the next value belongs to `key`
    std::string key = {};
    Mark key_mark = {};
  };

  struct Anchored {
    Node node;
    Size size;
  };

  Mark Convert(const YAML::Mark& mark) const { return {source_, mark.line + 1, mark.column + 1}; }

  // yaml-cpp's own are "?", "!" of what is in quotes, and none.
  void RefuseTag(const std::string& tag, const Mark& mark) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    errors_.push_back(fmt::format("{}: tags ({}) are not supported; write the value alone",
                                  mark.ToString(), tag));
  }

  void Count(const Size& added, const Mark& mark) {
    size_.values += added.values;
    size_.bytes += added.bytes;
    if (size_.values > kMaxNodes || size_.bytes > kMaxTextBytes) {
      throw InputError(
          fmt::format("{}: the file has more than {} values or {} bytes of text once its aliases "
                      "are expanded; write fewer aliases",
                      mark.ToString(), kMaxNodes, kMaxTextBytes));
    }
  }

  void Open(Node node, const YAML::Mark& mark, YAML::anchor_t anchor) {
    node.mark = Convert(mark);
    if (levels_.size() >= kMaxDepth) {
      throw InputError(fmt::format("{}: nested deeper than {} levels; flatten the file",
                                   node.mark.ToString(), kMaxDepth));
    }
    levels_.push_back({std::move(node), anchor, size_});
  }

  void Close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    Add(std::move(level.node), level.anchor, level.outside);
  }

  void Add(Node node, YAML::anchor_t anchor) { Add(std::move(node), anchor, Size(size_)); }

  // `outside`: the size of the tree before `node` and what it contains.
  void Add(Node node, YAML::anchor_t anchor, const Size& outside) {
    Count({1, node.text.size()}, node.mark);
    if (anchor != YAML::NullAnchor) {
      anchors_[anchor] = {node, {size_.values - outside.values, size_.bytes - outside.bytes}};
    }
    Attach(std::move(node));
  }

  void Attach(Node node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == Node::Kind::kSequence) {
      level.node.items.push_back(std::move(node));
    } else if (!level.has_key) {
      TakeKey(level, node);
    } else {
      level.has_key = false;
      if (node.kind == Node::Kind::kNull)
        node.mark = level.key_mark;  // the parser marks what follows
      level.node.entries.push_back({level.key, level.key_mark, std::move(node)});
    }
  }

  void TakeKey(Level& level, const Node& node) {
    if (!node.is_scalar()) {
      throw InputError(fmt::format("{}: a key must be plain text", node.mark.ToString()));
    }
    const auto [first, is_new] = level.lines.emplace(node.text, node.mark.line);
    if (!is_new) {
      errors_.push_back(fmt::format("{}: duplicate key '{}', first written in line {}; keep one",
                                    node.mark.ToString(), node.text, first->second));
    }
    if (node.text == "<<") {
      errors_.push_back(fmt::format("{}: merge keys ('<<') are not supported; write the values out",
                                    node.mark.ToString()));
    }
    level.has_key = true;
    level.key = node.text;
    level.key_mark = node.mark;
  }

  std::string source_;
  Mark start_;
  Node root_;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::vector<std::string> errors_;
  Size size_;
};

// Whether a line, counted from 0, begins with a tab among its blanks: YAML allows none there, and
// yaml-cpp says something else of it.
bool IsIndentedByTab(std::string_view text, int line) {
  for (; line > 0; --line) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return false;
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find_first_not_of(" \t")).find('\t') != text.npos;
}

// Text that cannot be YAML should be called that, and not quoted back at the user. yaml-cpp would
// put another character in the place of bytes that are not UTF-8.
void RefuseBinary(std::string_view text, const std::string& source) {
  const auto zero = text.find('\0');
  if (zero != std::string_view::npos) {
    throw InputError(fmt::format(
        "{}: is not a text file (a zero byte at offset {}); give a YAML file", source, zero));
  }
  const std::size_t i = FindNonUtf8(text);
  if (i == text.npos) return;
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(i), '\n');
  throw InputError(
      fmt::format("{}: is not UTF-8: the byte 0x{:02x} at offset {}, in line {}; "
                  "save the text as UTF-8",
                  source, static_cast<unsigned char>(text[i]), i, line));
}

void Emit(YAML::Emitter& out, const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      out << YAML::Null;
      return;
    case Node::Kind::kScalar:
      if (node.quoted) out << YAML::DoubleQuoted;
      out << node.text;
      return;
    case Node::Kind::kSequence:
      // Lists of values on one line, lists of groups below each other.
      if (std::none_of(node.items.begin(), node.items.end(),
                       [](const Node& n) { return n.is_map(); })) {
        out << YAML::Flow;
      }
      out << YAML::BeginSeq;
      for (const Node& item : node.items) Emit(out, item);
      out << YAML::EndSeq;
      return;
    case Node::Kind::kMap:
      out << YAML::BeginMap;
      for (const Node::Entry& entry : node.entries) {
        out << YAML::Key << entry.key << YAML::Value;
        Emit(out, entry.value);
      }
      out << YAML::EndMap;
      return;
  }
}

void SetMarks(Node& node, const Mark& mark) {
  node.mark = mark;
  for (Node& item : node.items) SetMarks(item, mark);
  for (Node::Entry& entry : node.entries) {
    entry.mark = mark;
    SetMarks(entry.value, mark);
  }
}

}  // namespace

std::string Mark::ToString() const {
  return line == 0 ? source : fmt::format("{}:{}:{}", source, line, column);
}

const Node* Node::Find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Node* Node::Find(std::string_view key) {
  return const_cast<Node*>(static_cast<const Node*>(this)->Find(key));
}

Node& Node::At(std::string_view key) {
  if (kind == Kind::kNull) kind = Kind::kMap;
  SACCADE_CHECK(is_map());
  if (Node* found = Find(key)) return *found;
  entries.push_back({std::string(key), mark, Node{}});
  entries.back().value.mark = mark;
  return entries.back().value;
}

Node Node::Scalar(std::string text, bool quoted) {
  Node node;
  node.kind = Kind::kScalar;
  node.text = std::move(text);
  node.quoted = quoted;
  return node;
}

Node Node::Map() {
  Node node;
  node.kind = Kind::kMap;
  return node;
}

Node Node::Sequence() {
  Node node;
  node.kind = Kind::kSequence;
  return node;
}

Node ParseYaml(std::string_view text, const std::string& source) {
  RefuseBinary(text, source);
  std::istringstream stream{std::string(text)};
  TreeBuilder builder(source);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      throw InputError(fmt::format("{}: is empty; write at least one key", source));
    }
    TreeBuilder rest(source);
    if (parser.HandleNextDocument(rest)) {
      throw InputError(fmt::format("{}: a second document ('---') begins here; keep one",
                                   rest.start().ToString()));
    }
  } catch (const YAML::Exception& error) {
    const Mark mark{source, error.mark.line + 1, error.mark.column + 1};
    const std::string_view problem = IsIndentedByTab(text, error.mark.line)
                                         ? "a tab indents this line; indent with spaces"
                                         : std::string_view(error.msg);
    throw InputError(fmt::format("{}: not valid YAML: {}", mark.ToString(), problem));
  }
  if (!builder.errors().empty()) throw InputError(JoinProblems(builder.errors()));
  return builder.TakeRoot();
}

Node LoadYaml(const std::filesystem::path& path) {
  return ParseYaml(ReadFile(path, kMaxFileBytes), path.string());
}

std::string EmitYaml(const Node& node) {
  YAML::Emitter out;
  Emit(out, node);
  SACCADE_CHECK(out.good());
  return std::string(out.c_str()) + "\n";
}

std::string EmitYamlLine(const Node& node) {
  YAML::Emitter out;
  out.SetSeqFormat(YAML::Flow);
  out.SetMapFormat(YAML::Flow);
  Emit(out, node);
  SACCADE_CHECK(out.good());
  return out.c_str();
}

std::vector<std::pair<std::string, std::string>> Flatten(const Node& node) {
  if (!node.is_map()) return {{"", EmitYamlLine(node)}};
  std::vector<std::pair<std::string, std::string>> all;
  for (const Node::Entry& entry : node.entries) {
    for (auto& [path, value] : Flatten(entry.value)) {
      all.emplace_back(path.empty() ? entry.key : entry.key + "." + path, std::move(value));
    }
  }
  return all;
}

Mark MarkAt(const Node& root, std::string_view path) {
  const Node* node = &root;
  while (node != nullptr && !path.empty()) {
    const std::size_t end = std::min(path.find('.'), path.size());
    node = node->Find(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return node == nullptr ? root.mark : node->mark;
}

void ApplyOverride(Node& root, std::string_view assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw InputError(
        fmt::format("--set {}: expected key=value, such as strategy.sigma=0.1", assignment));
  }
  const std::string path(assignment.substr(0, equals));
  const std::string source = "--set " + path;
  Node* node = &root;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    if (end == begin) throw InputError(fmt::format("{}: a part of the path is empty", source));
    if (!node->is_map() && node->kind != Node::Kind::kNull) {
      const std::string group =
          begin == 0 ? "the file" : fmt::format("'{}'", path.substr(0, begin - 1));
      const std::string hint =
          node->is_scalar() ? fmt::format("; if it is a name, write {{name: {}}} there", node->text)
                            : "";
      throw InputError(fmt::format("{}: {} is not a group of keys (written at {}){}", source, group,
                                   node->mark.ToString(), hint));
    }
    const std::string key = path.substr(begin, end - begin);
    const bool is_new = node->Find(key) == nullptr;
    Node* child = &node->At(key);
    if (is_new) node->entries.back().mark = {source, 0, 0};
    node = child;
    begin = end + 1;
  }
  const std::string_view value = assignment.substr(equals + 1);
  *node = value.empty() ? Node::Scalar("", true) : ParseYaml(value, source);
  SetMarks(*node, {source, 0, 0});
}

}  // namespace saccade::config
